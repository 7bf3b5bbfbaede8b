"""What templates show of a story or a report, worked out once: marks as SVG paths, counts, times, languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from articles.models import Article, Story
from articles.models.source import Perspective

RIGHT_TO_LEFT = {"fa", "ar", "ur", "ps", "ug", "he"}
COLOURS = {
    "kz": "own", "kg": "own", "tj": "own", "tm": "own", "uz": "own", "regional": "own", "ru": "ru", "cn": "cn",
    "tr": "near", "az": "near", "ir": "near", "western": "west", "international": "int", "unknown": "int",
}  # fmt: skip
MARK, GAP, GROUP_GAP, HEIGHT = 7, 2, 5, 11  # units of the drawing
CARD_CHARS = 300  # of a title on a list; the story's page shows all


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a story: what to draw and what to say."""

    key: str
    name: str
    colour: str
    count: int
    filled: str  # SVG path of marks of outlets that a state owns or steers
    open: str  # of the others


@dataclass(frozen=True, slots=True)
class Bar:
    """The perspective bar: one outlet, one mark."""

    sides: list[Side]
    width: int
    height: int = HEIGHT


def bar(marks: Mapping[str, Any]) -> Bar:
    """Draw ``Story.marks``; length is volume, so a story of three never looks like a story of thirty."""
    x, sides = 0, []
    for key in Perspective.values:
        if key not in marks:
            continue
        filled, opened = marks[key]
        paths = ["", ""]
        for number in range(filled + opened):
            kind = 0 if number < filled else 1
            inset = 0.75 * kind
            w, h = MARK - 2 * inset, HEIGHT - 2 * inset
            paths[kind] += f"M{x + inset:g} {inset:g}h{w:g}v{h:g}h-{w:g}z"
            x += MARK + GAP
        x += GROUP_GAP
        name = str(Perspective(key).label)
        sides.append(Side(key, name, COLOURS[key], filled + opened, paths[0], paths[1]))
    return Bar(sides, max(x - GAP - GROUP_GAP, 1))


@dataclass(frozen=True, slots=True)
class Card:
    """A story on a list."""

    id: int
    url: str
    title: str
    language: str
    direction: str
    bar: Bar
    outlets: int
    languages: int
    last_at: datetime
    time: str
    pinned: bool
    one_sided: str
    deck: str
    deck_source: str
    also: list[dict[str, str]]


def cards(stories: Iterable[Story], *, language: str) -> list[Card]:
    """Cards with the headline of the page's language first where the story has one."""
    now = timezone.localtime()
    return [card(story, language=language, now=now) for story in stories]


def card(story: Story, *, language: str, now: datetime) -> Card:
    """One card; ``story.lead`` with its source should be loaded."""
    title, spoken = story.headline or story.title, story.language
    if not story.headline and language in story.titles:
        title, spoken = story.titles[language]["title"], language
    also = [
        {"language": code, "title": told["title"][:CARD_CHARS], "direction": direction(code)}
        for code, told in story.titles.items()
        if code != spoken
    ]
    lead = story.lead
    return Card(
        id=story.pk,
        url=story.get_absolute_url(),
        title=title[:CARD_CHARS],
        language=spoken,
        direction=direction(spoken),
        bar=bar(story.marks),
        outlets=story.source_count,
        languages=len(story.languages),
        last_at=story.last_at,
        time=short_time(story.last_at, now=now),
        pinned=bool(story.pinned_until and story.pinned_until > now),
        one_sided=story.one_sided,
        deck=lead.extract if lead else "",
        deck_source=lead.source.name if lead else "",
        also=also[:4],
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A report on a list."""

    article: Article
    direction: str
    colour: str
    filled: bool
    time: str
    day: str
    ownership: str
    side: str


def lines(found: Iterable[Article]) -> list[Line]:
    """Lines of reports; ``source`` must be loaded."""
    now = timezone.localtime()
    made = []
    for article in found:
        source = article.source
        local = timezone.localtime(article.at)
        made.append(
            Line(
                article=article,
                direction=direction(article.language),
                colour=COLOURS.get(source.perspective, "int"),
                filled=source.steered_by_state,
                time=short_time(article.at, now=now),
                day=f"{local:%Y-%m-%d}",
                ownership=str(source.get_ownership_display()),
                side=str(source.get_perspective_display()),
            )
        )
    return made


def direction(language: str) -> str:
    """The direction of writing."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def short_time(at: datetime, *, now: datetime) -> str:
    """The time today, else the day."""
    local = timezone.localtime(at)
    return f"{local:%H:%M}" if local.date() == now.date() else f"{local.day}.{local:%m.%Y}"
