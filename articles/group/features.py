"""What the grouper keeps of a report: features as small numbers, a sketch of its text, and the words behind them."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zlib import crc32

from articles.group import copies, words
from articles.group.concepts import Concepts
from articles.group.embedding import Embedder, embed
from articles.records import Report

KINDS = ("entity", "country", "topic", "concept", "word", "name", "number", "date")
ENTITY, COUNTRY, TOPIC, CONCEPT, WORD, NAME, NUMBER, DATE = range(len(KINDS))
KIND_MASK = 7  # the kind stands in the lowest three bits of a feature
GRAM = 4  # letters of a character n-gram
MAX_GRAMS = 220
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Item:
    """One report in the window."""

    id: int
    hours: float  # since 2000; NaN when the date is unknown
    since: float  # hours by which it ages out of the window; like ``hours``, but known for undated reports as well
    language: str
    source: str
    owner: str
    features: array[int]  # distinct, see feature(); title and text
    grams: array[int]  # distinct hashes of character n-grams of the folded title and text
    sketch: copies.Sketch
    stages: frozenset[str]
    vector: array[float] = field(default_factory=lambda: array("f"))  # of the optional sentence model
    labels: dict[int, str] = field(default_factory=dict)  # feature → word in the text; emptied once it is in the window


def feature(kind: int, key: str) -> int:
    """Return the 32-bit number of a feature; the same in every process, so that a prior can be shipped."""
    return crc32(f"{kind}:{key}".encode()) & ~KIND_MASK | kind


def entity_feature(slug: str) -> int:
    """Return the feature of an entity of the lexicon."""
    return feature(ENTITY, slug)


def item(report: Report, concepts: Concepts, embedder: Embedder | None = None) -> Item:
    """Read all features of a report."""
    found = words.bag(report.title, report.text, report.language, concepts)
    labels: dict[int, str] = {}
    for kind, keys in (
        (ENTITY, dict.fromkeys(report.entities)),
        (COUNTRY, dict.fromkeys(report.countries)),
        (TOPIC, dict.fromkeys(report.topics)),
        (CONCEPT, found.concepts),
        (WORD, found.words),
        (NAME, found.names),
        (NUMBER, found.numbers),
        (DATE, found.dates),
    ):
        for key, text in keys.items():
            labels[feature(kind, key)] = text or key
    return Item(
        id=report.id,
        hours=hours(report.at) if report.dated else float("nan"),
        since=hours(report.at),
        language=report.language,
        source=report.source,
        owner=report.owner,
        features=array("I", labels),
        grams=array("H", sorted(_grams(found.folded))),
        sketch=copies.sketch(found.folded),
        stages=frozenset(found.stages),
        labels=labels,
        vector=embed(embedder, report.title, report.text) if embedder else array("f"),
    )


def hours(at: datetime) -> float:
    """Return hours since the year 2000."""
    return (at - _EPOCH).total_seconds() / 3600


def _grams(folded: Iterable[str]) -> set[int]:
    grams: set[int] = set()
    for word in folded:
        if len(word) >= 3 and not word.isdigit():
            padded = f" {word[:12]} "
            for start in range(max(len(padded) - GRAM + 1, 1)):
                grams.add(crc32(padded[start : start + GRAM].encode()) & 0xFFFF)
        if len(grams) >= MAX_GRAMS:
            break
    return grams
