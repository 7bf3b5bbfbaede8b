"""A small linear model over the evidence: one row of weights for each topic and one for relevance.

The weights are a data file, made by ``python -m articles.tag.training`` from labelled items; a score is the sum of
what each piece of evidence weighs, so that the words with the most weight are the reason.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from articles.tag.evidence import Evidence

WEIGHTS = Path(__file__).with_name("weights.json")
RELEVANCE = "relevant"
BIAS = "bias"
OWN = ("strong.title", "strong.text", "weak.title", "weak.text", "entity")


@dataclass(frozen=True)
class Model:
    """Weights by label ("energy", "relevant") and name of evidence, and the score from which a label is given."""

    weights: Mapping[str, Mapping[str, float]]
    thresholds: Mapping[str, float]

    @cached_property
    def by_name(self) -> dict[str, list[tuple[str, float]]]:
        """Name of evidence → the labels that it weighs for."""
        found: dict[str, list[tuple[str, float]]] = {}
        for label, row in self.weights.items():
            for name, weight in row.items():
                own = name.removeprefix("own.")
                found.setdefault(name if own == name else f"{label}.{own}", []).append((label, weight))
        return found

    def scores(self, evidence: Evidence) -> dict[str, float]:
        """Return the probability of each label, by the model."""
        totals = {label: row[BIAS] for label, row in self.weights.items()}
        for name, (value, _) in evidence.items():
            for label, weight in self.by_name.get(name, ()):
                totals[label] += weight * value
        return {label: 1 / (1 + math.exp(-max(-30.0, min(30.0, total)))) for label, total in totals.items()}

    def why(self, label: str, evidence: Evidence, most: int = 6) -> tuple[str, ...]:
        """Return the words that weighed most for the label."""
        row = self.weights.get(label, {})
        parts = [
            (row.get(name, 0.0) * value, words)
            for name, (value, words) in own_names(label, evidence).items()
            if words and row.get(name, 0.0) > 0
        ]
        found = [word for _, words in sorted(parts, key=lambda part: -part[0]) for word in words]
        return tuple(dict.fromkeys(found))[:most]


def own_names(label: str, evidence: Evidence) -> Evidence:
    """Evidence as a label sees it: its own words under common names, the words of other topics as themes only."""
    out: Evidence = {}
    for name, value in evidence.items():
        head, _, rest = name.partition(".")
        if head == label:
            out[f"own.{rest}"] = value
        elif rest not in OWN or head in ("off", "country"):
            out[name] = value
    return out


@cache
def load_model(path: Path = WEIGHTS) -> Model:
    """Return the model of the file; without one every label scores 0."""
    if not path.exists():
        return Model({}, {})
    data = json.loads(path.read_text(encoding="utf-8"))
    return Model(data["weights"], data["thresholds"])
