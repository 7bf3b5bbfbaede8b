"""How long after a story is stored the last of many subscribers has it, first alone, then while feeds are taken in.

One worker as ``bin/run`` starts it, on SQLite and the embedded queue; subscribers in a process of their own.
Run: python -m tests.benchmarks.hub [subscribers]
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from tests.feed_server import FeedServer
from tests.hub.subscribers import Subscribers
from tests.servers import free_port, wait_until

FEEDS, ITEMS, EVERY = 30, 1, 2.5  # new items of each feed, and the seconds between rounds: 12 a second
PATIENCE = 60.0  # seconds
MARKERS = (  # events that no grouper takes for one
    "Uzbekistan raises railway fares by 12 percent", "Kyrgyz court frees a journalist in Osh",
    "Rogun dam stops two turbines for repair", "Chess team of Turkmenistan wins in Ashgabat",
)  # fmt: skip
WORDS = ["canal", "bridge", "summit", "tariff", "harvest", "glacier", "census", "tunnel", "border", "visa", "drought"]


def run_subscribers(pipe: Connection) -> None:
    """Serve callbacks; answer each marker with the times at which subscribers first got it."""
    with Subscribers() as subscribers:
        pipe.send(subscribers.url("good"))
        while marker := pipe.recv():
            first = [
                next((told.at for told in each if marker in told.body), None)
                for each in list(subscribers.told.values())
            ]
            pipe.send([at for at in first if at is not None])


def set_up(folder: str, most: int, callbacks: str) -> str:
    """A database with feeds on loopback and subscriptions to the front page; return the topic."""
    site = f"http://127.0.0.1:{free_port()}"
    os.environ |= {
        "DATA_DIR": folder, "SECRET_KEY": "x", "SITE_URL": site, "FETCH_ALLOW_NETWORKS": "127.0.0.1/32",
        "DJANGO_SETTINGS_MODULE": "aggregator.settings",
    }  # fmt: skip
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from articles.models import Feed, HubSubscription, HubTopic

    call_command("migrate", verbosity=0)
    call_command("load_catalogue", verbosity=0)
    Feed.objects.update(enabled=False)
    now = timezone.now()
    topic = HubTopic.objects.create(address=f"{site}/feed.atom?limit=100", changed_at=now)
    lasting = {"topic": topic, "expires_at": now + timedelta(days=1), "delivered_until": now, "secret": "s" * 30}
    HubSubscription.objects.bulk_create(
        HubSubscription(callback=f"{callbacks}/{number}", **lasting) for number in range(most)
    )
    return topic.address


class Ingestion:
    """Feeds that bring new items every few seconds while it runs."""

    def __init__(self, server: FeedServer) -> None:
        from tests.polling import make_feed

        self.server = server
        self.feeds = [make_feed(server.url(f"/{n}"), name=f"Paper {n}") for n in range(FEEDS)]
        self.random = random.Random(1)
        self.going = threading.Event()

    def bring(self, number: int, titles: list[str]) -> None:
        """Put new items into one feed, which is due then; ask for polling at the end of a round."""
        from django.utils import timezone

        from aggregator.celery import app
        from articles.models import Feed
        from tests.polling import item, rss

        now = timezone.now()
        self.server.put(f"/{number}", rss("".join(item(title, at=now, text=f"{title}.") for title in titles)))
        Feed.objects.filter(pk=self.feeds[number].pk).update(next_fetch_at=now)
        if number in {0, FEEDS - 1}:
            app.send_task("articles.tasks.poll_due_feeds")

    def title(self) -> str:
        words = " ".join(self.random.choices(WORDS, k=4))
        return f"Kazakhstan {words} {self.random.randrange(10**6)}"

    def flow(self) -> None:
        while not self.going.wait(EVERY):
            for number in range(1, FEEDS):
                self.bring(number, [self.title() for _ in range(ITEMS)])


def measure(pipe: Connection, ingestion: Ingestion, marker: str, most: int) -> float:
    """Seconds from the moment at which a story was stored until the last subscriber had it."""
    from articles.models import Story

    ingestion.bring(0, [marker])
    began = time.monotonic()
    arrived: list[float] = []
    while len(arrived) < most:
        if time.monotonic() - began > PATIENCE:
            raise SystemExit(f"{marker}: only {len(arrived)} of {most} subscribers were told within {PATIENCE:g} s")
        time.sleep(0.25)
        pipe.send(marker.encode())
        arrived = pipe.recv()
    stored = Story.objects.get(title=marker).created_at.timestamp() - (time.time() - time.monotonic())
    return round(max(arrived) - stored, 2)


def main() -> None:
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    pipe, theirs = multiprocessing.Pipe()
    subscribers = multiprocessing.Process(target=run_subscribers, args=(theirs,), daemon=True)
    subscribers.start()
    with tempfile.TemporaryDirectory(prefix="orta-hub-", ignore_cleanup_errors=True) as folder, FeedServer() as server:
        set_up(folder, most, pipe.recv())
        from aggregator.edition import WORKER
        from articles.models import Article

        log = Path(folder, "worker.log")
        process = subprocess.Popen(WORKER, stdout=log.open("wb"), stderr=subprocess.STDOUT)
        try:
            wait_until(lambda: b"ready" in log.read_bytes(), what="the worker")
            ingestion = Ingestion(server)
            alone = measure(pipe, ingestion, MARKERS[0], most)
            flowing = threading.Thread(target=ingestion.flow, daemon=True)
            flowing.start()
            wait_until(lambda: Article.objects.count() > FEEDS * ITEMS, what="the ingestion")
            before, began = Article.objects.count(), time.monotonic()
            busy = [measure(pipe, ingestion, marker, most) for marker in MARKERS[1:]]
            rate = (Article.objects.count() - before) / (time.monotonic() - began)
            ingestion.going.set()
            flowing.join()
            told = {"subscribers": most, "seconds_alone": alone, "seconds_while_ingesting": busy}
            print(json.dumps(told | {"articles_a_second_meanwhile": round(rate, 1)}))
        finally:
            process.terminate()
            process.wait(30)
            pipe.send(b"")


if __name__ == "__main__":
    main()
