"""JSON Feed 1.0 and 1.1, and RSS written as JSON, read tolerantly: a value of a wrong type is as if it were missing."""

from __future__ import annotations

import html
import json
import re
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from articles.errors import NotAFeed
from articles.parse.dates import text_date
from articles.records import Entry, ParsedFeed

MAX_LIST = 100  # authors, tags, attachments of one item
_VERSION = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/1(?:\.1)?/?")


def parse_json(text: str, *, base: str, now: datetime) -> ParsedFeed:
    """Read a JSON document as a feed; relative links are resolved against ``base``.

    Raises:
        NotAFeed: no JSON, or JSON that is no feed; the message says which.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotAFeed(f"The document begins like JSON but cannot be read: {error}") from error
    if isinstance(document, dict):
        if _VERSION.fullmatch(_text(document.get("version"))):
            return _json_feed(document, base, now)
        channel = _dict(_dict(document.get("rss")).get("channel"))
        if channel:
            return _rss_in_json(channel, base, now)
    raise NotAFeed("The document is JSON, but neither JSON Feed 1.0 or 1.1 nor RSS in JSON.")


def _json_feed(document: dict[str, Any], base: str, now: datetime) -> ParsedFeed:
    home = _resolve(_text(document.get("home_page_url")), base)
    authors = _authors(document)
    items = [item for item in _list(document.get("items")) if isinstance(item, dict)]
    return ParsedFeed(
        entries=tuple(_item(item, authors, home or base, now) for item in items),
        title=_escaped(document.get("title")),
        homepage=home,
        language=_text(document.get("language")),
        kind="json11" if _text(document.get("version")).rstrip("/").endswith("1.1") else "json10",
    )


def _item(item: dict[str, Any], authors: tuple[str, ...], base: str, now: datetime) -> Entry:
    attachments = [_dict(attachment) for attachment in _list(item.get("attachments"))[:MAX_LIST]]
    pictures = [a.get("url") for a in attachments if _text(a.get("mime_type")).startswith("image/")]
    images = [item.get("image"), item.get("banner_image"), *pictures]
    return Entry(
        guid=_scalar(item.get("id")),
        link=_resolve(_text(item.get("url")) or _text(item.get("external_url")), base),
        title=_escaped(item.get("title")),
        summary=_escaped(item.get("summary")),
        content=_text(item.get("content_html")) or _escaped(item.get("content_text")),
        authors=_authors(item) or authors,
        categories=tuple(filter(None, map(_escaped, _list(item.get("tags"))[:MAX_LIST]))),
        published_at=text_date(_text(item.get("date_published")), now=now),
        updated_at=text_date(_text(item.get("date_modified")), now=now),
        language=_text(item.get("language")),
        enclosures=tuple(_resolve(_text(address), base) for address in images if _text(address)),
    )


def _rss_in_json(channel: dict[str, Any], base: str, now: datetime) -> ParsedFeed:
    """http://scripting.com/stories/2017/… and its like: RSS 2.0 with the names of its elements as keys."""
    home = _resolve(_text(channel.get("link")), base)
    items = channel.get("item")
    rows = [item for item in ([items] if isinstance(items, dict) else _list(items)) if isinstance(item, dict)]
    return ParsedFeed(
        entries=tuple(_rss_item(item, home or base, now) for item in rows),
        title=_text(channel.get("title")),
        homepage=home,
        language=_text(channel.get("language")),
        kind="rss-json",
    )


def _rss_item(item: dict[str, Any], base: str, now: datetime) -> Entry:
    guid = item.get("guid")
    categories = item.get("category")
    return Entry(
        guid=_scalar(_dict(guid).get("#value")) or _scalar(guid),
        link=_resolve(_text(item.get("link")), base),
        title=_text(item.get("title")),
        summary=_text(item.get("description")),
        authors=tuple(filter(None, [_text(item.get("author"))])),
        categories=tuple(filter(None, map(_text, categories if isinstance(categories, list) else [categories])))[
            :MAX_LIST
        ],
        published_at=text_date(_text(item.get("pubDate")), now=now),
    )


def _authors(holder: dict[str, Any]) -> tuple[str, ...]:
    """``authors`` of 1.1, else ``author`` of 1.0; the names, or the addresses of those that have none."""
    people = [_dict(person) for person in _list(holder.get("authors"))[:MAX_LIST]]
    names = tuple(filter(None, (_escaped(person.get("name")) or _text(person.get("url")) for person in people)))
    return names or tuple(filter(None, [_escaped(_dict(holder.get("author")).get("name"))]))


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _scalar(value: object) -> str:
    """An id: 1.0 allows numbers, and 1.1 says to read them as text."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else _text(value)


def _escaped(value: object) -> str:
    """A field that is plain text by its definition, as HTML."""
    text = _text(value)
    return html.escape(text, quote=False) if "<" in text else text


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _resolve(link: str, base: str) -> str:
    try:
        return urljoin(base, link) if link else ""
    except ValueError:
        return ""
