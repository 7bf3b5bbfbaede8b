"""Which list a feed's address names, and when an answer is not needed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import date
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from articles.models import Country, Entity, Source, Story, Topic
from articles.publish import lists
from articles.publish.feeds import make
from articles.publish.feeds.make import Asked
from articles.publish.lists import BadQuery
from articles.publish.page_cache import keep
from articles.publish.views.page import without_unknown

FORMATS = tuple(make.RENDER)
FRESH = "public, max-age=60"
View = Callable[..., HttpResponseBase]
Named = tuple[str, dict[str, Any]]  # the name of a list and what its path fixes


def feed(named: Callable[..., Named]) -> View:
    """Make the view of a feed of a function that names the list of a path.

    ``view.asked(path, given, kind=…, **path_parts)`` tells the feed of an address without a request.
    """

    def asked(path: str, given: Mapping[str, str], *, kind: str, **parts: Any) -> Asked:
        name, fixed = named(**parts)
        return make.read(path, given, kind=kind, name=name, fixed=fixed)

    @require_safe
    @wraps(named)
    def view(request: HttpRequest, *, kind: str, **parts: Any) -> HttpResponseBase:
        if (target := without_unknown(request, make.KNOWN)) is not None:
            return redirect(target)
        try:
            response = serve(request, asked(request.path, request.GET.dict(), kind=kind, **parts))
        except BadQuery as error:
            response = HttpResponse(str(error), status=400, content_type="text/plain; charset=utf-8")
        response["Access-Control-Allow-Origin"] = "*"
        return response

    view.asked = asked  # type: ignore[attr-defined]
    return view


def serve(request: HttpRequest, asked: Asked) -> HttpResponse:
    """The document in this format, or 304 when the rows of the list say that it is the same."""
    page = make.rows_of(asked)
    etag, updated = etag_of(asked, page), int(make.last_change(page).timestamp())
    response = get_conditional_response(request, etag=etag, last_modified=updated)
    if response is None:
        response = HttpResponse(make.content(asked, page), content_type=make.RENDER[asked.kind].CONTENT_TYPE)
        keep(response)
    response["ETag"] = etag
    response["Last-Modified"] = http_date(updated)
    response["Cache-Control"] = FRESH
    if hub := make.hub_of(asked):
        response["Link"] = f'<{hub}>; rel="hub", <{asked.own}>; rel="self"'
    return response


def etag_of(asked: Asked, page: lists.Page[Any]) -> str:
    """A weak tag of what the rows say; no other table is read for it."""
    told = [
        (row.pk, str(row), row.side_added_at, row.article_count, row.source_count, row.titles)
        if isinstance(row, Story)
        else (row.pk, row.updated_at, row.story_id)
        for row in page.rows
    ]
    makes = (settings.SITE_URL, settings.SITE_NAME, settings.EXTRACT_CHARS, settings.SOURCES_EXCLUDE, get_language())
    digest = hashlib.blake2b(
        repr((asked.kind, makes, make.hub_of(asked), page.next, told)).encode(), digest_size=12
    ).hexdigest()
    return f'W/"{digest}"'


@feed
def front() -> Named:
    return "", {}


@feed
def country(slug: str) -> Named:
    found = get_object_or_404(Country, slug=slug)
    return found.name, {"country": found.code}


@feed
def country_topic(slug: str, topic_slug: str) -> Named:
    place, subject = get_object_or_404(Country, slug=slug), get_object_or_404(Topic, slug=topic_slug)
    return f"{place.name}, {subject.name}", {"country": place.code, "topic": subject.slug}


@feed
def topic(slug: str) -> Named:
    found = get_object_or_404(Topic, slug=slug)
    return found.name, {"topic": found.slug}


@feed
def entity(slug: str) -> Named:
    found = get_object_or_404(Entity, slug=slug)
    return found.name, {"entity": found.slug}


@feed
def source(slug: str) -> Named:
    found = get_object_or_404(Source.objects.public(), slug=slug)
    return found.name, {"source": found.slug}


@feed
def search() -> Named:
    return "", {"beyond": True}


@feed
def archive(year: int, month: int, day: int) -> Named:
    try:
        wanted = lists.of_day(date(year, month, day))
    except (ValueError, OverflowError):
        raise Http404 from None
    return f"{wanted.day}", {"day": wanted.day, "sort": wanted.sort}
