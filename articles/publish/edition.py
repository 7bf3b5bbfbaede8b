"""How many outlets of which side and kind the site follows, and whether their feeds answer: what silence means."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Count, Q
from django.utils import timezone

from articles.models import Source
from articles.models.source import Ownership
from articles.publish.marks import RULE, Bar, bar

KEPT = 60  # seconds
STATE = (Ownership.STATE, Ownership.STATE_AFFILIATED)
STEERED, FREE = "steered", "free"  # groups of feeds: of outlets that a state owns or steers, and of the others
SPANS = tuple(timedelta(hours=hours) for hours in (1, 3, 12, 48))  # in which feeds are counted that answered


@dataclass(slots=True)
class Feeds:
    """Enabled feeds of a side, or of STEERED or FREE outlets, and those of them that answered within each of SPANS."""

    enabled: int = 0
    answered: list[int] = field(default_factory=lambda: [0] * len(SPANS))

    def add(self, enabled: int, answered: list[int]) -> None:
        """Count some more."""
        self.enabled += enabled
        self.answered = [mine + more for mine, more in zip(self.answered, answered, strict=True)]

    def answered_since(self, at: datetime, *, now: datetime) -> int:
        """At least so many answered since then: those of the longest span that is not longer."""
        return max((n for span, n in zip(SPANS, self.answered, strict=True) if span <= now - at), default=0)


@dataclass(frozen=True, slots=True)
class Edition:
    """The outlets by side, [owned or steered by a state, not], and the feeds by side and by STEERED and FREE."""

    marks: dict[str, list[int]]
    feeds: dict[str, Feeds]

    @property
    def outlets(self) -> int:
        return sum(map(sum, self.marks.values()))

    @property
    def rule(self) -> Bar:
        """All of them, one mark each."""
        return bar(self.marks, size=RULE)

    def followed(self, side: str) -> int:
        """Outlets of one side."""
        return sum(self.marks.get(side, ()))

    def feeds_of(self, group: str) -> Feeds:
        """Feeds of a side, of STEERED or of FREE."""
        return self.feeds.get(group, Feeds())


def edition() -> Edition:
    """Counted over outlets and feeds in one query, kept for a minute."""
    found = cache.get("edition")
    if found is None:
        found = Edition({}, {})
        for side, ownership, outlets, enabled, *answered in counted():
            steered = ownership in STATE
            found.marks.setdefault(side, [0, 0])[0 if steered else 1] += outlets
            for group in (side, STEERED if steered else FREE):
                found.feeds.setdefault(group, Feeds()).add(enabled, answered)
        cache.set("edition", found, KEPT)
    return found


def counted() -> list[tuple[str, str, int, int, int]]:
    """(side, kind of owner, outlets, enabled feeds, of them answered within each span)."""
    now, enabled = timezone.now(), Q(feeds__enabled=True)
    spans = {
        f"answered_{place}": Count("feeds", filter=enabled & Q(feeds__last_success_at__gte=now - span))
        for place, span in enumerate(SPANS)
    }
    grouped = Source.objects.public().order_by().values_list("perspective", "ownership")
    return list(grouped.annotate(outlets=Count("pk", distinct=True), enabled=Count("feeds", filter=enabled), **spans))
