"""Choose the report that speaks for a story: clear, early, from an outlet that says more than the wire."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

_GOOD_CHARS = (35, 110)  # shorter says too little, longer is cut on every list
_EARLY_HOURS = 6.0  # after which half of the advantage of being first is gone
_OWNERSHIP = {
    "state": -0.5,
    "state-affiliated": -0.4,
    "independent": 0.6,
    "exile": 0.4,
    "public-service": 0.4,
    "commercial": 0.2,
}
_KIND = {"news": 0.2, "official": -0.3}  # of the outlet
_SHOUTS = ("!", "?", "…", "...", "SHOCK", "СРОЧНО", "ВИДЕО", "ФОТО", "|")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A report as a possible headline."""

    id: int
    title: str
    summary: str
    language: str
    at: datetime
    ownership: str = ""
    kind: str = ""  # of the outlet: "news", "analysis", "official" …
    copy: bool = False  # carries another report's text


@dataclass(frozen=True, slots=True)
class Headlines:
    """The report that speaks for the story, and the one that does in each language of it."""

    lead: int
    by_language: Mapping[str, int]


def choose_headline(candidates: Iterable[Candidate]) -> Headlines:
    """Choose among the reports of a story. Raises: ValueError when there are none."""
    everyone = sorted(candidates, key=lambda candidate: (candidate.at, candidate.id))
    if not everyone:
        raise ValueError("a story without reports has no headline")
    first = everyone[0].at
    ranked = sorted(everyone, key=lambda candidate: (-_merit(candidate, first), candidate.id))
    by_language: dict[str, int] = {}
    for candidate in ranked:
        if candidate.language and candidate.title:
            by_language.setdefault(candidate.language, candidate.id)
    return Headlines(ranked[0].id, by_language)


def _merit(candidate: Candidate, first: datetime) -> float:
    """Add up what makes a good headline, in units of "an outlet of its own voice" (about half a point each)."""
    hours = max((candidate.at - first).total_seconds() / 3600, 0.0)
    early = 0.5 ** (hours / _EARLY_HOURS)
    low, high = _GOOD_CHARS
    length = len(candidate.title)
    clear = 1.0 - max((low - length) / low, (length - high) / high, 0.0)
    shouts = sum(mark in candidate.title for mark in _SHOUTS)
    letters = [letter for letter in candidate.title if letter.isalpha()]
    capitals = sum(letter.isupper() for letter in letters) / max(len(letters), 1)
    says_more = min(math.log1p(len(candidate.summary)) / 8, 1.0)
    return (
        early + clear + says_more + _OWNERSHIP.get(candidate.ownership, 0.0) + _KIND.get(candidate.kind, 0.0)
        - 0.4 * shouts - (1.0 if capitals > 0.6 else 0.0) - 1.5 * candidate.copy
    )  # fmt: skip
