"""A worker's life among hostile outlets, in a process of its own: prints what became of every feed, times and memory.

Run by test_hostile_rounds.py as ``python -m tests.fetch.hostile_round PORT`` in the environment of a set-up.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import django

django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from articles import pipeline  # noqa: E402
from articles.fetch.addresses import parse_networks  # noqa: E402
from articles.fetch.settings import FetchSettings  # noqa: E402
from articles.lexicon import current_lexicon  # noqa: E402
from articles.models import Feed, FetchEvent, Source  # noqa: E402
from tests.hostile_server import MAX_BYTES, ROWS  # noqa: E402

DEADLINE = timedelta(seconds=2)
HEAVY = ("bomb", "heavy", "honest", "honest-gzip")  # bodies of the real limit of 15 MiB, served by the test
ROUNDS = 2  # a permanent move is stored at its second sight


def limited(port: int) -> FetchSettings:
    """The operator's settings with the limits that the table of answers was written for."""
    return FetchSettings(
        user_agent="Orta/1.0 (+http://orta.example/)",
        deadline=DEADLINE,
        max_bytes=MAX_BYTES,
        allow_networks=parse_networks([f"127.0.0.1/32:{port}"]),
    )


def make_feeds(port: int, paths: list[str]) -> list[Feed]:
    """A feed of its own outlet for each path."""
    feeds = []
    for path in paths:
        name = path.rpartition("/")[2]
        source = Source.objects.create(slug=f"x-{name}"[:80], name=name, owner=name)
        url = f"http://127.0.0.1:{port}{path}"
        validators = {row.path: row.etag for row in ROWS}
        feeds.append(
            Feed(source=source, url=url, current_url=url, all_relevant=True, etag=validators.get(path, "")),
        )
    return Feed.objects.bulk_create(feeds)


def poll(feeds: list[Feed]) -> None:
    """One round for these feeds, as a worker does it."""
    leased = Feed.objects.lease([feed.pk for feed in feeds], now=timezone.now(), due_only=False)
    assert len(leased) == len(feeds)
    recent = ["ok"] * len(ROWS) * 2  # or broken connections that come first would pass for a fault of our network
    done = list(pipeline.ingest_feeds(leased, current_lexicon, clock=timezone.now, recent=recent))
    assert len(done) == len(feeds)


def poll_until(feeds: list[Feed], ended: threading.Event, times: list[float]) -> None:
    """Poll a good feed again and again beside the hostile ones; note how long each poll takes."""
    while not ended.is_set():
        started = time.monotonic()
        poll(feeds)
        times.append(round(time.monotonic() - started, 2))
        ended.wait(0.2)
    connection.close()


def state_of(feed: Feed) -> dict[str, object]:
    """What the database says of a feed after its rounds."""
    feed.refresh_from_db()
    last = FetchEvent.objects.filter(feed=feed).first()
    return {
        "outcome": feed.outcome,
        "status": feed.status,
        "message": feed.message,
        "failures": feed.failures,
        "enabled": feed.enabled,
        "active": Feed.objects.active().filter(pk=feed.pk).exists(),
        "current_url": feed.current_url,
        "wait": (feed.next_fetch_at - feed.last_fetched_at).total_seconds() if feed.last_fetched_at else None,
        "leased": feed.leased_until > timezone.now(),
        "articles": feed.articles.count(),
        "events": FetchEvent.objects.filter(feed=feed).count(),
        "milliseconds": last.milliseconds if last else None,
    }


def peak_megabytes() -> int:
    """The most memory that this process has held."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) // 1024


def main(port: int) -> None:
    settings = limited(port)
    pipeline.fetch_settings = lambda: settings  # type: ignore[assignment]
    current_lexicon()
    good = make_feeds(port, ["/answers/good"])
    hostile = make_feeds(port, [row.path for row in ROWS if row.name != "good"])
    times: list[float] = []
    ended = threading.Event()
    beside = threading.Thread(target=poll_until, args=(good, ended, times))
    beside.start()
    for _ in range(ROUNDS):
        poll(hostile)
    ended.set()
    beside.join()
    settings = replace(settings, max_bytes=FetchSettings("").max_bytes, deadline=timedelta(seconds=30))
    heavy = make_feeds(port, [f"/{name}-{number}" for name in HEAVY for number in range(4)])
    poll(heavy)
    found = {feed.url.rpartition("/")[2]: state_of(feed) for feed in [*good, *hostile, *heavy]}
    print(
        json.dumps(
            {
                "feeds": found,
                "good_seconds": times,
                "worker_megabytes": peak_megabytes(),
            }
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
