"""Who does not tell a story although a story of this size usually has them: asked of ``articles.rank.sides``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils import timezone

from articles.models import Article, DailyCount
from articles.models.source import CORE, Perspective
from articles.publish.edition import FREE, STEERED, Edition
from articles.rank.sides import Group, Missing, missing_groups

USUAL = timedelta(days=28)  # whose reports say what is usual
KEPT = 600  # seconds
NAMELESS = {Perspective.UNKNOWN, Perspective.REGIONAL}  # nobody could look for these

Usual = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Silence:
    """What is missing, the most expected first: sides, and outlets that a state steers or that none does."""

    sides: tuple[Missing, ...]
    owners: tuple[Missing, ...]


def silence(
    articles: Sequence[Article], countries: Collection[str], *, first_at: datetime, edition: Edition
) -> Silence:
    """What is missing among these reports (copies count once) of a story about ``countries``."""
    sources = [article.source for article in articles if article.copy_of_id is None]
    usual: Counter[str] = Counter()
    for code, counts in usual_reports().items():
        if code in countries:
            usual.update(counts)
    now = timezone.now()

    def missing(names: Collection[str], told: Counter[str]) -> tuple[Missing, ...]:
        total = sum(usual[name] for name in names)
        groups = []
        for name in names if total else ():
            feeds = edition.feeds_of(name)
            answered = feeds.answered_since(first_at, now=now)
            groups.append(Group(name, told[name], usual[name] / total, feeds.enabled, answered))
        return tuple(gap for gap in missing_groups(groups) if gap.name not in NAMELESS)

    return Silence(
        missing(Perspective.values, Counter(source.perspective for source in sources)),
        missing((STEERED, FREE), Counter(STEERED if source.steered_by_state else FREE for source in sources)),
    )


def usual_reports() -> Usual:
    """Reports of the last days on each of the five, by side and by whether a state steers them: one query, kept."""
    found: dict[str, Counter[str]] | None = cache.get("usual-reports")
    if found is None:
        found = {code: Counter() for code in CORE}
        first_day = timezone.localdate() - USUAL
        rows = DailyCount.objects.of(DailyCount.Kind.COUNTRY, *CORE).filter(day__gte=first_day).order_by()
        for code, articles, steered, sides in rows.values_list("key", "articles", "steered", "sides"):
            found[code].update(sides)
            found[code].update({STEERED: steered, FREE: articles - steered})
        cache.set("usual-reports", found, KEPT)
    return found
