"""Whole lists as files with citations, streamed, and figures by day."""

from __future__ import annotations

import csv
import io
import json
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from ninja import Query, Router

from articles.models import Article, ArticleCountry, ArticleEntity, ArticleTopic
from articles.publish import lists
from articles.publish.addresses import absolute, utc
from articles.publish.api import filters
from articles.publish.api.problems import problem
from articles.publish.lists import ListQuery

router = Router()
CHUNK = 500  # articles that are in memory at a time
AT_ONCE = 2  # exports of one process: each holds a thread of the web server
IDLE = 120.0  # seconds after which an export that nobody reads counts no longer
_running: dict[object, float] = {}  # each export and when a piece of it was last made
_lock = threading.Lock()
COLUMNS = (
    "id", "published_at", "outlet", "owner", "ownership", "perspective", "language", "title", "url", "countries",
    "topics", "entities", "story_id", "story_url", "record_url", "fetched_at",
)  # fmt: skip
COLUMNS_READ = (
    "at", "published_at", "fetched_at", "language", "title", "url", "story__slug", "source__name", "source__owner",
    "source__ownership", "source__perspective",
)  # fmt: skip
TAGS = ((ArticleCountry, "country_id"), (ArticleTopic, "topic__slug"), (ArticleEntity, "entity__slug"))
RISKY = ("=", "+", "-", "@", "\t", "\r")  # how spreadsheets know a formula
BUSY = {"description": "Other exports are under way; Retry-After says when to try again"}
FILE = {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "the list as a file"}
LINES = {"content": {"application/jsonl": {"schema": {"type": "string"}}}, "description": "one JSON object a line"}


class ExportFilters(filters.Filters):
    relevant: filters.Relevant = filters.RELEVANT


@router.get(
    "/export.csv", summary="Articles with citations as CSV", openapi_extra={"responses": {200: FILE, 503: BUSY}}
)
def export_csv(request: HttpRequest, asked: Query[ExportFilters]) -> HttpResponseBase:
    """Cells that a spreadsheet would take for a formula begin with an apostrophe."""
    return stream(request, csv_lines, "text/csv; charset=utf-8", "csv")


@router.get(
    "/export.jsonl",
    summary="Articles with citations as JSON lines",
    openapi_extra={"responses": {200: LINES, 503: BUSY}},
)
def export_jsonl(request: HttpRequest, asked: Query[ExportFilters]) -> HttpResponseBase:
    return stream(request, json_lines, "application/jsonl; charset=utf-8", "jsonl")


def stream(request: HttpRequest, lines: Any, content_type: str, ending: str) -> HttpResponseBase:
    """Answer with the whole list piece by piece; refuse while AT_ONCE others are under way."""
    query = replace(filters.read(request, ExportFilters), limit=CHUNK, kind="articles")
    held = Held(lines(records(query)))
    if not held.taken:
        response: HttpResponseBase = problem(request, 503, "Other exports are under way; try again in a minute.")
        response["Retry-After"] = "60"
        return response
    response = StreamingHttpResponse(held, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="articles.{ending}"'
    return response


class Held:
    """Pieces of an export that has one of AT_ONCE places until it is read to its end, closed, or idle for IDLE."""

    def __init__(self, pieces: Iterator[str]) -> None:
        self.pieces = pieces
        now = time.monotonic()
        with _lock:
            for other in [other for other, used in _running.items() if now - used > IDLE]:
                del _running[other]
            self.taken = len(_running) < AT_ONCE
            if self.taken:
                _running[self] = now

    def __iter__(self) -> Iterator[str]:
        for piece in self.pieces:
            with _lock:
                if self in _running:
                    _running[self] = time.monotonic()
            yield piece
        self.close()

    def close(self) -> None:
        """Called by the server at the end of every response, also of one that broke off."""
        with _lock:
            _running.pop(self, None)


def records(query: ListQuery) -> Iterator[list[dict[str, Any]]]:
    """The articles of a list in chunks, newest first; each chunk is a query of its own, so no read lasts long."""
    found = lists.articles(query).select_related("source", "story").only(*COLUMNS_READ)
    while True:
        page = lists.page(found, query)
        tags = [tags_of(page.rows, model, key) for model, key in TAGS]
        yield [record(row, *(found.get(row.pk, []) for found in tags)) for row in page.rows]
        if not page.next:
            return
        query = replace(query, cursor=page.next)


def tags_of(rows: Sequence[Article], model: Any, key: str) -> dict[int, list[str]]:
    """Tags of one kind by article, the strongest first."""
    found: dict[int, list[str]] = {}
    tags = model.objects.filter(article_id__in=[row.pk for row in rows]).order_by("-score", key)
    for article_id, value in tags.values_list("article_id", key):
        found.setdefault(article_id, []).append(value)
    return found


def record(row: Article, countries: list[str], topics: list[str], entities: list[str]) -> dict[str, Any]:
    """One line of an export: all that a citation needs."""
    source, story = row.source, row.story
    return {
        "id": row.pk,
        "published_at": utc(row.published_at),
        "outlet": source.name,
        "owner": source.owner,
        "ownership": source.ownership,
        "perspective": source.perspective,
        "language": row.language,
        "title": row.title,
        "url": row.url,
        "countries": countries,
        "topics": topics,
        "entities": entities,
        "story_id": row.story_id,
        "story_url": absolute(story.get_absolute_url()) if story else "",
        "record_url": absolute(row.get_absolute_url()),
        "fetched_at": utc(row.fetched_at),
    }


def csv_lines(chunks: Iterator[list[dict[str, Any]]]) -> Iterator[str]:
    """A header, then a line an article."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for chunk in chunks:
        writer.writerows([cell(found[name]) for name in COLUMNS] for found in chunk)
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def json_lines(chunks: Iterator[list[dict[str, Any]]]) -> Iterator[str]:
    for chunk in chunks:
        yield "".join(json.dumps(found, ensure_ascii=False) + "\n" for found in chunk)


def cell(value: Any) -> str:
    """A value as text that no spreadsheet runs."""
    text = " ".join(value) if isinstance(value, list) else "" if value is None else str(value)
    return f"'{text}" if text.startswith(RISKY) else text
