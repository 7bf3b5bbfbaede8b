"""Where a story leads: earlier, later and related ones, and its neighbours in the list that the reader came from.

All in one query. The list comes from the address (``?in=countries/kazakhstan``), so the page can be kept by it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, Count, Q, QuerySet, Value
from django.urls import reverse

from articles.models import Story, StoryEntity
from articles.publish import when
from articles.publish.facets import About
from articles.publish.lists import ListQuery, of_day, stories, told_in
from articles.publish.names import Named
from articles.publish.reader import Reader
from articles.store.statistics import bounds

RELATED = 5
LOOKED_AT = 30  # newest stories that share a person or a place
NEAR = timedelta(days=45)  # between the last reports of related stories
SHARED = 4  # people and places by which others are sought, the most certain first


@dataclass(slots=True)
class Links:
    """What stands around a story."""

    previous: Story | None = None
    next: Story | None = None
    earlier: Story | None = None
    later: list[Story] = field(default_factory=list)
    related: list[Story] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Trail:
    """The list that the reader came from; without a name it is the front page."""

    query: ListQuery
    name: str = ""
    url: str = ""


def trail(reader: Reader, story: Story, about: About) -> Trail:
    """The list named in the address where the story stands on it, else the front page."""
    kind, *keys = (*reader.within.split("/"), "")
    kept = ListQuery(language=" ".join(reader.languages))
    country = named(about.countries, keys[0]) if kind == "countries" else None
    topic = named(about.topics, keys[0] if kind == "topics" else keys[1] if country else "")
    entity = named(about.entities, keys[0]) if kind == "entities" else None
    if country and topic:
        query = replace(kept, country=country.key, topic=topic.slug)
        return Trail(query, f"{country.name}: {topic.name}", f"{country.url}{topic.slug}/")
    if found := country or topic or entity:
        key = found.key if found is country else found.slug
        only: dict[str, Any] = {found.kind: key}
        return Trail(replace(kept, **only), found.name, found.url)
    if kind == "archive" and (day := a_day(keys)) and told_on(story, of_day(day)):
        return Trail(of_day(day), when.long_day(day), reverse("archive", args=[day.year, day.month, day.day]))
    return Trail(replace(kept, sort="rank"))


def a_day(keys: list[str]) -> date | None:
    """The day of an archive page; None for what is no day."""
    try:
        return date(*(int(key) for key in keys[:3] if len(key) < 5))
    except (TypeError, ValueError):
        return None


def told_on(story: Story, day: ListQuery) -> bool:
    """Whether the story stands in the archive of this day."""
    if day.day is None:
        return False
    start, end = bounds(day.day)
    return story.last_at >= start and story.first_at < end


def named(found: list[Named], slug: str) -> Named | None:
    return next((each for each in found if each.slug == slug), None)


def links(story: Story, about: About, query: ListQuery) -> Links:
    """Everything around this story; ``query`` is the list whose neighbours it has."""
    column, value = ("list_rank", story.rank) if query.sort == "rank" else ("list_at", story.last_at)
    listed: QuerySet[Any] = told_in(stories(replace(query, language="")), query.language)
    # the bound alone is what an index can begin at
    above = listed.filter(Q(**{f"{column}__gte": value}), Q(**{f"{column}__gt": value}) | Q(list_id__gt=story.pk))
    below = listed.filter(Q(**{f"{column}__lte": value}), Q(**{f"{column}__lt": value}) | Q(list_id__lt=story.pk))
    keys = [entity.key for entity in about.entities[:SHARED]]
    near = (story.last_at - NEAR, story.last_at + NEAR)
    sharing = StoryEntity.objects.filter(entity_id__in=keys, last_at__range=near).order_by("-last_at", "-story_id")
    parts = (
        ("previous", Q(pk__in=above.order_by(column, "list_id").values("pk")[:1])),
        ("next", Q(pk__in=below.order_by(f"-{column}", "-list_id").values("pk")[:1])),
        ("", Q(pk__in=sharing.values("story_id")[:LOOKED_AT])),
        ("", Q(pk=story.earlier_id)),
        ("", Q(earlier=story)),
    )
    others = Story.objects.published().exclude(pk=story.pk).order_by()
    others = others.annotate(shared=Count("entity_facets", filter=Q(entity_facets__entity_id__in=keys)))
    text = CharField()
    first, *rest = [others.filter(part).annotate(place=Value(name, output_field=text)) for name, part in parts]
    found: dict[int, Story] = {}
    for other in first.union(*rest, all=True):
        known = found.setdefault(other.pk, other)
        known.place = known.place or other.place  # type: ignore[attr-defined]
    return sorted_out(list(found.values()), story)


def sorted_out(found: list[Story], story: Story) -> Links:
    """Each of the stories to its place; the one with most in common, then the newest, is the nearest."""
    told = Links()
    rest = []
    for other in found:
        if other.place == "previous":  # type: ignore[attr-defined]
            told.previous = other
        elif other.place == "next":  # type: ignore[attr-defined]
            told.next = other
        if other.pk == story.earlier_id:
            told.earlier = other
        elif other.earlier_id == story.pk:
            told.later.append(other)
        elif other.shared:  # type: ignore[attr-defined]
            rest.append(other)
    rest.sort(key=lambda other: (-other.shared, -other.last_at.timestamp(), -other.pk))  # type: ignore[attr-defined]
    told.related = rest[:RELATED]
    return told
