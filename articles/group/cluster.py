"""The grouper: one ordered stream of reports, each put into a story of the moving window or into a new one."""

from __future__ import annotations

import math
from bisect import insort
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush

from articles.group import copies
from articles.group.concepts import Concepts, shipped
from articles.group.embedding import Embedder
from articles.group.features import KIND_MASK, NUMBER, Item, item
from articles.group.merging import Merger, sample
from articles.group.settings import Assignment, Constraints, GroupSettings, Merge
from articles.group.similarity import Comparer
from articles.group.window import Prior, Window, shipped_prior
from articles.records import Report

_STORIES = 6  # of the candidates, compared as wholes
_WORDS = 6  # named as the reason


@dataclass(slots=True)
class Story:
    """The reports of one story that are in the window."""

    key: int
    slots: list[int] = field(default_factory=list)  # in the order of arrival, copies left out
    copies: list[int] = field(default_factory=list)


class Grouper:
    """Holds the window. The database is the truth: a new one, loaded with the reports of the window and their present
    stories in the same order, goes on where a killed one ended."""

    def __init__(
        self,
        settings: GroupSettings | None = None,
        prior: Prior | None = None,
        *,
        constraints: Constraints | None = None,
        concepts: Concepts | None = None,
        embedder: Embedder | None = None,
    ) -> None:
        self.settings = settings or GroupSettings()
        self.constraints = constraints or Constraints()
        self.window = Window(shipped_prior() if prior is None else prior)
        self.stories: dict[int, Story] = {}
        self._concepts = concepts or shipped()
        self._embedder = embedder
        self._story_of: dict[int, Story] = {}  # by slot
        self._slots: dict[int, int] = {}  # by report
        self._ages: list[tuple[float, int]] = []  # heap of (since, slot), those that left included
        self._nearest: dict[int, int] = {}  # story → slot of it that is most like the newcomer
        self._merger = Merger(self)
        self._new_key = 0

    def add(self, report: Report) -> Assignment:
        """Put one report into a story, then join the stories that became alike through it.

        Reports come in the order of their dates; a late one is fitted in as well. Nothing is left over for later, so
        the result depends on the reports and their order alone, not on how they were divided into batches.
        """
        newcomer = item(report, self._concepts, self._embedder)
        if not math.isnan(newcomer.hours):  # an undated one says nothing about the time
            self._forget_before(newcomer.hours - self.settings.window.total_seconds() / 3600)
        comparer = Comparer(newcomer, self.window)
        decided = self._by_editor(newcomer) or self._as_copy(newcomer) or self._by_likeness(comparer)
        slot = self._enter(newcomer, decided.story, copy=decided.copy_of is not None)
        decided = self._merged(decided, comparer, self._merger.run(slot, comparer))
        newcomer.labels.clear()
        return decided

    def load(self, report: Report, story: int, *, copy: bool = False) -> None:
        """Take a report of the window with the story that it is already in."""
        newcomer = item(report, self._concepts, self._embedder)
        newcomer.labels.clear()
        self._enter(newcomer, story, copy=copy)

    def forget(self, report_id: int) -> None:
        """Let go of a report that is in the window, as if it had never come."""
        self._leave(self._slots[report_id])

    def move(self, report_id: int, story: int) -> None:
        """Put a report of the window into another story, as an editor did."""
        slot = self._slots[report_id]
        copy = slot in self._story_of[slot].copies
        self._take_out(slot)
        self._put_in(slot, story, copy=copy)

    def story_key(self, report_id: int) -> int | None:
        """Return the story of a report; None when it is not in the window."""
        slot = self._slots.get(report_id)
        return None if slot is None else self._story_of[slot].key

    def rename(self, key: int, story: int) -> None:
        """Give a new story the id of its row."""
        if key in self.stories and key != story:
            self.absorb(key, story)

    def story_of(self, slot: int) -> Story:
        """Return the story of a report in the window."""
        return self._story_of[slot]

    def absorb(self, gone: int, kept: int) -> None:
        """Move all reports of one story into another."""
        old, story = self.stories.pop(gone), self.stories.setdefault(kept, Story(kept))
        story.slots = sorted([*story.slots, *old.slots])
        story.copies = sorted([*story.copies, *old.copies])
        for slot in (*old.slots, *old.copies):
            self._story_of[slot] = story
        self._merger.renamed(gone, kept)

    def _enter(self, newcomer: Item, key: int, *, copy: bool) -> int:
        slot = self.window.add(newcomer)
        self._slots[newcomer.id] = slot
        heappush(self._ages, (newcomer.since, slot))
        self._put_in(slot, key, copy=copy)
        return slot

    def _put_in(self, slot: int, key: int, *, copy: bool) -> None:
        story = self.stories.setdefault(key, Story(key))
        insort(story.copies if copy else story.slots, slot)
        self._story_of[slot] = story

    def _take_out(self, slot: int) -> None:
        story = self._story_of.pop(slot)
        (story.slots if slot in story.slots else story.copies).remove(slot)
        if not story.slots and not story.copies:
            del self.stories[story.key]

    def _leave(self, slot: int) -> None:
        self._slots.pop(self.window.remove(slot).id)
        self._take_out(slot)

    def _forget_before(self, oldest: float) -> None:
        """Let go of what is older than the window."""
        while self._ages and self._ages[0][0] < oldest:
            _, slot = heappop(self._ages)
            if slot in self._story_of:
                self._leave(slot)

    def _merged(self, decided: Assignment, comparer: Comparer, merges: list[Merge]) -> Assignment:
        """Name what became one; a new story that was merged at once was never new."""
        if merges and decided.new and merges[0].gone == decided.story:
            first = merges.pop(0)
            like = self.window.items[self._nearest[first.kept]]
            why = self.words(comparer, like)
            decided = replace(decided, story=first.kept, new=False, joined=like.id, score=first.score, why=why)
        return replace(decided, merges=tuple(merges))

    def _by_editor(self, newcomer: Item) -> Assignment | None:
        story = self.constraints.fixed.get(newcomer.id)
        if story is None:
            return None
        original = next((slot for slot in self._same_text(newcomer) if self._story_of[slot].key == story), None)
        copy_of = None if original is None else self.window.items[original].id
        return Assignment(newcomer.id, story, story not in self.stories, copy_of=copy_of, why=("editor",))

    def _as_copy(self, newcomer: Item) -> Assignment | None:
        """Find the earliest report with the same text."""
        for slot in self._same_text(newcomer):
            earlier, story = self.window.items[slot].id, self._story_of[slot]
            if self._open(story, newcomer):
                return Assignment(
                    newcomer.id, story.key, False, joined=earlier, copy_of=earlier, score=10.0, why=("same text",)
                )
        return None

    def _same_text(self, newcomer: Item) -> Iterator[int]:
        """Yield the slots of reports with the same words and the same numbers, the earliest first."""
        numbers = _numbers(newcomer)
        for slot in self.window.copies(newcomer):
            earlier = self.window.items[slot]
            if copies.similarity(newcomer.sketch, earlier.sketch) >= copies.SAME and _numbers(earlier) == numbers:
                yield slot

    def _by_likeness(self, comparer: Comparer) -> Assignment:
        newcomer = comparer.item
        nearest: dict[int, tuple[float, int]] = {}  # story → (best pair score, slot of it)
        for slot in self.window.candidates(newcomer):
            score = comparer.score(self.window.items[slot])
            key = self._story_of[slot].key
            if key not in nearest or score > nearest[key][0]:
                nearest[key] = (score, slot)
        ranked = sorted(nearest, key=lambda key: (-nearest[key][0], nearest[key][1]))[:_STORIES]
        near = [key for key in ranked if nearest[key][0] >= self.settings.near]
        self._nearest = {key: nearest[key][1] for key in near}
        best = max(((self._margin(comparer, self.stories[key]), key) for key in near), default=(-math.inf, 0))
        if best[0] < 0:
            return self._alone(newcomer, near)
        slot = nearest[best[1]][1]
        self._merger.touch(best[1], [key for key in near if key != best[1]])
        why = self.words(comparer, self.window.items[slot])
        return Assignment(
            newcomer.id, best[1], False, joined=self.window.items[slot].id, score=round(best[0], 3), why=why
        )

    def _alone(self, newcomer: Item, near: list[int]) -> Assignment:
        self._new_key -= 1
        self._merger.touch(self._new_key, near)
        return Assignment(newcomer.id, self._new_key, True)

    def _margin(self, comparer: Comparer, story: Story) -> float:
        """Return by how much a newcomer's mean score with a story lies above what the story asks."""
        if not self._open(story, comparer.item):
            return -math.inf
        scores = [comparer.score(self.window.items[slot]) for slot in sample(story.slots or story.copies)]
        asked = self.settings.join + self.settings.growth * math.log2(max(len(story.slots), 1))
        return math.fsum(scores) / len(scores) - asked

    def _open(self, story: Story, newcomer: Item) -> bool:
        """Whether a story takes this newcomer at all."""
        if story.key in self.constraints.locked or len(story.slots) >= self.settings.max_reports:
            return False
        slots = (*story.slots, *story.copies)
        if len(slots) < self.settings.max_source_reports:
            return True
        own = sum(self.window.items[slot].source == newcomer.source for slot in slots)
        return own < self.settings.max_source_reports

    def words(self, comparer: Comparer, other: Item) -> tuple[str, ...]:
        """Return what two reports share, in the words of the first, the rarest first."""
        labels = comparer.item.labels
        found = (labels[feature] for feature in comparer.shared(other) if feature in labels)
        return tuple(dict.fromkeys(found))[:_WORDS]


def _numbers(report: Item) -> set[int]:
    return {feature for feature in report.features if feature & KIND_MASK == NUMBER}
