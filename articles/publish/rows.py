"""What templates show of a story or a report, worked out once: marks, counts, times, languages, places and topics."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone
from django.utils.safestring import SafeString

from articles.models import Article, Source, Story
from articles.publish import when
from articles.publish.facets import Facets
from articles.publish.headlines import Headline, headline, headlines, isolated
from articles.publish.marks import COLOURS, LARGE, SHORT, SMALL, Bar, bar, silent_sides
from articles.publish.names import Named, names
from articles.publish.reader import NOBODY, Reader

ALSO = 4  # other languages on a card


@dataclass(frozen=True, slots=True)
class Card:
    """A story on a list."""

    id: int
    url: str
    head: Headline
    bar: Bar
    outlets: int
    state: int
    languages: int
    reports: int
    last_at: str
    time: str
    pinned: bool
    one_sided: str
    deck: str
    deck_language: str
    deck_source: str
    deck_time: str
    also: Sequence[Headline]
    countries: Sequence[Named]
    topics: Sequence[Named]


def cards(
    stories: Iterable[Story],
    facets: Mapping[int, Facets],
    *,
    reader: Reader = NOBODY,
    large: bool = False,
    silence: bool = True,
) -> list[Card]:
    """Cards with the headline in a language of the reader where the story has one; ``lead.source`` is loaded."""
    known = names()
    return [
        card(
            story,
            [known.countries[code] for code in about.countries if code in known.countries],
            [known.topics[key] for key in about.topics if key in known.topics],
            reader=reader,
            large=large,
            silence=silence,
        )
        for story in stories
        for about in (facets.get(story.pk, Facets()),)
    ]


def card(
    story: Story,
    countries: Sequence[Named],
    topics: Sequence[Named],
    *,
    reader: Reader = NOBODY,
    large: bool = False,
    silence: bool = True,
) -> Card:
    """One card of a story about these countries and topics, the most certain first."""
    now = timezone.localtime()
    head, also = headlines(story, reader)
    lead = story.lead
    silent = silent_sides(story.marks, [country.key for country in countries]) if silence else ()
    return Card(
        id=story.pk,
        url=story.get_absolute_url() + reader.story_tail,
        head=head,
        bar=bar(story.marks, size=LARGE if large else SMALL, silent=silent),
        outlets=story.source_count,
        state=sum(pair[0] for pair in story.marks.values()),
        languages=len(story.languages),
        reports=story.article_count,
        last_at=when.machine(story.last_at),
        time=when.short(story.last_at, now=now),
        pinned=bool(story.pinned_until and story.pinned_until > now),
        one_sided=story.one_sided,
        deck=isolated(lead.extract) if lead and lead.language == head.language else "",
        deck_language=lead.language if lead else "",
        deck_source=isolated(lead.source.name) if lead else "",
        deck_time=when.short(lead.at, now=now) if lead else "",
        also=also[:ALSO],
        countries=countries[:3],
        topics=topics[:2],
    )


def with_deck(card: Card, telling: Article | None) -> Card:
    """The card with the extract of the report that its headline is from; ``source`` is loaded."""
    if telling is None or telling.language != card.head.language:
        return card
    now = timezone.localtime()
    return replace(
        card,
        deck=isolated(telling.extract),
        deck_language=telling.language,
        deck_source=isolated(telling.source.name),
        deck_time=when.short(telling.at, now=now),
    )


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet beside a report: who it is at a glance."""

    slug: str
    name: str
    url: str
    colour: str
    state: bool
    ownership: str
    side: str
    side_short: str


def outlet(source: Source) -> Outlet:
    """What a line says of it."""
    return Outlet(
        slug=source.slug,
        name=isolated(source.name),
        url=source.get_absolute_url(),
        colour=COLOURS.get(source.perspective, "int"),
        state=source.steered_by_state,
        ownership=str(source.get_ownership_display()),
        side=str(source.get_perspective_display()),
        side_short=str(SHORT.get(source.perspective, source.perspective.upper())),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A report on a list."""

    id: int
    url: str  # of our record
    link: str  # of the outlet
    story_url: str
    head: Headline
    extract: str
    outlet: Outlet
    at: str
    clock: str
    day: str
    said: str = ""  # the extract with what a search asked for marked in it


def lines(found: Iterable[Article]) -> list[Line]:
    """Lines of reports; ``source`` is loaded, and ``story`` where its address is to be shown."""
    outlets: dict[int, Outlet] = {}
    made = []
    for article in found:
        if article.source_id not in outlets:
            outlets[article.source_id] = outlet(article.source)
        made.append(line(article, outlets[article.source_id]))
    return made


def line(article: Article, who: Outlet) -> Line:
    """One report."""
    story = article.story if article.story_id and Article.story.is_cached(article) else None
    return Line(
        id=article.pk,
        url=article.get_absolute_url(),
        link=article.url,
        story_url=story.get_absolute_url() if story else "",
        head=headline(article.title or article.url, article.language),
        extract=isolated(article.extract),
        outlet=who,
        at=when.machine(article.at),
        clock=when.clock(article.at),
        day=f"{timezone.localtime(article.at):%Y-%m-%d}",
    )


def by_day(found: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    """Lines under the names of their days, in their order."""
    days: list[tuple[str, list[Line]]] = []
    last = ""
    for each in found:
        if each.day != last:
            days.append((when.long_day(datetime.fromisoformat(each.day).date()), []))
            last = each.day
        days[-1][1].append(each)
    return days


def with_marks(found: Line, mark: Callable[[str], SafeString]) -> Line:
    """The line with what a search asked for marked in its headline and its extract."""
    return replace(found, head=replace(found.head, title=mark(found.head.title)), said=mark(found.extract))


def card_with_marks(found: Card, mark: Callable[[str], SafeString]) -> Card:
    """The card with what a search asked for marked in its headlines."""
    also = [replace(head, title=mark(head.title)) for head in found.also]
    return replace(found, head=replace(found.head, title=mark(found.head.title)), also=also)
