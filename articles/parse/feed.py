"""RSS, Atom and CDF: feedparser reads the document, this turns its result into our records."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin

from articles.errors import NotAFeed
from articles.parse import bounded, dates, mend
from articles.records import Entry, ParsedFeed

MAX_FIELD = 2_000_000  # characters of one field that are looked at
MAX_LIST = 100  # authors, categories, enclosures of one item
MAX_INTERVAL = timedelta(days=7)  # a feed may ask for no longer silence
PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_IMAGE_NAME = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|bmp|svg)(?:[?#]|$)", re.IGNORECASE)


def parse_xml(text: str, *, base: str, now: datetime) -> ParsedFeed:
    """Read an XML feed; relative links are resolved against xml:base, else ``base`` (the address it came from).

    Raises:
        NotAFeed: the document is XML, or nearly, of another kind.
    """
    document = mend.mend_xml(text)
    try:
        result = bounded.parse(document.encode("utf-8"))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, RecursionError) as error:
        # Its loose reader raises all of these on documents that nobody foresaw.
        raise NotAFeed(f"The document cannot be read as a feed ({type(error).__name__}).") from error
    if not result.get("version") and not result.entries:
        raise NotAFeed("The document is no RSS, Atom or JSON feed.")
    feed = result.feed
    home = _resolve(_text(feed.get("link")), base)
    return ParsedFeed(
        entries=tuple(_entry(item, feed=feed, base=home or base, now=now) for item in result.entries),
        title=_markup(feed, "title", atom=_is_atom(result)),
        homepage=home,
        language=_text(feed.get("language")),
        min_interval=_min_interval(feed),
        kind=_text(result.get("version")) or "rss",
    )


def _entry(item: Any, *, feed: Any, base: str, now: datetime) -> Entry:
    guid, link = _text(item.get("id")), _text(item.get("feedburner_origlink")) or _text(item.get("link"))
    if link == guid and not link.lower().startswith(("http://", "https://", "/")):
        link = ""  # a guid that only passes for a link because isPermaLink was left out
    atom = (item.get("title_detail") or {}).get("type") == "text/plain" and _text(feed.get("id")) != ""
    contents = [_escaped(part.get("value"), part.get("type")) for part in (item.get("content") or [])[:MAX_LIST]]
    return Entry(
        guid=guid,
        link=_resolve(link or _first_link(item), base),
        title=_markup(item, "title", atom=atom),
        summary=_markup(item, "summary", atom=atom),
        content=max(contents, key=len, default=""),
        authors=tuple(_unique(_authors(item))),
        categories=tuple(_unique(_text(tag.get("label")) or _text(tag.get("term")) for tag in item.get("tags") or [])),
        published_at=_date(item, "published", "issued", "created", now=now),
        updated_at=_date(item, "updated", "modified", now=now),
        language=_language(item, feed),
        enclosures=tuple(_resolve(address, base) for address in _unique(_images(item))),
    )


def _text(value: object) -> str:
    return value.strip()[:MAX_FIELD] if isinstance(value, str) else ""


def _is_atom(result: Any) -> bool:
    return _text(result.get("version")).startswith("atom")


def _markup(item: Any, key: str, *, atom: bool) -> str:
    """A field as HTML. Atom says when it is plain text; what RSS says of its type is a guess, so HTML there."""
    kind = (item.get(f"{key}_detail") or {}).get("type")
    return _escaped(item.get(key), kind if atom else "text/html")


def _escaped(value: object, kind: object) -> str:
    text = _text(value)
    return html.escape(text, quote=False) if kind == "text/plain" and "<" in text else text


def _first_link(item: Any) -> str:
    """The address of an Atom entry that marks no link as its page; never the feed's or an attachment's."""
    links = item.get("links") or []
    refused = {"self", "enclosure", "edit", "hub", "replies", "license", "next", "previous", "first", "last", "up"}
    return next((_text(link.get("href")) for link in links if link.get("rel") not in refused and link.get("href")), "")


def _authors(item: Any) -> Iterable[str]:
    named = [_text(author.get("name")) or _text(author.get("email")) for author in item.get("authors") or []]
    return [name for name in named if name] or [_text(item.get("author"))]


def _images(item: Any) -> Iterable[str]:
    """Addresses of pictures, the declared ones first; sounds, films and documents are left out."""
    for media in [*(item.get("media_content") or []), *(item.get("links") or [])]:
        if "rel" in media and media.get("rel") != "enclosure":
            continue
        address, kind = _text(media.get("url") or media.get("href")), _text(media.get("type")).lower()
        if kind.startswith("image/") or media.get("medium") == "image" or _IMAGE_NAME.search(address):
            yield address
    for media in item.get("media_thumbnail") or []:
        yield _text(media.get("url"))
    image = item.get("image")
    if isinstance(image, dict):
        yield _text(image.get("href"))


def _unique(values: Iterable[str]) -> list[str]:
    """The first hundred different values that say something, in their order."""
    seen: dict[str, None] = {}
    for value in values:
        if value:
            seen.setdefault(value)
        if len(seen) >= MAX_LIST:
            break
    return list(seen)


def _date(item: Any, *names: str, now: datetime) -> datetime | None:
    for name in names:
        if dict.__contains__(item, name) or dict.__contains__(item, f"{name}_parsed"):
            parsed = dict.get(item, f"{name}_parsed")
            found = dates.feed_date(parsed, _text(dict.get(item, name)), now=now)
            if found is not None:
                return found
    return None


def _language(item: Any, feed: Any) -> str:
    """The item's own language where it differs from the feed's."""
    said = _text(item.get("language"))
    for key in ("title_detail", "summary_detail"):
        said = said or _text((item.get(key) or {}).get("language"))
    return "" if said == _text(feed.get("language")) else said


def _resolve(link: str, base: str) -> str:
    if not link:
        return ""
    try:
        return urljoin(base, link)
    except ValueError:
        return ""


def _min_interval(feed: Any) -> timedelta:
    """How long the feed asks to be left alone: <ttl> in minutes, sy:updatePeriod divided by sy:updateFrequency."""
    wait = timedelta(minutes=_count(feed.get("ttl"), default=0))
    period = PERIODS.get(_text(feed.get("sy_updateperiod")).lower(), timedelta())
    return min(max(wait, period / max(_count(feed.get("sy_updatefrequency"), default=1), 1)), MAX_INTERVAL)


def _count(value: object, *, default: int) -> int:
    text = _text(value)
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else default
