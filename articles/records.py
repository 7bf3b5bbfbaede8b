"""The frozen records that the stages hand to each other; plain values, no Django, no network.

The flow (see pipeline.py): FeedRequest → Response → ParsedFeed → Entry → CleanEntry → Tags → row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class FeedRequest:
    """What the fetcher needs to know of one feed."""

    feed_id: int
    url: str
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""  # hex SHA-256 of the last full body, "" when none was read yet
    unconditional: bool = False  # leave the validators out this time: servers lie about 304


@dataclass(frozen=True, slots=True)
class Response:
    """One complete answer, redirects followed, body inflated."""

    url: str  # as asked
    final_url: str  # after redirects
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    body: bytes = b""
    body_hash: str = ""  # hex SHA-256 of body
    permanent_url: str = ""  # end of an unbroken chain of 301/308, else ""
    milliseconds: int = 0

    @property
    def unchanged(self) -> bool:
        """Whether the server said 304 (a body equal to the last one is noticed by the pipeline)."""
        return self.status == 304


@dataclass(frozen=True, slots=True)
class Entry:
    """One item as the feed gave it: markup undecoded, nothing judged."""

    guid: str = ""
    link: str = ""  # absolute where the feed let us resolve it
    title: str = ""  # may hold HTML
    summary: str = ""  # may hold HTML
    content: str = ""  # may hold HTML; the longest body that the feed carries
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    published_at: datetime | None = None  # aware, UTC
    updated_at: datetime | None = None  # aware, UTC
    language: str = ""  # as declared on the item, BCP 47
    enclosures: tuple[str, ...] = ()  # addresses of images and media


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """What one document said."""

    entries: tuple[Entry, ...] = ()
    title: str = ""
    homepage: str = ""
    language: str = ""  # BCP 47 as declared
    min_interval: timedelta = timedelta()  # <ttl>, sy:updatePeriod: the feed asks not to be polled more often
    kind: str = ""  # "rss20", "atom10", "json11" …


@dataclass(frozen=True, slots=True)
class CleanEntry:
    """One item as plain text, with canonical links; ``clean(clean(x)) == clean(x)``."""

    guid: str = ""
    link: str = ""  # canonical http(s) address, "" when there is none that may be stored
    title: str = ""  # one line of plain text
    summary: str = ""  # plain text, furniture removed; never cut to EXTRACT_CHARS here
    text: str = ""  # plain text of the longest body (paragraphs divided by a blank line), "" when the same as summary
    author: str = ""
    categories: tuple[str, ...] = ()
    published_at: datetime | None = None
    updated_at: datetime | None = None
    language: str = ""  # declared, primary subtag, "" when not said
    image_url: str = ""


@dataclass(frozen=True, slots=True)
class SourceHints:
    """What is known of an outlet before its text is read: priors of the tagger."""

    language: str = ""  # of the feed, ISO 639-1
    country: str = ""  # ISO2 of the newsroom's own country when it is one of the five, else ""
    covers: tuple[str, ...] = ()  # ISO2 codes, "regional", "world"
    all_relevant: bool = False  # an editor (or an import) says that everything in this feed counts
    category_topics: Mapping[str, str] = field(default_factory=dict)  # folded feed category → topic slug


@dataclass(frozen=True, slots=True)
class Tag:
    """One country, topic or entity of an article, and the words that caused it."""

    key: str  # ISO2, topic slug or entity id
    score: float
    why: tuple[str, ...]  # matched words as they stand in the text, or the name of a rule ("outlet-country")


@dataclass(frozen=True, slots=True)
class Tags:
    """All that the tagger says of one article."""

    language: str  # ISO 639-1, "" when unknown
    script: str = ""  # "Cyrl", "Latn", "Arab", "Hans", "" when unknown
    relevant: bool = True
    relevance_why: tuple[str, ...] = ()
    countries: tuple[Tag, ...] = ()
    topics: tuple[Tag, ...] = ()
    entities: tuple[Tag, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """One article as the grouper sees it."""

    id: int
    title: str
    text: str  # summary and the first sentences of the body, plain
    language: str
    at: datetime  # time of publication, clamped to the time of fetching
    source: str  # slug of the outlet
    owner: str
    countries: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    dated: bool = True  # False: nobody knows when; `at` then only orders


@dataclass(frozen=True, slots=True)
class StoryFacts:
    """What the ranking formula reads of one story."""

    first_at: datetime
    last_at: datetime
    articles: int
    copies: int  # reports that carry another one's text
    sources: int
    owners: int
    ownerships: Mapping[str, int] = field(default_factory=dict)  # "state" → outlets
    perspectives: Mapping[str, int] = field(default_factory=dict)  # "kz" → outlets
    languages: tuple[str, ...] = ()
    core: bool = True  # whether at least one of the five countries is in it
