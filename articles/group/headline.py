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
_SHOUTS = ("!", "?", "…", "...", "SHOCK", "СРОЧНО", "ВИДЕО", "ФОТО", "|")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A report as a possible headline."""

    id: int
    title: str
    text: str
    language: str
    at: datetime
    ownership: str = ""
    copy: bool = False  # carries another report's text
    likeness: float = 0.0  # 0 to 1: how near it stands to the middle of its story


def lead(candidates: Iterable[Candidate], language: str = "") -> Candidate | None:
    """Return the best report in ``language``; where there is none, the best of all. None for no candidates."""
    everyone = sorted(candidates, key=lambda candidate: (candidate.at, candidate.id))
    if not everyone:
        return None
    first = everyone[0].at
    spoken = [candidate for candidate in everyone if candidate.language == language] or everyone
    return max(spoken, key=lambda candidate: (_merit(candidate, first), -candidate.id))


def leads(candidates: Iterable[Candidate]) -> Mapping[str, Candidate]:
    """Return the best report of each language of the story; under "" the best of all."""
    everyone = list(candidates)
    found = {language: lead(everyone, language) for language in ("", *sorted({c.language for c in everyone}))}
    return {language: candidate for language, candidate in found.items() if candidate is not None}


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
    says_more = min(math.log1p(len(candidate.text)) / 8, 1.0)
    return (
        early + clear + says_more + candidate.likeness + _OWNERSHIP.get(candidate.ownership, 0.0)
        - 0.4 * shouts - (1.0 if capitals > 0.6 else 0.0) - 1.5 * candidate.copy
    )  # fmt: skip
