"""Stories with stories: average linkage over the stories that newcomers brought near each other."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from articles.group.settings import Merge
from articles.group.similarity import Comparer
from articles.group.window import Weights

if TYPE_CHECKING:
    from articles.group.cluster import Grouper

_SAMPLE = 4  # reports of a story that stand for all of it


def sample(slots: list[int]) -> list[int]:
    """Return at most _SAMPLE members, evenly spread from the first to the last."""
    if len(slots) <= _SAMPLE:
        return slots
    return [slots[i * (len(slots) - 1) // (_SAMPLE - 1)] for i in range(_SAMPLE)]


class Merger:
    """Remembers which stories came near each other, and joins them best first."""

    def __init__(self, grouper: Grouper) -> None:
        self._grouper = grouper
        self._near: dict[int, set[int]] = {}
        self._comparers: dict[int, Comparer] = {}  # by slot, for one newcomer: the window stands still meanwhile
        self._weights: Weights | None = None

    def touch(self, key: int, others: list[int]) -> None:
        """Note that a report of story ``key`` is near these others."""
        for other in others:
            self._near.setdefault(key, set()).add(other)
            self._near.setdefault(other, set()).add(key)

    def renamed(self, gone: int, kept: int) -> None:
        """Carry over what is known of a story under its new key."""
        others = self._near.pop(gone, set()) - {kept}
        for other in others:
            self._near[other].discard(gone)
        self._near.get(kept, set()).discard(gone)
        self.touch(kept, sorted(others))

    def run(self, slot: int, newcomer: Comparer) -> list[Merge]:
        """Merge pair after pair while the best one is good enough; ``newcomer`` compares the report in ``slot``."""
        if not self._near:
            return []
        self._comparers, self._weights = {slot: newcomer}, newcomer.weights
        scores = {
            pair: self._margin(*pair)
            for pair in sorted({(min(a, b), max(a, b)) for a, others in self._near.items() for b in others})
        }
        merges: list[Merge] = []
        while scores:
            pair = max(scores, key=lambda p: (scores[p], p))
            score = scores.pop(pair)
            if score < 0:
                break
            merges.append(self._join(pair, score))
            kept, gone = merges[-1].kept, merges[-1].gone
            scores = {p: s for p, s in scores.items() if gone not in p and kept not in p}
            for other in sorted(self._near.get(kept, ())):
                again = (min(kept, other), max(kept, other))
                scores[again] = self._margin(*again)
        self._near.clear()
        return merges

    def _comparer(self, slot: int) -> Comparer:
        if slot not in self._comparers:
            window = self._grouper.window
            self._comparers[slot] = Comparer(window.items[slot], window, self._weights)
        return self._comparers[slot]

    def _join(self, pair: tuple[int, int], score: float) -> Merge:
        """Keep the held or the older story."""
        stories, held = self._grouper.stories, self._grouper.constraints.held
        kept, gone = sorted(pair, key=lambda key: (key not in held, (stories[key].slots or stories[key].copies)[0]))
        self._grouper.absorb(gone, kept)
        return Merge(kept, gone, round(score, 3))

    def _margin(self, one: int, other: int) -> float:
        """Return by how much the mean score between two stories lies above what their size asks; -inf: never."""
        grouper = self._grouper
        stories, constraints, settings = grouper.stories, grouper.constraints, grouper.settings
        if one not in stories or other not in stories or not constraints.locked.isdisjoint((one, other)):
            return -math.inf
        if {(one, other), (other, one)} & constraints.never_merge or constraints.held.issuperset((one, other)):
            return -math.inf
        left, right = stories[one], stories[other]
        items = grouper.window.items
        sources = Counter(items[slot].source for story in (left, right) for slot in (*story.slots, *story.copies))
        if sources.total() > settings.max_reports or max(sources.values()) > settings.max_source_reports:
            return -math.inf
        scores = [
            comparer.score(items[slot])
            for comparer in map(self._comparer, sample(left.slots or left.copies))
            for slot in sample(right.slots or right.copies)
        ]
        asked = settings.merge + settings.growth * math.log2(max(len(left.slots), len(right.slots), 1))
        return math.fsum(scores) / len(scores) - asked
