"""The lists and rows of the API."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Model, Prefetch, QuerySet
from django.http import Http404, HttpRequest
from ninja import Query, Router

from articles.models import (
    Article,
    Country,
    Entity,
    Feed,
    Source,
    Story,
    StoryCountry,
    StoryEntity,
    StoryTopic,
    Topic,
)
from articles.publish import lists
from articles.publish.addresses import absolute
from articles.publish.api import filters, present, schemas
from articles.publish.lists import BadQuery

router = Router()
Row = TypeVar("Row", bound=Model)
REPORTS = 1000  # of one story that are given with it
Answer = dict[str, Any]


@router.get("/articles", response=schemas.Articles, summary="Articles, newest first")
def articles(request: HttpRequest, asked: Query[filters.ArticleFilters]) -> Answer:
    query = filters.read(request, filters.ArticleFilters)
    page = lists.page(lists.articles(query).with_tags(), query)
    return listed(request, [present.article(row) for row in page.rows], page.next)


@router.get("/stories", response=schemas.Stories, summary="Stories, by last report")
def stories(request: HttpRequest, asked: Query[filters.StoryFilters]) -> Answer:
    query = filters.read(request, filters.StoryFilters)
    page = lists.page(with_facets(lists.stories(query)), query)
    return listed(request, [present.story(row) for row in page.rows], page.next)


@router.get("/stories/{int:story_id}", response=schemas.StoryDetail, summary="One story with its articles")
def story(request: HttpRequest, story_id: int) -> Answer:
    """One that was merged away says into which (`merged_into`) and has no articles any more."""
    if story_id >= 2**63:
        raise Http404
    row = with_facets(Story.objects.filter(hidden=False)).filter(pk=story_id).first()
    if row is None:
        raise Http404
    reports = Article.objects.published().filter(story=row).with_tags().order_by("at", "pk")[:REPORTS]
    return {**present.story(row), "articles": [present.article(report) for report in reports]}


@router.get("/sources", response=schemas.Sources, summary="Outlets")
def sources(request: HttpRequest, asked: Query[filters.Paging]) -> Answer:
    return by_key(request, asked, Source.objects.public().prefetch_related("feeds", "labels"), present.source)


@router.get("/countries", response=schemas.Countries, summary="Countries")
def countries(request: HttpRequest, asked: Query[filters.Paging]) -> Answer:
    return by_key(request, asked, Country.objects.all(), present.country)


@router.get("/topics", response=schemas.Topics, summary="Topics")
def topics(request: HttpRequest, asked: Query[filters.Paging]) -> Answer:
    return by_key(request, asked, Topic.objects.filter(retired=False), present.topic)


@router.get("/entities", response=schemas.Entities, summary="People, places, organisations, projects")
def entities(request: HttpRequest, asked: Query[filters.Paging]) -> Answer:
    return by_key(request, asked, Entity.objects.prefetch_related("countries", "topics"), present.entity)


@router.get("/feeds", response=schemas.Feeds, summary="Feeds of the outlets, and how reading them goes")
def feeds(request: HttpRequest, asked: Query[filters.Paging]) -> Answer:
    found = Feed.objects.filter(source__in=Source.objects.public()).select_related("source")
    return by_key(request, asked, found, present.feed)


def with_facets(found: QuerySet[Story]) -> QuerySet[Story]:
    """With the countries, topics and entities of each story, the strongest first."""
    return found.prefetch_related(
        Prefetch("country_facets", StoryCountry.objects.order_by("-weight", "country_id")),
        Prefetch("topic_facets", StoryTopic.objects.select_related("topic").order_by("-weight", "topic_id")),
        Prefetch("entity_facets", StoryEntity.objects.select_related("entity").order_by("-weight", "entity_id")),
    )


def listed(request: HttpRequest, items: list[Answer], cursor: str) -> Answer:
    """One page of a list, with the address of the next one."""
    fields = {name: str(value) for name, value in request.GET.items()} | {"cursor": cursor}
    return {"next": absolute(request.path, fields) if cursor else None, "items": items}


def by_key(request: HttpRequest, asked: filters.Paging, found: QuerySet[Row], shown: Callable[[Row], Answer]) -> Answer:
    """One page of a list that stands in the order of its primary key."""
    filters.check_names(request, filters.Paging)
    found = found.order_by("pk")
    if asked.cursor:
        found = found.filter(pk__gt=read_key(asked.cursor, number=found.model is not Country))
    rows = list(found[: asked.limit + 1])
    more = len(rows) > asked.limit
    rows = rows[: asked.limit]
    return listed(request, [shown(row) for row in rows], write_key(rows[-1].pk) if more else "")


def write_key(pk: int | str) -> str:
    return base64.urlsafe_b64encode(f"pk:{pk}".encode()).decode().rstrip("=")


def read_key(cursor: str, *, number: bool) -> int | str:
    """The key in a cursor of ours. Raises BadQuery when it was changed or comes from another list."""
    try:
        name, _, value = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(":")
        if name != "pk" or not value or len(value) > 19 or "\0" in value:
            raise ValueError(cursor)
        return min(int(value), 2**62) if number else value
    except (ValueError, binascii.Error):
        raise BadQuery("This cursor can't be read; begin again without one.") from None
