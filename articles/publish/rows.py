"""What templates show of a story or a report, worked out once: marks, counts, times, languages, places and topics."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import get_language

from articles.models import Article, Source, Story, StoryCountry, StoryEntity, StoryTopic
from articles.publish import when
from articles.publish.marks import COLOURS, LARGE, SHORT, SMALL, Bar, bar, silent_sides
from articles.publish.names import Named, language_name, names

RIGHT_TO_LEFT = {"fa", "ar", "ur", "ps", "ug", "he"}
TITLE_CHARS = 300  # of a title on a list; the page of the story shows all
ALSO = 4  # other languages on a card


@dataclass(slots=True)
class Facets:
    """What one story is about, the most certain first."""

    countries: list[str] = field(default_factory=list)  # ISO2
    topics: list[str] = field(default_factory=list)  # ids, as names() keys them
    entities: list[str] = field(default_factory=list)  # ids


def facets_of(story_ids: Collection[int], *, entities: bool = False) -> dict[int, Facets]:
    """Countries and topics (and entities) of these stories, in one query."""
    text = CharField()
    parts = [
        model.objects.filter(story_id__in=story_ids)
        .order_by()
        .values_list("story_id", Value(name, text), Cast(F(key), text), "weight")
        for model, name, key in (
            (StoryCountry, "countries", "country_id"),
            (StoryTopic, "topics", "topic_id"),
            *(((StoryEntity, "entities", "entity_id"),) if entities else ()),
        )
    ]
    found: dict[int, Facets] = {pk: Facets() for pk in story_ids}
    if story_ids:
        rows = parts[0].union(*parts[1:], all=True)
        for story_id, name, key, _weight in sorted(rows, key=lambda row: (-row[3], str(row[2]))):
            getattr(found[story_id], name).append(str(key).strip())
    return found


@dataclass(frozen=True, slots=True)
class Headline:
    """One headline in its language."""

    title: str
    language: str
    direction: str
    language_name: str


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
    stories: Iterable[Story], facets: Mapping[int, Facets], *, large: bool = False, silence: bool = True
) -> list[Card]:
    """Cards with the headline of the page's language first where the story has one; ``lead.source`` is loaded."""
    now = timezone.localtime()
    return [card(story, facets.get(story.pk, Facets()), now=now, large=large, silence=silence) for story in stories]


def card(story: Story, about: Facets, *, now: datetime, large: bool = False, silence: bool = True) -> Card:
    """One card."""
    head, also = headlines(story)
    lead = story.lead
    known = names()
    return Card(
        id=story.pk,
        url=story.get_absolute_url(),
        head=head,
        bar=bar(
            story.marks,
            size=LARGE if large else SMALL,
            silent=silent_sides(story.marks, about.countries) if silence else (),
        ),
        outlets=story.source_count,
        state=sum(pair[0] for pair in story.marks.values()),
        languages=len(story.languages),
        reports=story.article_count,
        last_at=when.machine(story.last_at),
        time=when.short(story.last_at, now=now),
        pinned=bool(story.pinned_until and story.pinned_until > now),
        one_sided=story.one_sided,
        deck=lead.extract if lead and lead.language == head.language else "",
        deck_language=lead.language if lead else "",
        deck_source=lead.source.name if lead else "",
        deck_time=when.short(lead.at, now=now) if lead else "",
        also=also[:ALSO],
        countries=[known.countries[code] for code in about.countries if code in known.countries][:3],
        topics=[known.topics[key] for key in about.topics if key in known.topics][:2],
    )


def headlines(story: Story) -> tuple[Headline, list[Headline]]:
    """The headline to show first (an editor's, else of the page's language, else the story's own), and the others."""
    page = get_language() or "en"
    title, language = story.headline or story.title, story.language
    if not story.headline and page in story.titles:
        title, language = story.titles[page]["title"], page
    others = [headline(told["title"], code) for code, told in story.titles.items() if code != language]
    return headline(title, language), others


def headline(title: str, language: str) -> Headline:
    """Cut for lists; an empty title is never shown as nothing."""
    cut = title if len(title) <= TITLE_CHARS else title[: TITLE_CHARS - 1].rstrip() + "…"
    return Headline(cut or "…", language, direction(language), language_name(language))


def direction(language: str) -> str:
    """The direction of writing."""
    return "rtl" if language.partition("-")[0] in RIGHT_TO_LEFT else "ltr"


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
        name=source.name,
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
        extract=article.extract,
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
