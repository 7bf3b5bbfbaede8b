"""Count in how many public texts each feature stands; writes articles/group/rarity_prior.json.

    python -m tests.benchmarks.rarity_prior

Texts: the labelled sets that may be tuned on and the real feeds of the shared test data folder. Only counts are kept.
A word counts by its share in the language where it is most frequent: in a language of few reports a common word would
look rare otherwise.
"""

from __future__ import annotations

import json
import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import feedparser

from articles.group.concepts import shipped
from articles.group.features import KIND_MASK, NAME, WORD, item
from articles.group.window import PRIOR_FILE
from articles.records import CleanEntry, Report, SourceHints
from articles.tag import tag_entry
from articles.tag.catalogue import load_catalogue_lexicon
from tests.benchmarks.stories import ROOT, read_reports

SHARED = Path(os.environ.get("SHARED_DATA", ROOT.parent / "shared"))
MIN_COUNT = 4  # texts: what is rarer is left to the window
MIN_LANGUAGE = 20  # texts of a language, below which its shares mean nothing
PER_FEED = 12


def labelled() -> list[Report]:
    """Return the reports that may be tuned on."""
    files = (SHARED / "labelled/dev.jsonl", ROOT / "tests/data/labelled/tune.jsonl")
    return [report for file in files for report, _ in read_reports(file)]


def from_feeds(template: Report) -> Iterator[Report]:
    """Yield the first items of each real feed."""
    lexicon = load_catalogue_lexicon()
    for path in sorted((SHARED / "feeds/real").iterdir()):
        parsed = feedparser.parse(path.read_bytes())
        for entry in parsed.entries[:PER_FEED]:
            clean = CleanEntry(title=str(entry.get("title", ""))[:300])
            tags = tag_entry(clean, lexicon, hints=SourceHints())
            yield Report(
                id=0, title=clean.title, text="", language=tags.language, at=template.at, source=path.name, owner="",
                countries=tuple(tag.key for tag in tags.countries), topics=tuple(tag.key for tag in tags.topics),
                entities=tuple(tag.key for tag in tags.entities),
            )  # fmt: skip


def shares(reports: list[Report], *, with_tags: int) -> dict[int, float]:
    """Return feature → share; tags and concepts are counted in the first ``with_tags`` reports, words in all."""
    tagged: Counter[int] = Counter()
    words: dict[str, Counter[int]] = defaultdict(Counter)
    sizes: Counter[str] = Counter()
    for number, report in enumerate(reports):
        found = item(report, shipped())
        sizes[report.language] += 1
        for each in found.features:
            if each & KIND_MASK in (WORD, NAME):
                words[report.language][each] += 1
            elif number < with_tags:
                tagged[each] += 1
    result = {each: count / with_tags for each, count in tagged.items() if count >= MIN_COUNT}
    for language, counts in words.items():
        for each, count in counts.items():
            if count >= MIN_COUNT and sizes[language] >= MIN_LANGUAGE:
                result[each] = max(result.get(each, 0.0), count / sizes[language])
    return result


def main() -> None:
    reports = labelled()
    tagged = len(reports)
    reports += from_feeds(reports[0])
    found = shares(reports, with_tags=tagged)
    PRIOR_FILE.write_text(json.dumps({str(k): round(v, 4) for k, v in sorted(found.items())}, indent=0) + "\n", "utf-8")
    print(json.dumps({"reports": len(reports), "features": len(found)}))


if __name__ == "__main__":
    main()
