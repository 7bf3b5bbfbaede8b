"""One place that turns filters into rows: pages, feeds and the API all read their lists here.

``ListQuery.read(GET, **fixed)`` checks names and values (BadQuery says what is wrong); ``stories(query)`` and
``articles(query)`` give querysets that one index serves; ``page(found, query)`` cuts a page by key, so that paging is
stable while news arrives and nothing is counted.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from articles.models import (
    Article,
    ArticleCountry,
    ArticleEntity,
    ArticleTopic,
    Source,
    Story,
    StoryCountry,
    StoryEntity,
    StoryTopic,
)
from articles.models.article import ArticleQuerySet
from articles.models.story import StoryQuerySet
from articles.publish.query import MAX_LIMIT, PAGE, BadQuery, ListQuery, of_day
from articles.publish.search import matching

__all__ = ["MAX_LIMIT", "PAGE", "BadQuery", "ListQuery", "Page", "articles", "of_day", "page", "stories"]

STORY_FILTERS = {
    "source": "source__slug", "language": "language__in", "perspective": "source__perspective__in",
    "ownership": "source__ownership__in", "owner": "source__owner", "feed_url": "feed__url",
}  # fmt: skip
ARTICLE_FILTERS = {
    "source": "source__slug", "language": "language__in", "perspective": "source__perspective__in",
    "ownership": "source__ownership__in", "owner": "source__owner", "story": "story_id",
}  # fmt: skip
FACETS: dict[str, tuple[Any, str]] = {
    "country": (StoryCountry, "country_id"), "topic": (StoryTopic, "topic__slug"),
    "entity": (StoryEntity, "entity__slug"),
}  # fmt: skip
LISTED = {"rank": "list_rank", "last_at": "list_at"}
Row = TypeVar("Row", bound=Model)


def stories(query: ListQuery) -> StoryQuerySet:
    """Stories of a list, not yet in order; ``page`` (or order_by on ``list_rank``, ``list_at``, ``list_id``) does that.

    One narrow row serves the order of the first of country, topic, entity; what else narrows is looked up by key.
    """
    found = Story.objects.published()
    facet, row = _narrow_row(query)
    found = found.filter(**row)
    named = query.country or query.topic or query.entity or query.source or query.feed_url or query.q or query.story
    if not (named or query.beyond):
        found = found.filter(core=True)
    for name, (model, path) in FACETS.items():
        value = getattr(query, name)
        if value and not any(key.endswith(path) for key in row):
            rows = model.objects.filter(story_id=OuterRef("pk"), **{f"{path}__in": value.split()})
            found = found.filter(Exists(rows))
    on = f"{facet}__" if facet else ""
    found = found.annotate(
        list_rank=F(f"{on}rank"), list_at=F(f"{on}last_at"), list_id=F(f"{on}story_id" if facet else "pk")
    )
    return _narrow(found, query)


def _narrow_row(query: ListQuery) -> tuple[str, dict[str, str]]:
    """Which narrow rows hold the order of this list ("": the stories themselves), and which of them are its own.

    A list of several countries or topics has none: a story would stand in it once for each.
    """
    place = query.country if " " not in query.country else ""
    subject = query.topic if " " not in query.topic else ""
    if place and subject:
        return "both_facets", {"both_facets__country_id": place, "both_facets__topic__slug": subject}
    if place:
        return "country_facets", {"country_facets__country_id": place}
    if subject:
        return "topic_facets", {"topic_facets__topic__slug": subject}
    if query.entity and not (query.country or query.topic):
        return "entity_facets", {"entity_facets__entity__slug": query.entity}
    return "", {}


def _narrow(found: StoryQuerySet, query: ListQuery) -> StoryQuerySet:
    """The filters that look at the reports of a story, and those on its own row."""
    about = Q()
    for name, path in STORY_FILTERS.items():
        if value := getattr(query, name):
            about &= Q(**{path: value.split() if path.endswith("__in") else value})
    if about:
        reports = Article.objects.filter(story_id=OuterRef("pk"), hidden=False, relevant=True)
        found = found.filter(Exists(reports.filter(about)))
    if query.q:
        found = found.filter(pk__in=matching(query.q).filter(hidden=False, relevant=True).values("story_id"))
    if query.story:
        found = found.filter(pk=query.story)
    if query.one_sided:
        found = found.exclude(one_sided="")
    if query.since:
        found = found.filter(Q(list_at__gte=query.since))
    if query.until:
        found = found.filter(first_at__lt=query.until)
    return found


def articles(query: ListQuery) -> ArticleQuerySet:
    """Articles of a list, only of outlets that are shown."""
    found = matching(query.q) if query.q else Article.objects.all()
    found = found.filter(hidden=False, source__in=Source.objects.public())
    if query.relevant != "any":
        found = found.filter(relevant=query.relevant == "true")
    if query.country:
        places = ArticleCountry.objects.filter(country_id__in=query.country.split())
        found = found.filter(pk__in=places.values("article_id"))
    if query.topic:
        subjects = ArticleTopic.objects.filter(topic__slug__in=query.topic.split())
        found = found.filter(pk__in=subjects.values("article_id"))
    if query.entity:
        found = found.filter(pk__in=ArticleEntity.objects.filter(entity__slug=query.entity).values("article_id"))
    for name, path in ARTICLE_FILTERS.items():
        if value := getattr(query, name):
            found = found.filter(**{path: value.split() if path.endswith("__in") else value})
    if query.feed_url:
        found = found.filter(Q(feed__url=query.feed_url) | Q(items__feed__url=query.feed_url)).distinct()
    if query.since:
        found = found.filter(at__gte=query.since)
    if query.until:
        found = found.filter(at__lt=query.until)
    return found


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """A piece of a list, and the cursor of the next piece ("" at the end)."""

    rows: list[Row]
    next: str


def page(found: QuerySet[Row], query: ListQuery) -> Page[Row]:
    """Cut one page by key: (rank or time, id). Raises BadQuery for a cursor that was changed or is from elsewhere."""
    key, column, last = _key(found, query)
    if query.cursor:
        value, pk = _read_cursor(query.cursor, key)
        found = found.filter(Q(**{f"{column}__lt": value}) | Q(**{column: value, f"{last}__lt": pk}))
    return _cut(list(found.order_by(f"-{column}", f"-{last}")[: query.limit + 1]), query, key, column)


def opening(
    found: QuerySet[Any], query: ListQuery, *, leading: int, since: datetime
) -> tuple[list[Story], Page[Story]]:
    """The first page of a list of stories and what leads it since a time, the best first: both in one query."""
    key, column, last = _key(found, query)
    newest = found.order_by(f"-{column}", f"-{last}").values("pk")[: query.limit + 1]
    best = found.filter(list_at__gte=since).order_by("-list_rank", "-list_id").values("pk")[:leading]
    shown = list(found.filter(Q(pk__in=newest) | Q(pk__in=best)))
    shown.sort(key=lambda story: (getattr(story, column), story.pk), reverse=True)
    ranked = sorted(shown, key=lambda story: (story.rank, story.pk), reverse=True)
    return (
        [story for story in ranked if story.last_at >= since][:leading],
        _cut(shown[: query.limit + 1], query, key, column),
    )


def _key(found: QuerySet[Any], query: ListQuery) -> tuple[str, str, str]:
    """The name of the order, its column, and the column that tells equal ones apart."""
    if found.model is Article:
        return "at", "at", "pk"
    key = "rank" if query.sort == "rank" else "last_at"
    return key, LISTED[key], "list_id"


def _cut(rows: list[Row], query: ListQuery, key: str, column: str) -> Page[Row]:
    """At most ``limit`` of the rows in their order; one more says that the list goes on."""
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    return Page(rows, _cursor(key, getattr(rows[-1], column), rows[-1].pk) if more else "")


def _cursor(key: str, value: Any, pk: int) -> str:
    told = value.isoformat() if isinstance(value, datetime) else repr(value)
    return base64.urlsafe_b64encode(json.dumps([key, told, pk]).encode()).decode().rstrip("=")


def _read_cursor(cursor: str, key: str) -> tuple[Any, int]:
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        name, told, pk = json.loads(raw)
        value = datetime.fromisoformat(told) if key != "rank" else float(told)
        if name != key or not isinstance(pk, int) or (isinstance(value, datetime) and value.tzinfo is None):
            raise ValueError(name)
        if abs(pk) > 2**62 or value != value:
            raise ValueError(pk)
    except (ValueError, TypeError, binascii.Error, OverflowError, RecursionError):
        told = _("The mark of the next page can't be read; begin again at the first page.")
        raise BadQuery(told) from None
    return value, pk
