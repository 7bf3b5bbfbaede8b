"""What goes with a list: the countries, topics and entities of its stories of the last days, in one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count, F, QuerySet, Value
from django.db.models.functions import Cast
from django.utils import timezone

from articles.models import StoryCountry, StoryCountryTopic, StoryEntity, StoryTopic
from articles.publish.facets import KINDS, TEXT
from articles.publish.names import Named
from articles.publish.query import ListQuery

DAYS = timedelta(days=7)  # how far back it looks
KEPT = 120  # seconds
MOST = {"country": 8, "topic": 9, "entity": 12}


@dataclass(frozen=True, slots=True)
class Companion:
    """Something that stands in stories of the list, in how many, and its share of the most frequent one of its kind."""

    named: Named
    count: int
    width: int  # 1 to 100


def beside(query: ListQuery) -> dict[str, list[Companion]]:
    """Companions by kind, the most frequent first; the list's own country, topic and entity are left out."""
    name = f"beside-{query.country}-{query.topic}-{query.entity}"
    rows = cache.get(name)
    if rows is None:
        recent = listed(query).filter(last_at__gte=timezone.now() - DAYS).order_by().values("story_id")
        rows = trimmed(counted(recent))
        cache.set(name, rows, KEPT)
    own = {("country", query.country), ("topic", query.topic), ("entity", query.entity)}
    found: dict[str, list[Companion]] = {kind: [] for _, kind, _ in KINDS}
    for named, count in rows:
        if not {(named.kind, named.key), (named.kind, named.slug)} & own and len(found[named.kind]) < MOST[named.kind]:
            most = found[named.kind][0].count if found[named.kind] else count
            found[named.kind].append(Companion(named, count, max(round(100 * count / most), 1)))
    return found


def listed(query: ListQuery) -> QuerySet[Any]:
    """The narrow rows of the list."""
    if query.country and query.topic:
        return StoryCountryTopic.objects.filter(country_id=query.country, topic__slug=query.topic)
    if query.country:
        return StoryCountry.objects.filter(country_id=query.country)
    if query.topic:
        return StoryTopic.objects.filter(topic__slug=query.topic)
    return StoryEntity.objects.filter(entity__slug=query.entity)


def counted(recent: QuerySet[Any]) -> QuerySet[Any]:
    """(kind, key, slug, names, stories) of everything in these stories."""
    parts = [
        model.objects.filter(story_id__in=recent)
        .order_by()
        .values_list(Value(kind, TEXT), Cast(F(f"{kind}_id"), TEXT), f"{kind}__slug", f"{kind}__{told}")
        .annotate(n=Count("pk"))
        for model, kind, told in KINDS
    ]
    return parts[0].union(*parts[1:], all=True)


def trimmed(rows: QuerySet[Any]) -> list[tuple[Named, int]]:
    """The most frequent ones, one more of each kind than is shown."""
    kept: dict[str, int] = dict.fromkeys(MOST, 0)
    found = []
    for kind, key, slug, names, count in sorted(rows, key=lambda row: (-row[4], row[2])):
        if kept[kind] <= MOST[kind]:
            kept[kind] += 1
            found.append((Named(kind, key.strip(), slug, names), count))
    return found
