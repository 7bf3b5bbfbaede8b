"""Run labelled items through clean, tag and group in memory and print precision, recall and F1; nothing is stored."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.clean import clean_entry
from articles.evaluation import predict_tags, score
from articles.group import group_all
from articles.lexicon import current_lexicon
from articles.models import Feed, Term
from articles.records import Entry, Report, SourceHints
from articles.tag.catalogue import load_catalogue_lexicon, load_source_hints

DAY_CHARS = len("2026-11-23")
UNDATED = datetime(9999, 1, 1, tzinfo=UTC)  # orders after every date
TABLE = ("language", "relevance", "countries_core", "countries_all", "topics")


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.jsonl", help="labelled items, one JSON object a line")
        parser.add_argument("--predictions", type=Path, metavar="OUT.jsonl", help="write what was found, a line each")
        parser.add_argument("--json", action="store_true", help="print the figures as one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        lines = read_lines(options["file"])
        predictions = predict(lines)
        if options["predictions"]:
            text = "".join(json.dumps(found, ensure_ascii=False) + "\n" for found in predictions)
            options["predictions"].write_text(text, encoding="utf-8")
        figures = score(lines, predictions)
        if options["json"]:
            self.stdout.write(json.dumps(figures, ensure_ascii=False))
        else:
            self.print_table(figures)

    def print_table(self, figures: Mapping[str, Any]) -> None:
        rows = [(name, figures[name]) for name in TABLE]
        rows += [(f"topic {slug}", found) for slug, found in figures["by_topic"].items()]
        rows += [(f"stories, {name}", found) for name, found in figures["stories"].items()]
        self.stdout.write(f"{figures['items']} items{'':<22} precision  recall      F1")
        for name, found in rows:
            self.stdout.write(f"{name:<32} {found['precision']:>9.3f} {found['recall']:>7.3f} {found['f1']:>7.3f}")
        kept_out = figures["relevance"]["irrelevant_out"]
        self.stdout.write(f"{figures['relevance']['irrelevant']} irrelevant items, {kept_out:.0%} of them kept out")


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The labelled lines; a broken one is named by its number."""
    lines: list[dict[str, Any]] = []
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path}: {error}") from error
    for number, row in enumerate(text.splitlines(), 1):
        if not row.strip():
            continue
        try:
            line = json.loads(row)
        except json.JSONDecodeError as error:
            raise CommandError(f"{path}, line {number}, column {error.colno}: {error.msg}") from error
        if not isinstance(line, dict) or "id" not in line or not isinstance(line.get("title"), str):
            raise CommandError(f"{path}, line {number}: an object with id and title was expected")
        lines.append(line)
    return lines


def predict(lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Clean, tag and group; stories are named s1, s2 … in the order in which they begin."""
    cleaned = [clean_line(line) for line in lines]
    lexicon = current_lexicon().lexicon if Term.objects.exists() else load_catalogue_lexicon()
    predictions = predict_tags(cleaned, lexicon, source_hints())
    order = sorted(range(len(lines)), key=lambda place: (line_date(lines[place]), place))
    relevant = [place for place in order if predictions[place]["relevant"]]
    stories = group_all([report(place, cleaned[place], predictions[place]) for place in relevant])
    names: dict[int, str] = {}
    for place, story in zip(relevant, stories, strict=True):
        predictions[place]["story"] = names.setdefault(story, f"s{len(names) + 1}")
    return predictions


def clean_line(line: Mapping[str, Any]) -> dict[str, Any]:
    """The line with its words as the cleaner leaves them."""
    entry = clean_entry(
        Entry(title=line["title"], summary=str(line.get("text") or ""), link=str(line.get("url") or "")),
        declared_language=str(line.get("language") or ""),
    )
    return {**line, "title": entry.title, "text": entry.summary or entry.text}


def line_date(line: Mapping[str, Any]) -> datetime:
    """The time of a line, noon UTC where it names a day only; lines without one come last."""
    try:
        at = datetime.fromisoformat(str(line.get("date")))
    except ValueError:
        return UNDATED
    if len(str(line["date"])) <= DAY_CHARS:
        at = at.replace(hour=12)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def report(place: int, line: Mapping[str, Any], found: Mapping[str, Any]) -> Report:
    """One line as the grouper sees it."""
    at = line_date(line)
    source = str(line.get("source") or "")
    return Report(
        id=place,
        title=line["title"],
        text=line["text"],
        language=found["language"],
        at=at,
        source=source,
        owner=source,
        countries=tuple(found["countries"]),
        topics=tuple(found["topics"]),
        entities=tuple(found["entities"]),
        dated=at != UNDATED,
    )


def source_hints() -> dict[str, SourceHints]:
    """What is known of sources by slug, name and host: from the catalogue's files, and above them the database."""
    hints = load_source_hints()
    for feed in Feed.objects.select_related("source"):
        hints.setdefault(feed.source.slug, feed.hints())
        if feed.slug:
            hints[feed.slug] = feed.hints()
    return hints
