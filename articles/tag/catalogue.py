"""Read the catalogue's files into a compiled lexicon without a database: for measuring and for tests."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from articles.records import SourceHints
from articles.tag.concepts import load_concepts
from articles.tag.countries import CORE
from articles.tag.hosts import host_of
from articles.tag.lexicon import EntityFacts, Lexicon, compile_lexicon
from articles.tag.rules import LexiconError, Term

FOLDER = Path(__file__).resolve().parent.parent / "catalogue"


def load_catalogue_lexicon(folder: Path = FOLDER) -> Lexicon:
    """Return the lexicon of the files as they are shipped.

    Raises:
        LexiconError: names the file, the line and the column of what can't be read, or the row that can't be used.
    """
    countries = load_tiers(folder)
    return compile_lexicon(
        chain(load_catalogue_terms(folder), load_concepts()),
        entities=load_entities(folder),
        countries=countries,
        topics=[topic["slug"] for topic in _read(folder / "topics.json")],
    )


def load_catalogue_terms(folder: Path = FOLDER) -> Iterator[Term]:
    """Yield every row of the JSON files. Raises LexiconError as above."""
    path = folder / "country_aliases.json"
    for code, lists in _read(path).items():
        yield from _terms(path, "country", code, lists)
    path = folder / "topics.json"
    for topic in _read(path):
        yield from _terms(path, "topic", topic["slug"], topic["terms"])
        yield from _terms(path, "topic_not", topic["slug"], topic.get("not", {}))
    path = folder / "entities.json"
    for entity in _read(path):
        yield from _terms(path, "entity", entity["id"], entity["aliases"])
    path = folder / "off_topic.json"
    for key, lists in _read(path).items():
        yield from _terms(path, "off_topic", key, lists)


def load_entities(folder: Path = FOLDER) -> list[EntityFacts]:
    """Return the facts of the entities. Raises LexiconError as above."""
    return [
        EntityFacts(
            id=entity["id"],
            type=entity["type"],
            subtype=entity.get("subtype", ""),
            countries=tuple(entity["countries"]),
            topics=tuple(entity["topics"]),
            all_members=bool(entity.get("all_members")),
            incumbent=any(role["to"] is None for role in entity.get("roles", [])),
        )
        for entity in _read(folder / "entities.json")
    ]


def load_tiers(folder: Path = FOLDER) -> dict[str, str]:
    """Return ISO2 → tier."""
    with (folder / "countries.csv").open(encoding="utf-8", newline="") as lines:
        return {row["iso2"]: row["tier"] for row in csv.DictReader(lines)}


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise LexiconError(f"{path}: {error.strerror}") from error
    except json.JSONDecodeError as error:
        raise LexiconError(f"{path}, line {error.lineno}, column {error.colno}: {error.msg}") from error


def _terms(path: Path, owner_kind: str, owner: str, lists: dict[str, list[dict[str, Any]]]) -> Iterator[Term]:
    for language, rows in lists.items():
        for row in rows:
            if not isinstance(row.get("t"), str) or not isinstance(row.get("k"), str):
                raise LexiconError(
                    f"{path}{_place(path, row)}: {owner_kind} {owner}, {language}: no text or kind: {row!r}"
                )
            yield Term(
                owner_kind=owner_kind,
                owner=owner,
                text=row["t"],
                language=language,
                kind=row["k"],
                weight=row.get("w", "strong"),
                case=bool(row.get("case")),
                requires=tuple(row.get("requires", ())),
                unless=tuple(row.get("unless", ())),
                not_=tuple(row.get("not", ())),
                ambiguous=bool(row.get("ambiguous")),
                src=row.get("src", ""),
            )


def _place(path: Path, row: dict[str, Any]) -> str:
    """Where a row stands in its file, for the person who has to mend it."""
    text = path.read_text(encoding="utf-8")
    at = text.find(json.dumps(row, ensure_ascii=False)[:60])
    return f", line {text.count(chr(10), 0, at) + 1}, column {at - text.rfind(chr(10), 0, at)}" if at >= 0 else ""


def load_source_hints(folder: Path = FOLDER) -> dict[str, SourceHints]:
    """Return what the catalogue knows of its outlets, by slug of the feed, slug and name of the outlet, and host.

    A key that several feeds share keeps only what they agree on.
    """
    found: dict[str, list[SourceHints]] = {}
    with (folder / "sources.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            covers = tuple(row["covers"].split())
            country = row["base_country"] if row["base_country"] in CORE else ""
            hints = SourceHints(language=row["language"], country=country, covers=covers)
            names = {row["slug"], row["outlet"], row["name"].casefold(), row["name"].split(" (")[0].casefold()}
            for key in {*names, host_of(row["homepage"])} - {""}:
                found.setdefault(key, []).append(hints)
    return {key: _agreed(hints) for key, hints in found.items()}


def _agreed(hints: list[SourceHints]) -> SourceHints:
    first = hints[0]
    return SourceHints(
        language=first.language if all(h.language == first.language for h in hints) else "",
        country=first.country if all(h.country == first.country for h in hints) else "",
        covers=first.covers if all(h.covers == first.covers for h in hints) else (),
    )
