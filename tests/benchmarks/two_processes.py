"""Parse, clean and tag on two processes beside one, in the same run: entries a second and their ratio.

Run: python -m tests.benchmarks.two_processes [rounds]
"""

from __future__ import annotations

import json
import multiprocessing
import sys
import time
from datetime import UTC, datetime
from functools import cache

from articles.records import Response, SourceHints
from articles.sample.edition import load_edition
from articles.sample.render import documents_at
from articles.sandbox import read_here
from articles.tag import tag_entry
from articles.tag.catalogue import load_catalogue_lexicon
from articles.tag.lexicon import Lexicon

NOW = datetime(2026, 11, 25, tzinfo=UTC)


@cache
def lexicon() -> Lexicon:
    return load_catalogue_lexicon()


@cache
def documents() -> list[bytes]:
    return [body for _, body in sorted(documents_at(load_edition(), now=NOW, started_at=NOW).items())]


def work(number: int) -> int:
    """One document from bytes to tags; how many entries it had."""
    url = "https://paper.example/feed"
    reading = read_here(Response(url, url, 200, {}, documents()[number]), now=NOW)
    for entry in reading.entries:
        tag_entry(entry, lexicon(), hints=SourceHints())
    return len(reading.entries)


def warm(_: int) -> int:
    return len(documents()) + len(str(lexicon()))


def rate(processes: int, rounds: int) -> float:
    """Entries a second, compiling apart."""
    numbers = list(range(len(documents()))) * rounds
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        pool.map(warm, range(processes * 2), chunksize=1)
        began = time.perf_counter()
        entries = sum(pool.imap_unordered(work, numbers))
        return entries / (time.perf_counter() - began)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 6
    warm(0)
    measured = [(rate(1, rounds), rate(2, rounds)) for _ in range(3)]
    one, two = (sorted(column)[1] for column in zip(*measured, strict=True))
    figures = {"one": round(one), "two": round(two), "ratio": round(two / one, 2)}
    print(json.dumps({"benchmark": "two_processes", "entries_a_second": figures}))


if __name__ == "__main__":
    main()
