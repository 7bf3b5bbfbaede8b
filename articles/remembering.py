"""The grouper's window, kept in memory from batch to batch and set right by the rows, which are the truth."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from django.conf import settings
from django.db.models import Q, QuerySet

from articles.group import Constraints, Embedder, Grouper, GroupSettings, load_embedder
from articles.group.embedding import EmbedderMissing
from articles.models import Apart, Article, Story
from articles.reports import each_report

log = logging.getLogger(__name__)
LENGTH = GroupSettings().window
FRESH = 2 * LENGTH  # reports older than this are grouped in a window of their own time
STEP = 5000  # ids in one query


@dataclass
class Remembered:
    """A grouper that knows the stored reports from ``start`` to ``end`` (None: no end) and their stories."""

    grouper: Grouper
    start: datetime
    end: datetime | None
    editors: datetime | None = None  # when editors had last changed something, as far as we know
    _known: dict[int, str] = field(default_factory=dict)  # article → digest of the words that we read

    @classmethod
    def around(cls, first: datetime, *, now: datetime) -> Remembered:
        """The window for articles from ``first`` on, still empty."""
        return cls(Grouper(embedder=embedder()), first - LENGTH, None if first > now - FRESH else first + LENGTH)

    def covers(self, at: datetime) -> bool:
        return self.start <= at and (self.end is None or at <= self.end)

    def advance(self, last: datetime) -> None:
        """Note that the grouper has let go of what is older than the window before its latest report."""
        self.start = max(self.start, last - LENGTH)

    def remember(self, articles: list[Article]) -> None:
        """Note articles that the grouper was given in this process."""
        self._known.update((article.pk, article.digest) for article in articles)

    def match_rows(self, *, now: datetime) -> None:
        """Take in what others changed since: new, moved, edited, hidden and deleted reports, editors' decisions."""
        self.grouper.constraints = constraints(self.start, now=now)
        stored: set[int] = set()
        missing: list[int] = []
        for pk, story_id, digest in self._rows().values_list("pk", "story_id", "digest").iterator(chunk_size=STEP):
            stored.add(pk)
            present = self.grouper.story_key(pk)
            if present is None or self._known.get(pk) != digest:
                missing.append(pk)
            elif present != story_id:
                self.grouper.move(pk, story_id)
        for pk in self._known.keys() - stored | set(missing):
            self._known.pop(pk, None)
            if self.grouper.story_key(pk) is not None:
                self.grouper.forget(pk)
        self._load(missing)

    def _rows(self) -> QuerySet[Article]:
        rows = Article.objects.filter(at__gte=self.start, story__isnull=False, hidden=False, relevant=True)
        return rows if self.end is None else rows.filter(at__lte=self.end)

    def _load(self, missing: list[int]) -> None:
        """Read reports in the order in which they once came."""
        wanted = self._rows() if len(missing) > STEP else Article.objects.filter(pk__in=missing)
        left = set(missing)
        for report, article in each_report(wanted.order_by("grouped_at", "at", "id")):
            if article.pk in left and article.story_id is not None:
                self.grouper.load(report, article.story_id, copy=article.copy_of_id is not None)
                self._known[article.pk] = article.digest


@cache
def embedder() -> Embedder | None:
    """The sentence model of the settings; grouping goes on without it when it cannot be loaded."""
    try:
        return load_embedder(settings.EMBEDDING_MODEL)
    except EmbedderMissing as error:
        log.error("%s; grouping goes on without it", error)
        return None


def constraints(start: datetime, *, now: datetime) -> Constraints:
    """What editors decided about the stories that have reports since ``start``."""
    since = Story.objects.filter(last_at__gte=start)
    standing = since.filter(hidden=False, merged_into=None)  # as the index has it
    decided = ~Q(headline="") | Q(lead_chosen=True) | Q(locked=True) | Q(pinned_until__gt=now)
    held = set(standing.filter(decided).values_list("pk", flat=True)) | set(
        since.filter(hidden=True).values_list("pk", flat=True)
    )
    placed = Article.objects.filter(at__gte=start, placed_by_editor=True, story__isnull=False)
    held.update(placed.values_list("story_id", flat=True))
    apart = Apart.objects.filter(Q(story__last_at__gte=start) | Q(other__last_at__gte=start))
    pairs = frozenset(apart.values_list("story_id", "other_id"))
    return Constraints(
        locked=frozenset(since.filter(locked=True).values_list("pk", flat=True)),
        held=frozenset(held.union(*pairs)),
        never_merge=pairs,
    )
