"""The one-machine program with 300 feeds: seconds until it answers at two starts, memory of all its processes.

Run: python -m tests.benchmarks.one_machine [feeds]
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from articles.catalogue.files import FOLDER, read_csv
from articles.sample.edition import load_edition
from articles.sample.render import documents_at
from tests.feed_server import FeedServer
from tests.soak import memory
from tests.stack import Stack
from tests.test_one_machine import Start
from tests.test_replay import opml


def answer(stack: Stack) -> tuple[Start, float]:
    """Start it; seconds until a page comes."""
    began = time.monotonic()
    start = Start(stack)
    start.wait(lambda: bool(start.get("/")))
    return start, round(time.monotonic() - began, 1)


def serve_feeds(server: FeedServer, count: int) -> dict[str, str]:
    """The documents of the sample edition, each at as many addresses as are wanted."""
    now = datetime.now(UTC)
    documents = sorted(documents_at(load_edition(), now=now, started_at=now).items())
    return {
        f"feed {n}": server.put(f"/{n}{path}", body)
        for n in range(count)
        for path, body in [documents[n % len(documents)]]
    }


def main() -> None:
    feeds = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    known = sorted({row["outlet"] for _, row in read_csv(FOLDER / "sources.csv", columns=("outlet",))})
    with tempfile.TemporaryDirectory(prefix="orta-machine-") as name, FeedServer() as server:
        allow = f"127.0.0.1/32:{server.port}"
        stack = Stack(Path(name), SOURCES_EXCLUDE=" ".join(known), FETCH_ALLOW_NETWORKS=allow)
        urls = serve_feeds(server, feeds)
        start, first = answer(stack)
        start.process.terminate()
        start.process.wait(20)
        stack.manage("import_opml", "-", stdin=opml(urls))
        start, second = answer(stack)
        try:
            asked = "answer = [Feed.objects.filter(url__startswith='http:', last_success_at=None).count()"
            asked += " + Article.objects.ungrouped().count(), Article.objects.count()]"
            until = time.monotonic() + 900
            while (waiting := stack.ask(asked))[0] and time.monotonic() < until:
                time.sleep(5)
            held = memory(stack)
        finally:
            start.process.terminate()
            start.process.wait(20)
    figures = {"feeds": feeds, "articles": waiting[1], "still_waiting": waiting[0]}
    figures |= {"first_start_seconds": first, "second_start_seconds": second, "MiB": round(sum(held.values()))}
    print(json.dumps({"benchmark": "one_machine", **figures, "by_process": {k: round(v) for k, v in held.items()}}))


if __name__ == "__main__":
    main()
