"""Web pages where feeds were: told apart, and read for the feed that they advertise."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape
from typing import NoReturn
from urllib.parse import urljoin

from articles.errors import HtmlPage

HEAD_CHARS = 4_000  # a page says what it is within these
PAGE_CHARS = 500_000  # of a page that are searched for advertised feeds
MAX_ADVERTISED = 20
FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/json")
_BEFORE_ROOT = re.compile(r"(?:\s+|<!--.{0,3000}?-->|<\?[^>]{0,500}>)*", re.DOTALL)
_DOCTYPE = re.compile(r"<!doctype\s+html\b[^>]{0,300}>", re.IGNORECASE)
_PAGE = re.compile(r"<(?:html|head|body|title|meta|script|link|style)\b", re.IGNORECASE)
_FEED = re.compile(r"<(?:\w+:)?(?:rss|feed|rdf|channel)\b", re.IGNORECASE)
_LINK = re.compile(r"<link\b([^<>]{1,2000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]{2,20})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")


def is_page(head: str) -> bool:
    """Whether a document that begins so is HTML; a feed below HTML's doctype is none."""
    start = _end_of_prolog(head, 0)
    doctype = _DOCTYPE.match(head, start)
    if doctype:
        return not _FEED.match(head, _end_of_prolog(head, doctype.end()))
    return bool(_PAGE.match(head, start))


def _end_of_prolog(head: str, start: int) -> int:
    prolog = _BEFORE_ROOT.match(head, start)
    return prolog.end() if prolog else start


def refuse(text: str, *, base: str, now: datetime) -> NoReturn:
    """Raise HtmlPage with the first feed that the page advertises, as an absolute http(s) address.

    ``now`` is taken as by every parser and not used.
    """
    suggestion = next(iter(advertised(text, base=base)), "")
    hint = f" It advertises the feed {suggestion}." if suggestion else ""
    raise HtmlPage(f"The address answers with a web page, not with a feed.{hint}", suggestion=suggestion)


def advertised(text: str, *, base: str) -> list[str]:
    """The feeds that a page advertises: absolute http(s) addresses in its order, each once, at most MAX_ADVERTISED."""
    found: dict[str, None] = {}
    for link in _LINK.finditer(text[:PAGE_CHARS]):
        said = {
            match[1].lower(): unescape(match[2] or match[3] or match[4] or "") for match in _ATTRIBUTE.finditer(link[1])
        }
        if "alternate" in said.get("rel", "").lower().split() and said.get("type", "").strip().lower() in FEED_TYPES:
            try:
                address = urljoin(base, said.get("href", "").strip())
            except ValueError:
                continue
            if address.lower().startswith(("http://", "https://")) and said.get("href"):
                found.setdefault(address)
        if len(found) >= MAX_ADVERTISED:
            break
    return list(found)
