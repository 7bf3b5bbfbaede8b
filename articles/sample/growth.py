"""Made-up events told by the outlets of the catalogue, in words of the lexicon: an archive of any size."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

T = TypeVar("T")
SIZES = (1, 1, 1, 2, 2, 3, 4, 6, 8, 22)  # reports of an event: five on average
LASTS = timedelta(hours=20)  # from the first report of an event to its last
TITLE, SUMMARY = 6, 22  # words
COMMON = 0.3  # share of events that are about one of the first two countries


@dataclass(frozen=True, slots=True)
class World:
    """What events are made of; ``words`` by language, the most common first."""

    countries: Sequence[str]
    topics: Sequence[int]
    entities: Sequence[tuple[int, str]]  # id and name
    outlets: Sequence[tuple[int, int, str]]  # id, id of a feed, language
    words: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Report:
    """One report of an event."""

    outlet: int
    feed: int
    language: str
    title: str
    summary: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """One event with its reports in order."""

    countries: tuple[str, ...]
    topics: tuple[int, ...]
    entities: tuple[int, ...]
    reports: tuple[Report, ...]


def events(world: World, *, articles: int, end: datetime, per_day: int, seed: int = 1) -> Iterator[Event]:
    """Yield events with so many reports in all, so many a day, up to ``end``, the oldest first."""
    chance = random.Random(seed)  # nosec B311
    left, at = articles, end - timedelta(days=articles / per_day)
    between = timedelta(days=1) / per_day
    while left > 0:
        size = min(chance.choice(SIZES), left)
        yield event(world, chance, size, at=at, end=end)
        left -= size
        at += between * size


def event(world: World, chance: random.Random, size: int, *, at: datetime, end: datetime) -> Event:
    """One event that begins then."""
    places = [zipf(world.countries, chance)]
    if chance.random() < COMMON:
        places.append(world.countries[0])
    named = [zipf(world.entities, chance) for _ in range(chance.randint(1, 3))]
    told = [name for _, name in named]
    reports = []
    for number in range(size):
        outlet, feed, language = chance.choice(world.outlets)
        words = world.words.get(language) or world.words["en"]
        title = [zipf(words, chance) for _ in range(TITLE)]
        title.insert(chance.randint(0, TITLE), chance.choice(told))
        summary = [zipf(words, chance) for _ in range(SUMMARY)]
        when = min(at + LASTS * (number / size) * chance.random(), end)
        reports.append(Report(outlet, feed, language, sentence(title), sentence(summary), when))
    return Event(
        tuple(dict.fromkeys(places)),
        tuple({zipf(world.topics, chance) for _ in range(chance.randint(1, 2))}),
        tuple(dict.fromkeys(pk for pk, _ in named)),
        tuple(sorted(reports, key=lambda report: report.at)),
    )


def zipf(values: Sequence[T], chance: random.Random) -> T:
    """One of the values, the first ones most often."""
    return values[min(int(chance.paretovariate(0.6)) - 1, len(values) - 1)]


def sentence(words: Sequence[str]) -> str:
    text = " ".join(words)
    return text[:1].upper() + text[1:]
