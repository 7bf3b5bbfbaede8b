"""Replay the sample edition's days quickly while readers read, and watch the memory of every process.

``python -m tests.soak --minutes 30`` prints one JSON line and ends with status 1 when a process grew by more than a
tenth after its warm-up. The whole one-machine program runs, as ``bin/run`` starts it, on a data folder of its own.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import statistics
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from articles.catalogue.files import FOLDER, read_csv
from articles.sample.server import serve
from tests.stack import Stack
from tests.test_one_machine import Start
from tests.test_replay import opml

DAYS = timedelta(days=9)  # of the edition that are replayed
EVERY = 5.0  # seconds between two rounds of readers, fetches and looks at memory
WARM = 0.3  # of the time, after which every process should have what it needs
GROWTH = 0.10
PAGES = ("/", "/countries/kazakhstan/", "/topics/energy/", "/feed.atom", "/api/v1/stories", "/search/?q=rail", "/ru/")


class Replay:
    """A clock that runs through DAYS in the time of the soak."""

    def __init__(self, seconds: float) -> None:
        self.began, self.seconds = time.monotonic(), seconds
        self.edition_starts = datetime.now(UTC)

    @property
    def done(self) -> float:
        return (time.monotonic() - self.began) / self.seconds

    def __call__(self) -> datetime:
        return self.edition_starts - DAYS * (1 - min(1.0, self.done))


def memory(stack: Stack) -> dict[str, float]:
    """MiB that each process of the data folder holds by itself (PSS), by what it does; all readers as one."""
    mark = f"DATA_DIR={stack.env['DATA_DIR']}".encode()
    found: dict[str, float] = {}
    parents: dict[int, str] = {}
    for folder in sorted(Path("/proc").glob("[0-9]*"), key=lambda path: int(path.name)):
        with suppress(OSError, ValueError, StopIteration):
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            role = next(role for word, role in ROLES.items() if word in command)
            environ = (folder / "environ").read_bytes().split(b"\0")
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if mark not in environ and parent not in parents:
                continue
            parents[int(folder.name)] = role
            lines = (folder / "smaps_rollup").read_text().splitlines()
            size = next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
            name = role if role not in found or role == "reader" else f"{role} {folder.name}"
            found[name] = found.get(name, 0.0) + size
    return found


ROLES = {
    "articles.sandbox": "reader",
    "granian": "web",
    "aggregator.worker": "worker",
    "aggregator.embedded": "supervisor",
}


@contextmanager
def program(folder: Path, clock: Replay) -> Iterator[tuple[Stack, Start]]:
    """The one-machine program with the edition's feeds as its only ones."""
    server, address = serve(clock=clock, started_at=clock.edition_starts)
    known = sorted({row["outlet"] for _, row in read_csv(FOLDER / "sources.csv", columns=("outlet",))})
    allow = f"127.0.0.1/32:{server.server_port}"
    stack = Stack(folder, SOURCES_EXCLUDE=" ".join(known), FETCH_ALLOW_NETWORKS=allow)
    try:
        stack.manage("migrate", "--verbosity", "0")
        urls = {feed.slug: address + feed.path for feed in server.edition.feeds.values()}  # type: ignore[attr-defined]
        stack.manage("import_opml", "-", stdin=opml(urls))
        start = Start(stack)
        try:
            start.wait(lambda: bool(start.get("/healthz")))
            yield stack, start
        finally:
            start.process.terminate()
            start.process.wait(20)
    finally:
        server.shutdown()
        server.server_close()


def make_due(stack: Stack) -> None:
    """The replayed days pass quickly, so every feed is due in every round."""
    with closing(sqlite3.connect(Path(stack.env["DATA_DIR"]) / "db.sqlite3", timeout=30)) as database, database:
        database.execute("UPDATE articles_feed SET next_fetch_at = '2020-01-01 00:00:00' WHERE url LIKE 'http://127.%'")


def read_pages(start: Start, round_: int) -> int:
    """Ask for every page once, with a query of this round so that no cache answers; return how many failed."""
    failed = 0
    for path in PAGES:
        joined = f"{path}{'&' if '?' in path else '?'}from=2020-01-{1 + round_ % 28:02}"
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{start.port}{joined}", timeout=30) as answer:
                answer.read()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            failed += 1
    return failed


def run(minutes: float) -> dict[str, Any]:
    """Return growth and memory of each process, and what was read and stored meanwhile."""
    with tempfile.TemporaryDirectory(prefix="orta-soak-") as name:
        clock = Replay(minutes * 60)
        samples: list[dict[str, float]] = []
        failed = rounds = 0
        with program(Path(name), clock) as (stack, start):
            while clock.done < 1:
                make_due(stack)
                failed += read_pages(start, rounds)
                rounds += 1
                samples.append(memory(stack))
                time.sleep(EVERY)
            stored = stack.ask("answer = [Article.objects.count(), Story.objects.count(), FetchEvent.objects.count()]")
        return {"minutes": minutes, "rounds": rounds, "pages_failed": failed, "stored": stored, **growth(samples)}


def growth(samples: list[dict[str, float]]) -> dict[str, Any]:
    """Memory after the warm-up and at the end (medians of a tenth of the time), and the larger of them by process."""
    first, last = int(len(samples) * WARM), int(len(samples) * 0.9)
    tenth = max(1, len(samples) // 10)
    figures = {}
    for role in sorted(set(samples[-1]) & set(samples[first])):
        before = statistics.median(sample[role] for sample in samples[first : first + tenth] if role in sample)
        after = statistics.median(sample[role] for sample in samples[last:] if role in sample)
        figures[role] = {"MiB": round(after, 1), "growth": round(after / before - 1, 3)}
    return {"processes": figures, "steady": all(found["growth"] <= GROWTH for found in figures.values())}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    figures = run(parser.parse_args().minutes)
    print(json.dumps({"benchmark": "soak", **figures}))
    return 0 if figures["steady"] and not figures["pages_failed"] else 1


if __name__ == "__main__":
    sys.exit(main())
