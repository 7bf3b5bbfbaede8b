"""Measure tags and stories against labelled lines: precision, recall and F1. Pure: no database, no files written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from articles.records import CleanEntry, SourceHints
from articles.story_metrics import Agreement, bcubed, pairwise
from articles.tag import tag_entry
from articles.tag.countries import CORE
from articles.tag.hosts import host_of
from articles.tag.lexicon import Lexicon


@dataclass
class Counts:
    """True and false, found and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, gold: set[str], found: set[str]) -> None:
        self.right += len(gold & found)
        self.wrong += len(found - gold)
        self.missed += len(gold - found)

    def figures(self) -> dict[str, float]:
        """Precision, recall and F1, rounded to four places, with how many there were to find."""
        precision = self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0
        recall = self.right / (self.right + self.missed) if self.right + self.missed else 1.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        return {
            "precision": round(precision, 4),
            "recall": round(recall, 4),
            "f1": round(f1, 4),
            "gold": self.right + self.missed,
        }


@dataclass
class _Tally:
    language: Counts = field(default_factory=Counts)
    relevance: Counts = field(default_factory=Counts)
    core: Counts = field(default_factory=Counts)
    countries: Counts = field(default_factory=Counts)
    topics: Counts = field(default_factory=Counts)
    by_topic: dict[str, Counts] = field(default_factory=dict)
    by_language: dict[str, dict[str, Counts]] = field(default_factory=dict)
    out: Counter[bool] = field(default_factory=Counter)  # irrelevant items: kept out or not


def score(gold: Sequence[Mapping[str, Any]], predictions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Compare labelled lines with prediction lines of the same order (both as in ``manage.py evaluate``).

    What a label leaves out (missing or null) is not counted; a null ``story`` means "alone" where any line has one.
    Raises: ValueError when the lengths differ.
    """
    tally = _Tally()
    for line, guess in zip(gold, predictions, strict=True):
        _count(tally, line.get("gold") or {}, guess)
    irrelevant = sum(tally.out.values())
    return {
        "items": len(gold),
        "language": tally.language.figures(),
        "relevance": {
            **tally.relevance.figures(),
            "irrelevant": irrelevant,
            "irrelevant_out": round(tally.out[True] / irrelevant, 4) if irrelevant else 1.0,
        },
        "countries_core": tally.core.figures(),
        "countries_all": tally.countries.figures(),
        "topics": tally.topics.figures(),
        "by_topic": {slug: counts.figures() for slug, counts in sorted(tally.by_topic.items())},
        "by_language": {
            language: {name: counts.figures() for name, counts in parts.items()}
            for language, parts in sorted(tally.by_language.items())
        },
        "stories": _stories(gold, predictions),
    }


def _count(tally: _Tally, gold: Mapping[str, Any], guess: Mapping[str, Any]) -> None:
    parts = tally.by_language.setdefault(
        gold.get("language") or "?", {"countries_core": Counts(), "topics": Counts(), "relevance": Counts()}
    )
    if gold.get("language"):
        tally.language.add({gold["language"]}, {guess.get("language") or "?"})
    if gold.get("relevant") is not None:
        wanted, found = ({"yes"} if value else set() for value in (gold["relevant"], guess.get("relevant")))
        tally.relevance.add(wanted, found)
        parts["relevance"].add(wanted, found)
        if not wanted:
            tally.out[not found] += 1
    if gold.get("countries") is not None:
        wanted, found = set(gold["countries"]), set(guess.get("countries") or ())
        tally.countries.add(wanted, found)
        tally.core.add(wanted.intersection(CORE), found.intersection(CORE))
        parts["countries_core"].add(wanted.intersection(CORE), found.intersection(CORE))
    if gold.get("topics") is not None:
        wanted, found = set(gold["topics"]), set(guess.get("topics") or ())
        tally.topics.add(wanted, found)
        parts["topics"].add(wanted, found)
        for slug in wanted | found:
            tally.by_topic.setdefault(slug, Counts()).add(wanted & {slug}, found & {slug})


def _stories(gold: Sequence[Mapping[str, Any]], predictions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Grouping of the lines whose label says something of stories; empty when none does."""
    rows = [
        (line["gold"].get("story"), guess.get("story"), line["gold"].get("language") or "")
        for line, guess in zip(gold, predictions, strict=True)
        if "story" in (line.get("gold") or {}) and line["gold"].get("relevant") is not False
    ]
    if not any(story for story, _, _ in rows):
        return {}
    truth, found, languages = [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]
    return {
        "bcubed": _agreement(bcubed(truth, found)),
        "pairs": _agreement(pairwise(truth, found)),
        "pairs_across_languages": _agreement(pairwise(truth, found, languages)),
    }


def _agreement(value: Agreement) -> dict[str, float]:
    return {"precision": round(value.precision, 4), "recall": round(value.recall, 4), "f1": round(value.f1, 4)}


def predict_tags(
    lines: Iterable[Mapping[str, Any]], lexicon: Lexicon, sources: Mapping[str, SourceHints]
) -> list[dict[str, Any]]:
    """Tag labelled lines as if they had just been fetched; ``sources`` are hints by slug of feed or outlet."""
    return [prediction(line, lexicon, sources) for line in lines]


def prediction(line: Mapping[str, Any], lexicon: Lexicon, sources: Mapping[str, SourceHints]) -> dict[str, Any]:
    """Tag one line; the line's language stands for the feed's."""
    name, url = str(line.get("source") or ""), str(line.get("url") or "")
    known = sources.get(name) or sources.get(name.casefold()) or sources.get(host_of(url)) or SourceHints()
    hints = SourceHints(
        language=str(line.get("language") or known.language),
        country=known.country,
        covers=known.covers,
        all_relevant=known.all_relevant,
        category_topics=known.category_topics,
    )
    entry = CleanEntry(title=str(line.get("title") or ""), summary=str(line.get("text") or ""), link=url)
    tags = tag_entry(entry, lexicon, hints=hints)
    return {
        "id": line.get("id"),
        "language": tags.language,
        "relevant": tags.relevant,
        "countries": [tag.key for tag in tags.countries],
        "topics": [tag.key for tag in tags.topics],
        "entities": [tag.key for tag in tags.entities],
        "story": None,
    }
