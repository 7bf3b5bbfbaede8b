"""Stage 2: one complete answer → what it says. New kinds of sources get a file here and a line in PARSERS."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from articles.errors import NotAFeed
from articles.parse import webpage
from articles.parse.encoding import to_text
from articles.parse.feed import parse_xml
from articles.parse.jsonfeed import parse_json
from articles.records import Entry, ParsedFeed, Response

MAX_ENTRIES = 2_000  # of one answer, the newest
_NEVER = datetime.min.replace(tzinfo=UTC)


class Parser(Protocol):
    """Reads one kind of document; raises NotAFeed with a sentence for people when it is another."""

    def __call__(self, text: str, *, base: str, now: datetime) -> ParsedFeed: ...


# The first whose test the beginning of the document (without white space) passes reads it.
PARSERS: tuple[tuple[Callable[[str], object], Parser], ...] = (
    (re.compile(r"[{\[]").match, parse_json),
    (webpage.is_page, webpage.refuse),
    (re.compile(r"<").match, parse_xml),
)


def parse_feed(response: Response, *, now: datetime) -> ParsedFeed:
    """Return what the answer says: at most MAX_ENTRIES entries, newest first, those without a date after the others.

    Entries without guid, link, title and content are left out. May be slow or hungry on hostile documents: what comes
    from the net goes through ``articles.sandbox``.

    Raises:
        HtmlPage: a web page; ``suggestion`` is the feed that it advertises.
        NotAFeed: anything else that is no feed.
    """
    text = to_text(response.body, content_type=response.headers.get("content-type", "")).strip()
    if not text:
        raise NotAFeed("The answer was empty.")
    for fits, parse in PARSERS:
        if fits(text[: webpage.HEAD_CHARS]):
            parsed = parse(text, base=response.final_url or response.url, now=now)
            entries = sorted(filter(_says_something, parsed.entries), key=_age, reverse=True)
            return replace(parsed, entries=tuple(entries[:MAX_ENTRIES]))
    raise NotAFeed("The document is neither XML nor JSON.")


def _says_something(entry: Entry) -> bool:
    return bool(entry.guid or entry.link or entry.title or entry.content or entry.summary)


def _age(entry: Entry) -> datetime:
    return entry.published_at or entry.updated_at or _NEVER
