"""A small linear model over the evidence: one row of weights for each topic and one for relevance.

The weights are a data file, made by ``python -m articles.tag.training`` from labelled items; a score is the sum of
what each piece of evidence weighs, so that the words with the most weight are the reason.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from math import exp
from operator import itemgetter
from pathlib import Path

from articles.tag.evidence import Evidence

WEIGHTS = Path(__file__).with_name("weights.json")
RELEVANCE = "relevant"
BIAS = "bias"
LARGE = 500.0  # exp() of more is no float
OWN = frozenset(
    ("strong.title", "strong.text", "weak.title", "weak.text", "entity", "share", "points")
)  # evidence of one topic that the other topics do not see


@dataclass(frozen=True)
class Model:
    """Weights by label ("energy", "relevant") and name of evidence, and the score from which a label is given."""

    weights: Mapping[str, Mapping[str, float]]
    thresholds: Mapping[str, float]

    @cached_property
    def rows(self) -> dict[str, dict[str, float]]:
        """Label → name of evidence as it is gathered → weight."""
        return {
            label: {f"{label}.{name[4:]}" if name.startswith("own.") else name: weight for name, weight in row.items()}
            for label, row in self.weights.items()
        }

    @cached_property
    def columns(self) -> dict[str, array[float]]:
        """Name of evidence → what it weighs for each label, in their order."""
        names = {name for row in self.rows.values() for name in row}
        return {name: array("d", [row.get(name, 0.0) for row in self.rows.values()]) for name in names}

    def scores(self, evidence: Evidence) -> dict[str, float]:
        """Return the probability of each label, by the model."""
        columns = self.columns
        rows: list[Sequence[float]] = [columns.get(BIAS, ())]
        for name, (value, _) in evidence.items():
            weights = columns.get(name)
            if weights is not None:
                rows.append(weights if value == 1.0 else [value * weight for weight in weights])
        totals = zip(self.weights, map(sum, zip(*rows, strict=True)), strict=True)
        return {label: 1 / (1 + exp(-total)) if total > -LARGE else 0.0 for label, total in totals}

    def why(self, label: str, evidence: Evidence, most: int = 6) -> tuple[str, ...]:
        """Return the words that weighed most for the label."""
        row = self.rows.get(label, {})
        parts = [
            (weight * value, words)
            for name, (value, words) in evidence.items()
            if words and name in row and (weight := row[name]) > 0
        ]
        parts.sort(key=itemgetter(0), reverse=True)
        found: dict[str, None] = {}
        for _, words in parts:
            found.update(dict.fromkeys(words))
            if len(found) >= most:
                break
        return tuple(found)[:most]


def own_names(label: str, evidence: Evidence) -> dict[str, float]:
    """Evidence as a label sees it: its own words under common names, the words of other topics as themes only."""
    out: dict[str, float] = {}
    for name, (value, _) in evidence.items():
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
