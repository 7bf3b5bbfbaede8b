"""feedparser with bounds where its time grows with the square of what a document holds; measured with 6.0.14.

Its two parser classes and its list of SAX drivers are module globals that ``feedparser.parse`` looks up at every call,
so bounded ones can take their places; tests/parse/test_hostile.py notices when a new version no longer does so.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from itertools import islice
from typing import Any
from xml.sax.expatreader import ExpatParser

import feedparser
from feedparser import api

MAX_ATTRIBUTES = 200  # of one element; each is looked for among all
MAX_TAGS = 200  # categories of one item; each new one is compared with all
MAX_AUTHOR = 1_000  # characters in which a mail address is looked for
BUFFER_BYTES = 1 << 16  # of text before it is handed on: without it every line comes alone (a fifth of the time)


class Driver(ExpatParser):
    """The SAX driver of the standard library, with text in large pieces and few attributes."""

    def reset(self) -> None:
        super().reset()
        expat = self._parser  # type: ignore[attr-defined]
        expat.buffer_text = True
        expat.buffer_size = BUFFER_BYTES

    def start_element_ns(self, name: str, attrs: Mapping[str, str]) -> None:
        if len(attrs) > MAX_ATTRIBUTES:
            attrs = dict(islice(attrs.items(), MAX_ATTRIBUTES))
        super().start_element_ns(name, attrs)


class _Bounds:
    """What both of feedparser's parsers inherit before its own methods."""

    def _add_tag(self, term: Any, scheme: Any, label: Any) -> None:
        if len(self._get_context().setdefault("tags", [])) < MAX_TAGS:  # type: ignore[attr-defined]
            super()._add_tag(term, scheme, label)  # type: ignore[misc]

    def _sync_author_detail(self, key: str = "author") -> None:
        context = self._get_context()  # type: ignore[attr-defined]
        if isinstance(context.get(key), str):
            context[key] = context[key][:MAX_AUTHOR]
        super()._sync_author_detail(key)  # type: ignore[misc]


class _Strict(_Bounds, api.StrictFeedParser):  # type: ignore[misc]
    """For well-formed documents."""


class _Loose(_Bounds, api.LooseFeedParser):  # type: ignore[misc]
    """For the others."""


def create_parser() -> Driver:
    """Return the driver; the standard library's factory finds it by this name in a driver's module."""
    return Driver()


def parse(document: bytes) -> Any:
    """Return feedparser's result; nothing is fetched, no markup changed, no link resolved but by xml:base."""
    return feedparser.parse(document, sanitize_html=False, resolve_relative_uris=False)


api.StrictFeedParser, api.LooseFeedParser = _Strict, _Loose
api.PREFERRED_XML_PARSERS[:] = [sys.modules[__name__].__name__]
