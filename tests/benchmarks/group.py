"""Speed and memory of the grouper: fills a window of seven days, then adds more; prints one line of JSON.

    python -m tests.benchmarks.group [--window 100000] [--more 5000]

The reports are made up: words by a power law in five languages, tags of real lists, every fifth report about an event
that others tell as well, every tenth a template of one outlet (exchange rates). The second figure adds as many
to a window ten times smaller, for comparison in the same run.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from articles.group import Grouper
from articles.records import Report
from tests.benchmarks.stories import ROOT

START = datetime(2025, 11, 1, tzinfo=UTC)
WINDOW = timedelta(days=7)
LETTERS = {
    "ru": "авеиклмнорст",
    "kk": "аәеқлмнорстұы",
    "uz": "aeiklmnoqrst",
    "en": "aeihlnorstdu",
    "tg": "аӣеклмнорстҷ",
}
SYLLABLES = 5_000  # distinct words of a language


def reports(count: int, *, start: datetime, span: timedelta, seed: int) -> Iterator[Report]:
    """Yield made-up reports evenly spread over a span."""
    chance = random.Random(seed)
    entities = [entity["id"] for entity in json.loads((ROOT / "articles/catalogue/entities.json").read_text("utf-8"))]
    topics = [topic["slug"] for topic in json.loads((ROOT / "articles/catalogue/topics.json").read_text("utf-8"))]
    words = {language: _vocabulary(letters, chance) for language, letters in LETTERS.items()}
    events: list[tuple[str, tuple[str, ...], tuple[str, ...], list[str]]] = []
    for number in range(count):
        language = chance.choice(list(LETTERS))
        told = chance.random()
        if told < 0.2 and events:
            language, named, placed, core = chance.choice(events[-400:])
            text = core + _text(words[language], chance, 45)
        else:
            named = tuple({_zipf(entities, chance) for _ in range(3)})
            placed = tuple({chance.choice(("KZ", "KG", "TJ", "TM", "UZ", "RU", "CN")) for _ in range(2)})
            text = _text(words[language], chance, 60)
            events.append((language, named, placed, text[:15]))
        if told > 0.9:
            language, named, text = "ru", (), f"курс валют нацбанка доллар {number} рубль {number % 97} евро".split()
        yield Report(
            id=seed * 10_000_000 + number, title=" ".join(text[:10]).capitalize(), text=" ".join(text[10:]),
            language=language, at=start + span * (number / count), source=f"outlet-{chance.randrange(300)}",
            owner=f"owner-{chance.randrange(200)}", countries=placed, topics=(chance.choice(topics),), entities=named,
        )  # fmt: skip


def _vocabulary(letters: str, chance: random.Random) -> list[str]:
    return ["".join(chance.choices(letters, k=chance.randint(4, 10))) for _ in range(SYLLABLES)]


def _zipf(values: list[str], chance: random.Random) -> str:
    return values[min(int(chance.paretovariate(0.35)) - 1, len(values) - 1)]


def _text(words: list[str], chance: random.Random, size: int) -> list[str]:
    text = [_zipf(words, chance) for _ in range(size)]
    return [word.capitalize() if chance.random() < 0.08 else word for word in text]


def filled(count: int) -> Grouper:
    """Return a grouper with a full window."""
    grouper = Grouper()
    for report in reports(count, start=START, span=WINDOW * 0.9, seed=1):
        grouper.load(report, report.id)
    return grouper


def rate(grouper: Grouper, more: int) -> float:
    """Add reports; return reports a second of processor time."""
    coming = list(reports(more, start=START + WINDOW * 0.9, span=WINDOW * 0.05, seed=2))
    began = time.process_time()
    for report in coming:
        grouper.add(report)
    return more / (time.process_time() - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--window", type=int, default=100_000)
    parser.add_argument("--more", type=int, default=5_000)
    options = parser.parse_args()
    small = rate(filled(options.window // 10), options.more)
    began = time.process_time()
    grouper = filled(options.window)
    seconds = time.process_time() - began
    large = rate(grouper, options.more)
    figures = {
        "window": options.window,
        "added": options.more,
        "reports_per_second": round(large),
        "reports_per_second_in_a_tenth": round(small),
        "load_seconds": round(seconds, 1),
        "largest_story": max(len(story.slots) + len(story.copies) for story in grouper.stories.values()),
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
