"""How likely two reports tell of one event: a sum of few weighted facts, so that it can be explained and tuned."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import mul
from pathlib import Path

from articles.group.embedding import likeness
from articles.group.features import COUNTRY, DATE, KIND_MASK, KINDS, NUMBER, WORD, Item
from articles.group.window import Weights, Window

WEIGHTS_FILE = Path(__file__).with_name("weights.json")
MAX_GAP_DAYS = 7.0

# Facts of a pair, in the order of facts(). "x_same" only within one language, "x_across" only between two.
FACTS = (
    *KINDS,  # cosine of the features of each kind, weighted by squared rarity
    "word_same",
    "total_same",
    "total_across",
    "grams_same",
    "grams_across",
    "evidence",  # how much is shared at all: an even likeness of two short texts says less
    "number_conflict",  # both have some, none is shared
    "date_conflict",
    "country_conflict",
    "gap_days",
    "gap_over_two",  # days beyond two
    "other_day",
    "undated",
    "future_differs",  # one report announces, the other tells
    "analysis_differs",
    "reaction_differs",
    "stages_differ",  # how many of the other stages only one of them has
    "stages_shared",
    "same_source",
    "across",  # two languages
    "bias",
)
OF_TIME = frozenset(
    {"gap_days", "gap_over_two", "other_day", "undated", "date_conflict", "number_conflict"}
    | {name for name in FACTS if name.endswith(("_differs", "_differ"))}
)
_GRAMS, _NUMBERS, _DATES = map(FACTS.index, ("grams_same", "number_conflict", "date_conflict"))
CROWD_REPORTS = 300.0  # in the window; the labelled reports that the weights are fitted to stand less close
CROWD = 0.8  # log-odds asked more in a full window, where chance likenesses are more: per e-fold of reports
FORM_LIKENESS = 0.7  # of character n-grams in one language: nearly the same words
FORM_SCORE = -6.0  # log-odds at most then; set by hand: such pairs are too few among labelled reports to be fitted


class Comparer:
    """Compares one report with many; lasts as long as the window does not change."""

    def __init__(self, item: Item, window: Window, weights: Weights | None = None) -> None:
        """Take ``weights`` to share what many comparisons work out while the window stands still."""
        self.item = item
        self.weights = window.weights() if weights is None else weights
        self.crowd = CROWD * math.log1p(len(window.items) / CROWD_REPORTS)
        self._scores: dict[int, float] = {}
        self._own = frozenset(item.features)
        self._grams = frozenset(item.grams)
        self._mass = self._masses(item.features)

    def _masses(self, features: Iterable[int]) -> list[float]:
        """Return the squared rarity of features by kind."""
        mass, weights = [0.0] * len(KINDS), self.weights
        for feature in features:
            mass[feature & KIND_MASK] += weights[feature]
        return mass

    def facts(self, other: Item) -> list[float]:
        """Return the numbers that a score is made of, as named in FACTS."""
        mass = self._masses(other.features)
        shared = self._masses([feature for feature in other.features if feature in self._own])
        norms = [math.sqrt(one * two) for one, two in zip(self._mass, mass, strict=True)]
        cosines = [part / norm if norm else 0.0 for part, norm in zip(shared, norms, strict=True)]
        total = sum(shared) / math.sqrt(sum(self._mass) * sum(mass)) if sum(shared) else 0.0
        grams = self._gram_cosine(other)
        conflicts = [float(norms[kind] > 0 and not shared[kind]) for kind in (NUMBER, DATE, COUNTRY)]
        gap = abs(self.item.hours - other.hours) / 24
        undated = math.isnan(gap)
        gap = 1.0 if undated else min(gap, MAX_GAP_DAYS)
        same = float(self.item.language == other.language)
        across = 1.0 - same
        return [
            *cosines, cosines[WORD] * same, total * same, total * across, grams * same, grams * across,
            math.log1p(sum(shared)), *conflicts, gap, max(gap - 2, 0.0),
            float(not undated and gap >= 0.75), float(undated), *self._stages(other),
            float(self.item.source == other.source), across, 1.0,
        ]  # fmt: skip

    def _gram_cosine(self, other: Item) -> float:
        if not self._grams or not other.grams:
            return 0.0
        return len(self._grams.intersection(other.grams)) / math.sqrt(len(self._grams) * len(other.grams))

    def _stages(self, other: Item) -> list[float]:
        differ = self.item.stages ^ other.stages
        named = [float(stage in differ) for stage in ("future", "analysis", "reaction")]
        return [*named, float(len(differ)) - sum(named), float(len(self.item.stages & other.stages))]

    def score(self, other: Item) -> float:
        """Return the log-odds that both tell of one event."""
        if (known := self._scores.get(other.id)) is None:
            facts = self.facts(other)
            known = sum(map(mul, facts, weights())) - self.crowd
            known += likeness(self.item.vector, other.vector)
            if _same_form(facts):
                known = min(known, FORM_SCORE)
            self._scores[other.id] = known
        return known

    def one_matter(self, other: Item) -> float:
        """Return how likely both tell of one matter, however many days and stages lie between them.

        In log-odds, but for what a full window asks in addition: few stories are compared here.
        """
        weighed = zip(FACTS, self.facts(other), weights(), strict=True)
        return math.fsum(fact * weight for name, fact, weight in weighed if name not in OF_TIME)

    def shared(self, other: Item) -> list[int]:
        """Return the features that both have, the rarest first."""
        both = [feature for feature in other.features if feature in self._own]
        return sorted(both, key=lambda feature: (-self.weights[feature], feature))


def _same_form(facts: list[float]) -> bool:
    """Whether two texts are one form filled in with other numbers: exchange rates, weather, daily summaries."""
    return facts[_GRAMS] >= FORM_LIKENESS and bool(facts[_NUMBERS] or facts[_DATES])


@lru_cache(maxsize=1)
def weights() -> Sequence[float]:
    """Return the weight of each fact, as fitted to labelled reports (weights.json)."""
    by_name = json.loads(WEIGHTS_FILE.read_text("utf-8"))
    return [float(by_name[name]) for name in FACTS]
