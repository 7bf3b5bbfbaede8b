"""The filters that the API takes: described here for openapi.json, read by ``ListQuery`` as those of the pages are."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Schema

from articles.models.source import Perspective
from articles.publish.lists import MAX_LIMIT, PAGE, BadQuery, ListQuery

CURSOR = Field("", description="from `next` of the page before; opaque", max_length=500)
LIMIT = Field(PAGE, ge=1, le=MAX_LIMIT, description="items of one page")
Relevant = Literal["true", "false", "any"]
RELEVANT: Any = Field("true", description="whether an article is news of the region")
IGNORED: Any = Field("true", description="taken and ignored: stories are made of relevant articles alone")
SEVERAL = "several are divided by spaces, any of them will do"
SIDES = "^((S)( (S))*)?$".replace("S", "|".join(Perspective.values))
DAY = "a day (2026-11-23, in the time zone of the site) or a time (RFC 3339)"


class Paging(Schema):
    """Filters of a list that has none but the page."""

    limit: int = LIMIT
    cursor: str = CURSOR


class Filters(Schema):
    """What narrows a list of articles or stories."""

    country: str = Field("", max_length=200, description=f"ISO 3166 alpha-2 or slug; {SEVERAL}")
    topic: str = Field("", max_length=300, description=f"slug; {SEVERAL}")
    entity: str = Field("", max_length=80, description="slug")
    source: str = Field("", max_length=80, description="slug of an outlet")
    language: str = Field("", max_length=60, description=f"ISO 639-1; {SEVERAL}")
    perspective: str = Field("", max_length=200, pattern=SIDES, description=f"side of the outlet; {SEVERAL}")
    owner: str = Field("", max_length=100, description="owner of the outlet, or kind of owner; of kinds several")
    story: int | None = Field(None, ge=0, le=2**62, description="id of a story")
    feed_url: str = Field("", max_length=1000, description="address of a feed as first given")
    since: str = Field("", alias="from", max_length=40, description=f"not before: {DAY}")
    until: str = Field("", alias="to", max_length=40, description=f"not after: {DAY}")
    q: str = Field("", max_length=500, description="words, in any script")


class ArticleFilters(Filters):
    relevant: Relevant = RELEVANT
    limit: int = LIMIT
    cursor: str = CURSOR


class StoryFilters(Filters):
    relevant: Relevant = IGNORED
    one_sided: Literal["true", "false"] = Field("false", description="only what one side alone reports")
    sort: Literal["newest", "rank"] = Field("newest", description="by last report or by rank")
    limit: int = LIMIT
    cursor: str = CURSOR


def names_of(schema: type[Schema]) -> frozenset[str]:
    """The names of these filters as they stand in an address."""
    return frozenset(field.alias or name for name, field in schema.model_fields.items())


def check_names(request: HttpRequest, schema: type[Schema]) -> None:
    """Refuse what is no filter of ours and what is given twice. Raises BadQuery."""
    unknown = sorted(set(request.GET) - names_of(schema))
    if unknown:
        known = ", ".join(sorted(names_of(schema)))
        raise BadQuery(f"There is no filter {unknown[0][:60]!r}; there are {known}.")
    for name, values in request.GET.lists():
        if len(values) > 1:
            raise BadQuery(f"{name}: give it once.")


def read(request: HttpRequest, schema: type[Schema], **fixed: str) -> ListQuery:
    """The list that an address names. Raises BadQuery."""
    check_names(request, schema)
    given = {name: str(value) for name, value in request.GET.items()}
    return ListQuery.read(given, beyond=True, **fixed)
