"""Lists that the search index serves: words, and combinations of filters that no index of rows holds in order."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import F, Model, QuerySet

from articles.finding import Question, question
from articles.models import Article, Entity, Source, Story, Topic
from articles.models.article import ID_BITS, place_of
from articles.publish.marking import fit
from articles.publish.paging import Page, read_cursor, write_cursor
from articles.publish.query import ListQuery
from articles.publish.search import LAST, Asked, Search, TooSlow
from articles.store.search import country_mark, entity_mark, language_mark, outlet_mark, topic_mark

POOL = 400  # newest reports among which the best are sought
OF_OUTLETS = ("source", "perspective", "ownership", "owner")
ID = (1 << ID_BITS) - 1
Row = TypeVar("Row", bound=Model)


def serves(model: type[Model], query: ListQuery) -> bool:
    """Whether the list comes from the search index.

    Lists by country, topic, entity, outlet or language alone have narrow rows or an index in their order. Stories
    that are narrowed by who reports them are found through their reports.
    """
    if query.q:
        return True
    if model is Story:
        return any(getattr(query, name) for name in (*OF_OUTLETS, "language"))
    narrowed = [getattr(query, name) for name in (*OF_OUTLETS, "country", "topic", "entity", "language")]
    alone = bool(query.perspective or query.ownership or query.owner)
    return len([value for value in narrowed if value]) > 1 or alone or any(" " in value for value in narrowed)


def page(found: QuerySet[Row], query: ListQuery) -> Page[Row]:
    """One page of the rows of ``found`` that hold what is asked for. Raises BadQuery, also when it takes too long."""
    asked = asked_of(query)
    if asked is None:
        return Page([], "")
    ordered = found.model is Story and query.sort == "rank"
    return best(found, query, asked) if (query.sort == "fit" and query.q) or ordered else newest(found, query, asked)


def asked_of(query: ListQuery) -> Asked | None:
    """The question of this list; None when a filter names nothing that there is."""
    groups: list[tuple[str, ...]] = []
    if query.country:
        groups.append(tuple(country_mark(code) for code in query.country.split()))
    if query.topic:
        found = Topic.objects.filter(slug__in=query.topic.split()).order_by()
        groups.append(tuple(topic_mark(pk) for pk in found.values_list("pk", flat=True)))
    if query.entity:
        named = Entity.objects.filter(slug=query.entity).order_by()
        groups.append(tuple(entity_mark(pk) for pk in named.values_list("pk", flat=True)))
    if query.language:
        groups.append(tuple(language_mark(code) for code in query.language.split()))
    if any(getattr(query, name) for name in OF_OUTLETS):
        groups.append(tuple(outlet_mark(pk) for pk in outlets(query)))
    if not all(groups):
        return None
    return Asked(
        question(query.q) if query.q else Question(),
        tuple(groups),
        place_of(query.since, 0) if query.since else 0,
        place_of(datetime.fromtimestamp(math.ceil(query.until.timestamp()), query.until.tzinfo), 0)
        if query.until
        else LAST,
    )


def outlets(query: ListQuery) -> list[int]:
    """Outlets that the filters of the list name."""
    found = Source.objects.public().order_by()
    if query.source:
        found = found.filter(slug=query.source)
    if query.perspective:
        found = found.filter(perspective__in=query.perspective.split())
    if query.ownership:
        found = found.filter(ownership__in=query.ownership.split())
    if query.owner:
        found = found.filter(owner=query.owner)
    return list(found.values_list("pk", flat=True))


def newest(found: QuerySet[Row], query: ListQuery, asked: Asked) -> Page[Row]:
    """By time of the report that holds it: a story stands where its newest such report does."""
    search = Search(asked)
    below = read_cursor(query.cursor, "place")[0] if query.cursor else None
    rows: dict[int, tuple[int, Row]] = {}
    try:
        for step in stream(search, found, query, below=below):
            for place, row in step:
                rows.setdefault(row.pk, (place, row))
            if len(rows) > query.limit:
                break
    except TooSlow:
        if not rows:
            raise  # else what was found so far is a page, and the next one goes on from there
    ordered = sorted(rows.values(), key=lambda pair: -pair[0])[: query.limit]
    more = len(rows) > query.limit or (bool(rows) and search.late)
    return Page([row for _, row in ordered], write_cursor("place", ordered[-1][0], 0) if more else "")


def stream(
    search: Search, found: QuerySet[Row], query: ListQuery, *, below: int | None, step: int = 0
) -> Iterator[list[tuple[int, Row]]]:
    """Rows with their places, in steps."""
    several = 2 if found.model is Article else 8  # reports for one row: those of one story come together
    for places in search.places(below=below, step=step or several * query.limit + 1):
        if found.model is Article:
            rows = {row.pk: row for row in found.filter(pk__in=[place & ID for place in places])}
            yield [(place, rows[place & ID]) for place in places if place & ID in rows]
        else:
            yield list(stories_at(search, found, query, places, below=below))


def stories_at(
    search: Search, found: QuerySet[Any], query: ListQuery, places: Sequence[int], *, below: int | None
) -> Iterator[tuple[int, Any]]:
    """The stories of these reports, but for those that stand on an earlier page with a newer one."""
    of = dict(told_by(found, query, [place & ID for place in places]))
    if below is not None and of:
        newer = reports(query).filter(story_id__in={row.pk for row in of.values()}, body__place__gte=below)
        by_place = {place: pk for place, pk in newer.values_list("body__place", "story_id") if place is not None}
        earlier = {by_place[place] for place in search.among(list(by_place))}
        of = {pk: row for pk, row in of.items() if row.pk not in earlier}
    for place in places:
        if (story := of.get(place & ID)) is not None:
            yield place, story


def told_by(found: QuerySet[Any], query: ListQuery, ids: Sequence[int]) -> Iterator[tuple[int, Any]]:
    """Each of these reports that readers may see, with its story: one query that begins at the reports."""
    about: dict[str, Any] = {"pk__in": ids, "hidden": False, "relevant": True, "source__in": Source.objects.public()}
    if query.feed_url:
        about["feed__url"] = query.feed_url
    shown = found.filter(**{f"articles__{name}": value for name, value in about.items()})
    for story in shown.annotate(told_by=F("articles__pk")):
        yield story.told_by, story


def reports(query: ListQuery) -> QuerySet[Article]:
    """Reports through which a story may be found."""
    found = Article.objects.published().order_by()
    return found.filter(feed__url=query.feed_url) if query.feed_url else found


def best(found: QuerySet[Row], query: ListQuery, asked: Asked) -> Page[Row]:
    """By fit, or stories by rank: among the newest POOL reports that hold it."""
    start = read_cursor(query.cursor, "fit")[0] if query.cursor else 0
    places: dict[int, int] = {}
    rows: dict[int, Row] = {}
    for step in stream(Search(asked), found, query, below=None, step=POOL):
        for place, row in step:
            rows.setdefault(row.pk, row)
            places.setdefault(row.pk, place)
        if len(rows) >= POOL:
            break
    if query.sort == "rank":
        order = {pk: (getattr(row, "rank", 0.0), places[pk]) for pk, row in rows.items()}
    else:
        order = {pk: (fit(asked.question, told(row)), places[pk]) for pk, row in rows.items()}
    ordered = sorted(rows.values(), key=lambda row: order[row.pk], reverse=True)
    cut = ordered[start : start + query.limit]
    more = len(ordered) > start + query.limit
    return Page(cut, write_cursor("fit", start + query.limit, 0) if more else "")


def told(row: Any) -> tuple[str, str]:
    """Title and summary of a report, or of a story's leading one."""
    if isinstance(row, Article):
        return row.title, row.summary
    return str(row), " ".join(str(one["title"]) for one in row.titles.values())
