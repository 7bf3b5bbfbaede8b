"""How well a grouping agrees with a labelled one: BCubed, and pairs of reports.

A report whose label is None stands alone, in the gold and in the prediction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

Labels = Sequence[Hashable | None]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Precision and recall between 0 and 1; both are 1 where there was nothing to find or to claim."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of both, 0 when both are 0."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def bcubed(gold: Labels, predicted: Labels) -> Agreement:
    """Mean over reports: how much of its predicted story is its story (precision), and how much of it was found.

    Bagga and Baldwin, 1998. Raises: ValueError when the lengths differ.
    """
    truth, guess = _alone(gold), _alone(predicted)
    both = Counter(zip(truth, guess, strict=True))
    truths, guesses = Counter(truth), Counter(guess)
    size = max(len(truth), 1)
    precision = sum(count * count / guesses[key[1]] for key, count in both.items()) / size
    recall = sum(count * count / truths[key[0]] for key, count in both.items()) / size
    return Agreement(precision, recall) if truth else Agreement(1.0, 1.0)


def pairwise(gold: Labels, predicted: Labels, languages: Sequence[str] | None = None) -> Agreement:
    """Of the pairs put together how many belong together, and the reverse.

    With ``languages`` (one per report) only pairs in two different languages count.
    Raises: ValueError when the lengths differ.
    """
    truth, guess = _alone(gold), _alone(predicted)
    both = list(zip(truth, guess, strict=True))
    right = _pairs(both, languages)
    wanted, claimed = _pairs(truth, languages), _pairs(guess, languages)
    return Agreement(right / claimed if claimed else 1.0, right / wanted if wanted else 1.0)


def _alone(labels: Labels) -> list[Hashable]:
    return [(index,) if label is None else label for index, label in enumerate(labels)]


def _pairs(labels: Sequence[Hashable], languages: Sequence[str] | None) -> int:
    """Count the pairs with equal labels, without those of one language when languages are given."""
    pairs = sum(n * (n - 1) // 2 for n in Counter(labels).values())
    if languages is None:
        return pairs
    inside = Counter(zip(labels, languages, strict=True))
    return pairs - sum(n * (n - 1) // 2 for n in inside.values())
