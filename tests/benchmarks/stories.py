"""Labelled lines as the grouper sees them, and how well they are grouped.

python -m tests.benchmarks.stories FILE.jsonl …

The name "sample" stands for the sample edition.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from articles.group import GroupSettings, group_all
from articles.records import CleanEntry, Report, SourceHints
from articles.sample.edition import gold_lines, load_edition
from articles.story_metrics import bcubed, pairwise
from articles.tag import tag_entry
from articles.tag.catalogue import load_catalogue_lexicon, load_source_hints

ROOT = Path(__file__).resolve().parents[2]
SAMPLE_NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
NO_DATE = datetime(9999, 1, 1, tzinfo=UTC)

Labelled = list[tuple[Report, str | None]]


def read_reports(path: Path) -> Labelled:
    """Tag the relevant lines of a labelled file; return them with their stories, ordered by date, undated last."""
    lexicon, hints = load_catalogue_lexicon(), load_source_hints()
    found: Labelled = []
    for number, row in enumerate(path.read_text("utf-8").splitlines()):
        line = json.loads(row)
        if line["gold"].get("relevant") is False:
            continue
        entry = CleanEntry(title=line["title"], summary=line.get("text") or "", link=line.get("url") or "")
        tags = tag_entry(entry, lexicon, hints=hints.get(line.get("source") or "", SourceHints()))
        date = line.get("date")
        found_report = Report(
            id=number, title=entry.title, text=entry.summary, language=tags.language,
            at=datetime.fromisoformat(date).replace(tzinfo=UTC) if date else NO_DATE, dated=bool(date),
            source=line.get("source") or "", owner=line.get("source") or "",
            countries=tuple(tag.key for tag in tags.countries), topics=tuple(tag.key for tag in tags.topics),
            entities=tuple(tag.key for tag in tags.entities),
        )  # fmt: skip
        found.append((found_report, line["gold"].get("story")))
    return sorted(found, key=lambda pair: (pair[0].at, pair[0].id))


def sample_reports() -> Labelled:
    """The relevant reports of the sample edition with their events: a dense week of our own, with fuller texts."""
    import django

    django.setup()
    from articles.evaluation import predict_tags
    from articles.management.commands.evaluate import clean_line, report

    lines = [line for line in gold_lines(load_edition(), now=SAMPLE_NOW) if line["gold"]["relevant"]]
    found = predict_tags(cleaned := [clean_line(line) for line in lines], load_catalogue_lexicon(), load_source_hints())
    reports = [report(place, line, found[place]) for place, line in enumerate(cleaned)]
    pairs = [(each, line["gold"].get("story")) for each, line in zip(reports, lines, strict=True)]
    return sorted(pairs, key=lambda pair: (pair[0].at, pair[0].id))


def read(name: str) -> Labelled:
    """A labelled file, or the sample edition."""
    return sample_reports() if name == "sample" else read_reports(Path(name))


def measure(labelled: Labelled, settings: GroupSettings | None = None) -> dict[str, float]:
    """Group and compare."""
    reports = [each for each, _ in labelled]
    gold = [story for _, story in labelled]
    found = group_all(reports, settings)
    pairs, across = pairwise(gold, found), pairwise(gold, found, [each.language for each in reports])
    return {
        "reports": len(reports),
        "pairs_f1": round(pairs.f1, 4),
        "pairs_precision": round(pairs.precision, 4),
        "pairs_recall": round(pairs.recall, 4),
        "across_f1": round(across.f1, 4),
        "bcubed_f1": round(bcubed(gold, found).f1, 4),
    }


if __name__ == "__main__":
    print(json.dumps({name: measure(read(name)) for name in sys.argv[1:]}))
