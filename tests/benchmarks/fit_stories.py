"""Fit the weights of the facts of a pair to labelled reports; writes articles/group/weights.json.

    DJANGO_SETTINGS_MODULE=tests.settings python -m tests.benchmarks.fit_stories FILE.jsonl … sample

Logistic regression (Adam on the whole set, a small square penalty). Likenesses stay at zero or above and differences
at zero or below, so that no weight says what no reader would believe. What a fuller window asks in addition (CROWD) is
taken as given. The weight of undated pairs stays as it is: labelled stories hold one such pair. "sample" stands for the
sample edition, whose dense week of look-alike events with fuller texts keeps the weights honest; as its pairs are far
more, each counts for SAMPLE.
"""

from __future__ import annotations

import json
import math
import sys
from typing import Any

from articles.group.concepts import shipped
from articles.group.features import item
from articles.group.similarity import FACTS, WEIGHTS_FILE, Comparer, weights
from articles.group.window import Window, shipped_prior
from tests.benchmarks.stories import Labelled, read

FREE = {"undated", "same_source", "across", "bias", "stages_shared"}
AGAINST = {"number_conflict", "date_conflict", "country_conflict", "gap_days", "gap_over_two", "other_day"}
PENALTY = 0.5
ROUNDS = 500
SAMPLE = 0.4
STEP = 0.05
WINDOW_HOURS = 7 * 24

Rows = list[tuple[list[float], float, float]]  # facts, what the crowd takes off, 1 for one story
Weighted = list[tuple[list[float], float, float, float]]  # and how much the pair counts


def pairs(labelled: Labelled) -> Rows:
    """Return the facts of each pair that the grouper would compare, with 1 for one story and 0 for two."""
    window = Window(shipped_prior())
    stories: dict[int, Any] = {}
    rows: Rows = []
    for report, story in labelled:
        newcomer = item(report, shipped())
        for slot in [slot for slot, old in window.items.items() if old.since < newcomer.since - WINDOW_HOURS]:
            window.remove(slot)
        comparer = Comparer(newcomer, window)
        for slot in window.candidates(newcomer):
            other = window.items[slot]
            rows.append((comparer.facts(other), comparer.crowd, float(story is not None and stories[slot] == story)))
        stories[window.add(newcomer)] = story
    return rows


def fit(rows: Weighted) -> list[float]:
    """Minimise the logistic loss; return a weight for each of FACTS."""
    size = len(FACTS)
    values, mean, spread = [0.0] * size, [0.0] * size, [0.0] * size
    for turn in range(1, ROUNDS + 1):
        slope = _slope(rows, values)
        for i in range(size):
            mean[i] = 0.9 * mean[i] + 0.1 * slope[i]
            spread[i] = 0.999 * spread[i] + 0.001 * slope[i] ** 2
            moved = STEP * (mean[i] / (1 - 0.9**turn)) / (math.sqrt(spread[i] / (1 - 0.999**turn)) + 1e-8)
            values[i] = _allowed(FACTS[i], values[i] - moved)
    return values


def _slope(rows: Weighted, values: list[float]) -> list[float]:
    slope = [0.0 if name == "bias" else PENALTY * value for name, value in zip(FACTS, values, strict=True)]
    for facts, crowd, truth, counts in rows:
        score = sum(fact * value for fact, value in zip(facts, values, strict=True)) - crowd
        wrong = counts * (1 / (1 + math.exp(-max(min(score, 30.0), -30.0))) - truth)
        for i, fact in enumerate(facts):
            if fact:
                slope[i] += wrong * fact
    return slope


def _allowed(name: str, value: float) -> float:
    if name in FREE:
        return value
    return min(value, 0.0) if name in AGAINST or name.endswith(("_differs", "_differ")) else max(value, 0.0)


def main() -> None:
    rows = [(*row, SAMPLE if name == "sample" else 1.0) for name in sys.argv[1:] for row in pairs(read(name))]
    found = dict(zip(FACTS, fit(rows), strict=True))
    found["undated"] = weights()[FACTS.index("undated")]
    WEIGHTS_FILE.write_text(json.dumps({k: round(v, 3) for k, v in found.items()}, indent=1) + "\n", "utf-8")
    print(json.dumps({"pairs": len(rows), "of_one_story": sum(truth for _, _, truth, _ in rows)}))


if __name__ == "__main__":
    main()
