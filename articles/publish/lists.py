"""One place that turns an address into a list: pages, feeds and the API all read their filters here.

``ListQuery.read(GET, **fixed)`` checks names and values; ``stories(query)`` and ``articles(query)`` give querysets that
one index serves; ``page(...)`` cuts a page by key, so that paging is stable while news arrives and nothing is counted.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Generic, Self, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from articles.models import (
    Article,
    ArticleCountry,
    ArticleEntity,
    ArticleTopic,
    Source,
    Story,
    StoryCountry,
    StoryCountryTopic,
    StoryEntity,
    StoryTopic,
)
from articles.models.article import ArticleQuerySet
from articles.models.source import Perspective
from articles.models.story import StoryQuerySet
from articles.publish.search import matching

PAGE = 30
MAX_LIMIT = 200
Row = TypeVar("Row", bound=Model)


class BadQuery(ValueError):
    """A filter that can't be read; the message says which and why, in words for people."""


@dataclass(frozen=True, slots=True)
class ListQuery:
    """Filters of a list. Empty ones do not filter; ``since`` and ``until`` are aware (until: not included)."""

    country: str = ""  # ISO2
    topic: str = ""  # slug
    entity: str = ""  # slug
    source: str = ""  # slug
    language: str = ""
    perspective: str = ""
    owner: str = ""
    q: str = ""
    since: datetime | None = None
    until: datetime | None = None
    sort: str = ""  # "", "newest" or "rank"
    relevant: str = "true"  # true, false, any (articles)
    story: int = 0
    feed_url: str = ""
    one_sided: bool = False
    kind: str = "stories"  # or articles
    limit: int = PAGE
    cursor: str = ""
    beyond: bool = False  # also stories about none of the five

    NAMES = frozenset(
        {
            "country", "topic", "entity", "source", "language", "perspective", "owner", "q", "from", "to", "sort",
            "kind", "limit", "cursor", "relevant", "story", "feed_url", "one_sided",
        }
    )  # fmt: skip

    @classmethod
    def read(cls, given: Mapping[str, str], **fixed: Any) -> Self:
        """Return the filters of a query string; ``fixed`` come from the path. Raises BadQuery."""
        text = {name: given.get(name, "").strip() for name in cls.NAMES}
        if any("\0" in value for value in text.values()):
            raise BadQuery("A filter holds a character that no text has.")
        known = {field.name for field in fields(cls)}
        values: dict[str, Any] = {name: text[name][:500] for name in text if name in known and text[name]}
        values["country"] = values.get("country", "").upper()[:2]
        values["since"] = _moment(text["from"], name="from")
        values["until"] = _moment(text["to"], name="to", end=True)
        values["limit"] = _number(text["limit"], name="limit", default=PAGE, low=1, high=MAX_LIMIT)
        values["story"] = _number(text["story"], name="story", default=0, low=0, high=2**62)
        values["one_sided"] = text["one_sided"] in {"1", "true", "yes"}
        for name, choices in (
            ("sort", {"", "newest", "rank", "fit"}),
            ("kind", {"stories", "articles"}),
            ("relevant", {"true", "false", "any"}),
            ("perspective", {"", *Perspective.values}),
        ):
            if values.get(name, next(iter(choices & {"", "stories", "true"}))) not in choices:
                raise BadQuery(f"{name}: use one of {', '.join(sorted(filter(None, choices)))}.")
        return cls(**{**values, **fixed})


def _moment(text: str, *, name: str, end: bool = False) -> datetime | None:
    """A day (its beginning, or its end) in TIME_ZONE, or a time."""
    if not text:
        return None
    try:
        day, moment = (parse_date(text), None) if len(text) == 10 else (None, parse_datetime(text.replace(" ", "+")))
        if day:
            moment = datetime.combine(day + timedelta(days=1) if end else day, time.min)
        if moment is None:
            raise ValueError(text)
        return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
    except (ValueError, OverflowError):
        raise BadQuery(f"{name}: {text[:40]!r} is no date such as 2026-11-23.") from None


def _number(text: str, *, name: str, default: int, low: int, high: int) -> int:
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 20 and low <= int(text) <= high):
        raise BadQuery(f"{name}: use a whole number from {low} to {high}.")
    return int(text)


def stories(query: ListQuery) -> StoryQuerySet:
    """Stories of a list; one narrow row serves the first of country, topic, entity, the others are looked up by key."""
    found = Story.objects.published()
    facets: list[tuple[Any, dict[str, Any]]] = []
    if query.country and query.topic:
        facets.append((StoryCountryTopic, {"country_id": query.country, "topic__slug": query.topic}))
    elif query.country:
        facets.append((StoryCountry, {"country_id": query.country}))
    elif query.topic:
        facets.append((StoryTopic, {"topic__slug": query.topic}))
    else:
        named = query.beyond or query.entity or query.source or query.feed_url or query.q or query.story
        found = found if named else found.filter(core=True)
    if query.entity:
        facets.append((StoryEntity, {"entity__slug": query.entity}))
    for model, key in facets:
        found = found.filter(pk__in=model.objects.filter(**key).values("story_id"))
    reports = Article.objects.filter(story_id=OuterRef("pk"), hidden=False, relevant=True)
    about = Q()
    if query.source:
        about &= Q(source__slug=query.source)
    if query.language:
        about &= Q(language=query.language)
    if query.perspective:
        about &= Q(source__perspective=query.perspective)
    if query.owner:
        about &= Q(source__owner=query.owner)
    if query.feed_url:
        about &= Q(feed__url=query.feed_url)
    if about:
        found = found.filter(Exists(reports.filter(about)))
    if query.q:
        found = found.filter(pk__in=matching(query.q).filter(hidden=False, relevant=True).values("story_id"))
    if query.story:
        found = found.filter(pk=query.story)
    if query.one_sided:
        found = found.exclude(one_sided="")
    if query.since:
        found = found.filter(last_at__gte=query.since)
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
        found = found.filter(pk__in=ArticleCountry.objects.filter(country_id=query.country).values("article_id"))
    if query.topic:
        found = found.filter(pk__in=ArticleTopic.objects.filter(topic__slug=query.topic).values("article_id"))
    if query.entity:
        found = found.filter(pk__in=ArticleEntity.objects.filter(entity__slug=query.entity).values("article_id"))
    for name, path in (
        ("source", "source__slug"), ("language", "language"), ("perspective", "source__perspective"),
        ("owner", "source__owner"), ("story", "story_id"),
    ):  # fmt: skip
        if value := getattr(query, name):
            found = found.filter(**{path: value})
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
    key = "at" if found.model is Article else "rank" if query.sort == "rank" else "last_at"
    if query.cursor:
        value, pk = _read_cursor(query.cursor, key)
        found = found.filter(Q(**{f"{key}__lt": value}) | Q(**{key: value, "pk__lt": pk}))
    rows = list(found.order_by(f"-{key}", "-pk")[: query.limit + 1])
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    return Page(rows, _cursor(key, getattr(rows[-1], key), rows[-1].pk) if more else "")


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
        raise BadQuery("The mark of the next page can't be read; begin again at the first page.") from None
    return value, pk


def of_day(day: date) -> ListQuery:
    """The list of one day in TIME_ZONE."""
    start = timezone.make_aware(datetime.combine(day, time.min))
    return replace(ListQuery(), since=start, until=start + timedelta(days=1), sort="rank")
