"""The filters of a list as a form of plain selects, and what is chosen as links that take it away again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models.source import Ownership, Perspective
from articles.publish.names import language_name, names
from articles.publish.query import ListQuery

LANGUAGES = ("en", "ru", "kk", "ky", "uz", "tg", "tk", "fr", "tr", "az", "fa", "zh", "de", "uk")
SAID = 12  # values of one filter that are named
HIDDEN = ("q", "entity", "source", "sort")  # kept while other filters change


@dataclass(frozen=True, slots=True)
class Field:
    """One select."""

    name: str
    label: str
    none: str
    options: list[tuple[str, str]]
    chosen: str


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter in force; its link is the same page without it."""

    text: str
    url: str


def form(query: ListQuery, given: Mapping[str, str], *, whole: bool = False) -> list[Field]:
    """The selects of a page; ``whole`` adds country and topic, which other pages have in their path.

    The list of one outlet has neither side nor owner to choose.
    """
    tongues = [(code, language_name(code)) for code in LANGUAGES]
    sides = told(Perspective.choices)
    owner = query.ownership or query.owner
    fields = [
        Field("language", _("Language"), _("Any language"), several(tongues, query.language), query.language),
        Field("perspective", _("Side"), _("Any side"), several(sides, query.perspective), query.perspective),
        Field("owner", _("Owner"), _("Any owner"), several(told(Ownership.choices), owner), owner),
        Field("from", _("Period"), _("Any time"), periods(), given.get("from", "")),
    ]
    if query.source and not whole:
        fields = [field for field in fields if field.name in {"language", "from"}]
    if whole:
        known = names()
        places = [(found.slug, found.name) for found in known.countries.values()]
        subjects = [(found.slug, found.name) for found in known.topics.values()]
        fields[:0] = [
            Field("country", _("Country"), _("Any country"), places, given.get("country", "")),
            Field("topic", _("Topic"), _("Any topic"), subjects, given.get("topic", "")),
        ]
    return fields


def several(options: list[tuple[str, str]], chosen: str) -> list[tuple[str, str]]:
    """The options, and one more for several values chosen at once (``kk ru``), which a select can't say otherwise."""
    if " " not in chosen:
        return options
    words = dict(options)
    return [*options, (chosen, ", ".join(words.get(value, value) for value in chosen.split()))]


def told(choices: Sequence[tuple[str, Any]]) -> list[tuple[str, str]]:
    """Choices with their labels in the language of the page."""
    return [(key, str(label)) for key, label in choices]


def periods() -> list[tuple[str, str]]:
    """Days from which a list may begin."""
    today = timezone.localdate()
    spans = ((0, _("Today")), (6, _("Seven days")), (29, _("30 days")), (364, _("One year")))
    return [(f"{today - timedelta(days=back):%Y-%m-%d}", text) for back, text in spans]


def chips(given: Mapping[str, str], path: str) -> list[Chip]:
    """What narrows the list now, each with the address without it."""
    found = []
    for name, value in given.items():
        if name in {"sort", "kind", "limit", "q"}:
            continue
        rest = urlencode({other: kept for other, kept in given.items() if other != name})
        if said := in_words(name, value):
            found.append(Chip(said, f"{path}?{rest}" if rest else path))
    return found


def in_words(name: str, value: str) -> str:
    """One filter as people say it."""
    words = value.split()[:SAID]
    if name == "language":
        return ", ".join(map(language_name, words))
    if name == "perspective" and set(words) <= set(Perspective.values):
        return ", ".join(str(Perspective(word).label) for word in words)
    if name in {"owner", "ownership"} and set(words) <= set(Ownership.values):
        return ", ".join(str(Ownership(word).label) for word in words)
    if name == "country":
        known = names()
        places = [known.country(word.lower()) or known.countries.get(word.upper()) for word in words]
        return ", ".join(place.name for place in places if place) or value[:60]
    if name == "topic":
        return ", ".join(subject.name for word in words if (subject := names().topic(word))) or value[:60]
    if name == "one_sided":
        return _("reported from one side alone") if value in {"1", "true", "yes"} else ""
    if name in {"from", "to"}:
        told = _("from %(day)s") if name == "from" else _("until %(day)s")
        period = next((text for day, text in periods() if day == value), "")
        return period if period and name == "from" else told % {"day": value[:25]}
    return value[:60]
