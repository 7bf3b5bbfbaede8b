"""Which list a feed's address names, and when an answer is not needed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.models import Article, Country, Entity, Source, Story, Topic
from articles.publish import lists
from articles.publish.addresses import absolute
from articles.publish.feeds import atom, entries, jsonfeed, rss
from articles.publish.feeds.records import Document, Entry
from articles.publish.filters import in_words
from articles.publish.lists import BadQuery, ListQuery
from articles.publish.views.page import without_unknown

RENDER = {"atom": atom, "rss": rss, "json": jsonfeed}
FORMATS = tuple(RENDER)
LIMIT, MAX_LIMIT = 50, 100
KNOWN = ListQuery.NAMES - {"relevant"}
TOLD = (
    "country",
    "topic",
    "entity",
    "source",
    "language",
    "perspective",
    "owner",
    "ownership",
    "q",
    "from",
    "to",
    "one_sided",
)
FRESH = "public, max-age=60"
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)  # of a feed that has no entry yet
Row = Story | Article
View = Callable[..., HttpResponseBase]


def feed(view: Callable[..., tuple[str, dict[str, Any]]]) -> View:
    """Make the view of a feed of a function that gives the list's name and what its path fixes."""

    @require_safe
    @wraps(view)
    def wrapped(request: HttpRequest, *, kind: str, **path: Any) -> HttpResponseBase:
        if (target := without_unknown(request, KNOWN)) is not None:
            return redirect(target)
        try:
            name, fixed = view(request, **path)
            response = serve(request, kind, name, fixed)
        except BadQuery as error:
            response = HttpResponse(str(error), status=400, content_type="text/plain; charset=utf-8")
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return wrapped


def serve(request: HttpRequest, kind: str, name: str, fixed: dict[str, Any]) -> HttpResponse:
    """The document in this format, or 304 when the rows of the list say that it is the same."""
    query = ListQuery.read({"limit": str(LIMIT), **request.GET.dict()}, **fixed)
    if query.limit > MAX_LIMIT:
        raise BadQuery(f"limit: use a whole number from 1 to {MAX_LIMIT}.")
    if query.kind == "articles":
        page: lists.Page[Any] = lists.page(lists.articles(query).select_related("source"), query)
    else:
        page = lists.page(lists.stories(query), query)
    etag, updated = validators(request, kind, page)
    response = get_conditional_response(request, etag=etag, last_modified=int(updated.timestamp()))
    if response is None:
        made = RENDER[kind]
        document = document_of(request, name, query, page, updated)
        response = HttpResponse(made.render(document), content_type=made.CONTENT_TYPE)
    response["ETag"] = etag
    response["Last-Modified"] = f"{updated:%a, %d %b %Y %H:%M:%S GMT}"
    response["Cache-Control"] = FRESH
    return response


def validators(request: HttpRequest, kind: str, page: lists.Page[Any]) -> tuple[str, datetime]:
    """A weak tag of what the rows say, and the time of the newest change; no other table is read for them."""
    told = [
        (row.pk, str(row), row.side_added_at, row.article_count, row.source_count, row.titles)
        if isinstance(row, Story)
        else (row.pk, row.updated_at, row.story_id)
        for row in page.rows
    ]
    makes = (settings.SITE_URL, settings.SITE_NAME, settings.EXTRACT_CHARS, settings.SOURCES_EXCLUDE, get_language())
    digest = hashlib.blake2b(repr((kind, makes, page.next, told)).encode(), digest_size=12).hexdigest()
    return f'W/"{digest}"', max(map(changed_at, page.rows), default=BEGIN).astimezone(UTC)


def changed_at(row: Row) -> datetime:
    return max(row.side_added_at, row.first_at) if isinstance(row, Story) else max(row.updated_at, row.at)


def document_of(
    request: HttpRequest, name: str, query: ListQuery, page: lists.Page[Any], updated: datetime
) -> Document:
    """The list as a document in the language of its address."""
    fields = {key: str(value) for key, value in request.GET.items() if value}
    first = {key: value for key, value in fields.items() if key != "cursor"}
    listed = {key: value for key, value in first.items() if key != "limit"}
    home = request.path.rpartition("/")[0] + "/"
    if listed and home == reverse("front"):  # the front page has no filters, the search has all
        home = reverse("search")
    if home == reverse("search"):
        listed["kind"] = query.kind  # the page shows reports unless it is told to show stories
    said = [name, *(in_words(key, fields[key]) for key in TOLD if key in fields)]
    title = ": ".join([settings.SITE_NAME, *filter(None, [", ".join(filter(None, said))])])
    return Document(
        title=title,
        subtitle=subtitle(query),
        site=settings.SITE_NAME,
        home=absolute(home, listed),
        own=absolute(request.path, fields),
        first=absolute(request.path, first),
        next=absolute(request.path, {**first, "cursor": page.next}) if page.next else "",
        language=get_language() or "en",
        updated=updated,
        entries=tuple(entries_of(page.rows)),
    )


def entries_of(rows: Sequence[Any]) -> list[Entry]:
    """The rows with their parts loaded, as entries."""
    if rows and isinstance(rows[0], Article):
        prefetch_related_objects(rows, *entries.article_parts())
        return [entries.of_article(row) for row in rows]
    prefetch_related_objects(rows, *entries.story_parts())
    return entries.of_stories(rows, language=get_language() or "en")


def subtitle(query: ListQuery) -> str:
    """One sentence of what an entry is."""
    invented = _("Invented news of the sample edition. ") if settings.SAMPLE_EDITION else ""
    if query.kind == "articles":
        return invented + _("Reports of Central Asia, one entry for each.")
    return invented + _("News of Central Asia from every side: one entry for each event, with all who report it.")


@feed
def front(request: HttpRequest) -> tuple[str, dict[str, Any]]:
    return "", {}


@feed
def country(request: HttpRequest, slug: str) -> tuple[str, dict[str, Any]]:
    found = get_object_or_404(Country, slug=slug)
    return found.name, {"country": found.code}


@feed
def country_topic(request: HttpRequest, slug: str, topic_slug: str) -> tuple[str, dict[str, Any]]:
    place, subject = get_object_or_404(Country, slug=slug), get_object_or_404(Topic, slug=topic_slug)
    return f"{place.name}, {subject.name}", {"country": place.code, "topic": subject.slug}


@feed
def topic(request: HttpRequest, slug: str) -> tuple[str, dict[str, Any]]:
    found = get_object_or_404(Topic, slug=slug)
    return found.name, {"topic": found.slug}


@feed
def entity(request: HttpRequest, slug: str) -> tuple[str, dict[str, Any]]:
    found = get_object_or_404(Entity, slug=slug)
    return found.name, {"entity": found.slug}


@feed
def source(request: HttpRequest, slug: str) -> tuple[str, dict[str, Any]]:
    found = get_object_or_404(Source.objects.public(), slug=slug)
    return found.name, {"source": found.slug}


@feed
def search(request: HttpRequest) -> tuple[str, dict[str, Any]]:
    return "", {"beyond": True}


@feed
def archive(request: HttpRequest, year: int, month: int, day: int) -> tuple[str, dict[str, Any]]:
    try:
        wanted = lists.of_day(date(year, month, day))
    except (ValueError, OverflowError):
        raise Http404 from None
    return f"{date(year, month, day)}", {"since": wanted.since, "until": wanted.until}
