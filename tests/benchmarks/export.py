"""Memory and speed of exports: 10,000 and 100,000 articles from the web server of ``bin/run``, each from a new one.

The client stops reading for a while, so that a server which collects an answer instead of streaming it shows.

Run: python -m tests.benchmarks.export
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.servers import free_port, listens, wait_until

SIZES = (10_000, 100_000)
BATCH = 5_000
PAUSE = 5.0  # seconds in which the client does not read
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
TITLE = "Kazakhstan and Uzbekistan sign an agreement on water, report number {}"


def start() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "aggregator.settings"
    django.setup()


def fill() -> None:
    """A database of its own with the largest number of articles, each with two countries and a topic."""
    from django.core.management import call_command

    from articles.models import Article, ArticleCountry, ArticleTopic, Feed, Topic

    call_command("migrate", verbosity=0)
    call_command("load_catalogue", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["admin"])
    feed, topic = Feed.objects.select_related("source")[0], Topic.objects.all()[0]
    for first in range(0, SIZES[-1], BATCH):
        made = Article.objects.bulk_create(
            Article(
                source=feed.source, feed=feed, url=f"https://outlet.example/{n}", url_key=f"{n}", title=TITLE.format(n),
                summary=TITLE.format(n) * 4, language="en", digest="", published_at=at, fetched_at=at, updated_at=at,
                at=at,
            )
            for n in range(first, first + BATCH)
            for at in (BEGIN + timedelta(minutes=n),)
        )  # fmt: skip
        tags = {"score": 1.0, "why": ["water"]}
        ArticleCountry.objects.bulk_create(
            ArticleCountry(article=row, country_id=code, at=row.at, **tags) for row in made for code in ("KZ", "UZ")
        )
        ArticleTopic.objects.bulk_create(ArticleTopic(article=row, topic=topic, at=row.at, **tags) for row in made)


def export(size: int, kind: str) -> dict[str, object]:
    """Read the newest ``size`` articles from a server of its own; return what it cost that."""
    from aggregator.edition import web

    since = (BEGIN + timedelta(minutes=SIZES[-1] - size)).isoformat().replace("+", "%2B")
    port = free_port()
    server = subprocess.Popen(web("127.0.0.1", port), stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: listens(port), what="the web server")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        connection.request("GET", "/api/v1/articles?limit=200")
        connection.getresponse().read()
        before, began = peak(server.pid), time.monotonic()
        connection.request("GET", f"/api/v1/export.{kind}?from={since}")
        answer = connection.getresponse()
        lines = answer.read(100_000).count(b"\n")
        time.sleep(PAUSE)
        read = 100_000
        while piece := answer.read(1 << 16):
            lines, read = lines + piece.count(b"\n"), read + len(piece)
        seconds = time.monotonic() - began - PAUSE
        grew = peak(server.pid) - before
    finally:
        server.terminate()
        server.wait(20)
    return {"lines": lines, "mb": read >> 20, "seconds": round(seconds, 1), "peak_grew_mb": round(grew, 1)}


def peak(pid: int) -> float:
    """The largest memory so far of a process and its children together, in MB."""
    family = [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
    told = [Path(f"/proc/{one}/status").read_text() for one in family]
    return sum(int(text.partition("VmHWM:")[2].split()[0]) for text in told) / 1024


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="orta-export-") as folder:
        os.environ |= {"DATA_DIR": folder, "SECRET_KEY": "x", "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3"}
        start()
        fill()
        told = {f"{kind} {size}": export(size, kind) for kind in ("csv", "jsonl") for size in SIZES}
        print(json.dumps(told))


if __name__ == "__main__":
    main()
