"""Memory and speed of exports: 10,000 and 100,000 articles through the real view, each in a process of its own.

Run: python -m tests.benchmarks.export
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta

SIZES = (10_000, 100_000)
BATCH = 5_000
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
TITLE = "Kazakhstan and Uzbekistan sign an agreement on water, report number {}"


def start() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()


def fill() -> None:
    """A database of its own with the largest number of articles, each with two countries and a topic."""
    from django.core.management import call_command

    from articles.models import Article, ArticleCountry, ArticleTopic, Feed, Topic

    call_command("migrate", verbosity=0)
    call_command("load_catalogue", verbosity=0, stdout=open(os.devnull, "w"))  # noqa: SIM115
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
    """Read the newest ``size`` articles as a client would; return what it cost this process."""
    from django.test import Client

    since = (BEGIN + timedelta(minutes=SIZES[-1] - size)).isoformat().replace("+", "%2B")
    client = Client()
    client.get("/api/v1/openapi.json")
    before, began, lines, read = peak(), time.monotonic(), 0, 0
    for piece in client.get(f"/api/v1/export.{kind}?from={since}"):
        lines += piece.count(b"\n")
        read += len(piece)
    seconds = time.monotonic() - began
    return {"lines": lines, "mb": read >> 20, "seconds": round(seconds, 1), "peak_grew_mb": round(peak() - before, 1)}


def peak() -> float:
    """The largest memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    if len(sys.argv) == 3:
        start()
        print(json.dumps(export(int(sys.argv[1]), sys.argv[2])))
        return
    with tempfile.TemporaryDirectory(prefix="orta-export-") as folder:
        os.environ |= {"DATA_DIR": folder, "SECRET_KEY": "x", "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3"}
        start()
        fill()
        told = {}
        for kind in ("csv", "jsonl"):
            for size in SIZES:
                command = [sys.executable, "-m", "tests.benchmarks.export", str(size), kind]
                done = subprocess.run(command, check=True, capture_output=True, text=True)
                told[f"{kind} {size}"] = json.loads(done.stdout.splitlines()[-1])
        print(json.dumps(told))


if __name__ == "__main__":
    main()
