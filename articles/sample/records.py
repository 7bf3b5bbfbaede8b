"""What the sample edition is made of: outlets, feeds, events and their reports; plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

EXTENSIONS = {"rss": "xml", "atom": "atom", "json": "json"}


@dataclass(frozen=True, slots=True)
class Break:
    """A while in each half hour in which a feed fails: counted from the start of the edition."""

    after: timedelta
    lasts: timedelta
    how: str  # "error" (status 500) or "page" (a web page where the feed was)


@dataclass(frozen=True, slots=True)
class SampleFeed:
    """One address that the edition serves."""

    slug: str
    outlet: str  # slug of the outlet
    language: str  # ISO 639-1
    format: str  # a key of EXTENSIONS
    script: str = ""  # ISO 15924 where the language is usually written otherwise
    encoding: str = "utf-8"  # of RSS
    body: str = "plain"  # plain, full (the text of items too) or furniture (a footer of the feed's own as well)
    breaks: tuple[Break, ...] = ()

    @property
    def path(self) -> str:
        """Where the server has it, from the root."""
        return f"/feeds/{self.slug}.{EXTENSIONS[self.format]}"

    @property
    def tag(self) -> str:
        """The language as a BCP 47 tag."""
        return f"{self.language}-{self.script}" if self.script else self.language


@dataclass(frozen=True, slots=True)
class SampleOutlet:
    """One invented outlet; the words mean what they mean in catalogue/sources.csv."""

    slug: str
    name: str
    owner: str
    ownership: str
    perspective: str
    base_country: str
    covers: str
    kind: str
    domain: str
    funding_note: str
    feeds: tuple[SampleFeed, ...]

    @property
    def homepage(self) -> str:
        """An address that never resolves (RFC 2606)."""
        return f"https://{self.domain}"


@dataclass(frozen=True, slots=True)
class SampleReport:
    """What one outlet says of one event."""

    id: str  # the same in every start of the edition
    event: str
    feed: str
    language: str
    offset: timedelta  # from the start of the edition; negative: already out when it starts
    title: str
    summary: str
    text: str = ""  # paragraphs divided by a blank line, "" when there is none
    edited_title: str = ""  # what the headline is changed to, "" when it stays
    edited_offset: timedelta = timedelta()  # from the start of the edition

    def published_at(self, started_at: datetime) -> datetime:
        """When it came out, for an edition that started then."""
        return started_at + self.offset

    def title_at(self, now: datetime, *, started_at: datetime) -> str:
        """The headline as it stands at that moment."""
        edited = self.edited_title and started_at + self.edited_offset <= now
        return self.edited_title if edited else self.title

    def changed_at(self, now: datetime, *, started_at: datetime) -> datetime:
        """When the report was last touched."""
        if self.edited_title and started_at + self.edited_offset <= now:
            return started_at + self.edited_offset
        return self.published_at(started_at)


@dataclass(frozen=True, slots=True)
class SampleEvent:
    """One event with its right answer: which reports are of it, and their labels."""

    id: str
    reports: tuple[SampleReport, ...]
    countries: tuple[str, ...] = ()  # ISO2
    topics: tuple[str, ...] = ()  # slugs of the catalogue
    relevant: bool = True
    near: str = ""  # the event that this one may be mistaken for


@dataclass(frozen=True, slots=True)
class Bulletin:
    """Filler that keeps the edition moving when every written report is out; never relevant."""

    feed: str
    title: str  # holds {time} and {value}
    summary: str  # may hold them


@dataclass(frozen=True, slots=True)
class Edition:
    """The whole sample edition."""

    outlets: tuple[SampleOutlet, ...]
    events: tuple[SampleEvent, ...]
    bulletins: tuple[Bulletin, ...] = ()

    @property
    def feeds(self) -> dict[str, SampleFeed]:
        """Every feed by its slug."""
        return {feed.slug: feed for outlet in self.outlets for feed in outlet.feeds}

    @property
    def reports(self) -> tuple[SampleReport, ...]:
        """Every written report, in the order of the files."""
        return tuple(report for event in self.events for report in event.reports)
