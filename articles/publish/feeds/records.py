"""What a feed says, before any format: documents, entries and the reports in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2


@dataclass(frozen=True, slots=True)
class Category:
    """A country, topic or entity of an entry."""

    term: str
    label: str
    scheme: str  # the address of the list of its kind


@dataclass(frozen=True, slots=True)
class Told:
    """One report inside an entry."""

    outlet: str
    ownership: str  # in words
    side: str  # in words
    language: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One story or one article."""

    id: str  # for ever the same
    url: str
    title: str
    language: str
    summary: str  # plain text
    html: str  # made by us from escaped parts
    published: datetime
    updated: datetime
    author: str
    categories: tuple[Category, ...] = ()
    reports: tuple[Told, ...] = ()
    related: str = ""  # our page of it where ``url`` is the outlet's


@dataclass(frozen=True, slots=True)
class Document:
    """One feed."""

    title: str
    subtitle: str
    site: str  # name of the site
    home: str  # the page that lists the same
    own: str  # address of this document
    first: str  # address of its first page (RFC 5005)
    next: str  # address of older entries, "" at the end
    hub: str  # address of the WebSub hub, "" where there is none
    language: str
    updated: datetime
    entries: tuple[Entry, ...]


def plain(text: str) -> str:
    """The text without the characters that no XML document may hold."""
    return NOT_XML.sub("", text)
