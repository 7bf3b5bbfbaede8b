"""How many outlets of which side and kind the site follows: the rule under its name, and what silence means."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Count

from articles.models import Source
from articles.models.source import Ownership
from articles.publish.marks import RULE, Bar, bar

KEPT = 60  # seconds
STATE = (Ownership.STATE, Ownership.STATE_AFFILIATED)


@dataclass(frozen=True, slots=True)
class Edition:
    """The outlets by side: [owned or steered by a state, not]."""

    marks: dict[str, list[int]]

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


def edition() -> Edition:
    """Counted over the outlets (hundreds), kept for a minute."""
    found = cache.get("edition")
    if found is None:
        marks: dict[str, list[int]] = {}
        counted = Source.objects.public().order_by().values_list("perspective", "ownership").annotate(Count("pk"))
        for side, ownership, count in counted:
            marks.setdefault(side, [0, 0])[0 if ownership in STATE else 1] += count
        found = Edition(marks)
        cache.set("edition", found, KEPT)
    return found
