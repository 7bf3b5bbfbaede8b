"""What polling 10,000 feeds costs when nothing is new: processor seconds of ``manage.py fetch --all``, start apart.

Polled every 15 minutes, that is a share of one core. Run: python -m tests.benchmarks.poll [feeds]
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

from tests.feed_server import FeedServer
from tests.stack import Stack
from tests.test_replay import opml

FEED = b"""<rss version="2.0"><channel><title>Paper</title><item><guid>1</guid><title>%s</title>
<link>https://paper.example/1</link></item></channel></rss>"""
EVERY = 900.0  # seconds between two polls of a feed


def seconds_of(stack: Stack, *args: str) -> tuple[float, str]:
    """Processor seconds of one of our commands and its children, and its last line."""
    before = os.times()
    line = stack.manage(*args).splitlines()[-1]
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system, line


def main() -> None:
    feeds = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory(prefix="orta-poll-") as name, FeedServer() as server:
        stack = Stack(Path(name), FETCH_ALLOW_NETWORKS=f"127.0.0.1/32:{server.port}")
        stack.manage("migrate", "--verbosity", "0")
        urls = {f"feed {n}": server.put(f"/{n}", FEED % (b"Report %d of a quiet paper" % n)) for n in range(feeds)}
        stack.manage("import_opml", "-", stdin=opml(urls))
        start, _ = seconds_of(stack, "check")
        first, _ = seconds_of(stack, "fetch", "--all", "--json")
        again, line = seconds_of(stack, "fetch", "--all", "--json")
    told = json.loads(line)
    share = (again - start) / EVERY
    figures = {"feeds": feeds, "unchanged": told["unchanged"], "processor_seconds": round(again - start, 1)}
    figures |= {"milliseconds_a_feed": round((again - start) / feeds * 1000, 2), "share_of_a_core": round(share, 3)}
    print(json.dumps({"benchmark": "poll", **figures, "first_round_processor_seconds": round(first - start, 1)}))


if __name__ == "__main__":
    main()
