"""``manage.py fetch --all`` beside the PyPI package ``reader`` (8 workers) on the same loopback feeds, in one run.

Two questions: the first ingest of 200 feeds of 30 entries (we sanitise, tag and store; reader parses and stores), and
unchanged feeds (304) a second. ``reader`` is installed into a virtual environment of its own, which is kept.

Run: python -m tests.benchmarks.fetch_beside_reader [feeds] [rounds of 304]
"""

from __future__ import annotations

import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from multiprocessing.connection import Connection
from pathlib import Path

from tests.hostile_server import HostileServer
from tests.stack import Stack

ENTRIES = 30  # of a feed
TEXTS_EACH = 3  # texts in one entry: 1.6 kB with its markup, what half of the captured real feeds have or less
WORKERS = 8  # of reader
TEXTS = Path(__file__).parents[1] / "data" / "labelled" / "measured.jsonl"
BESIDE = """
import json, sys, time
from reader import make_reader
urls, workers, rounds = json.loads(sys.stdin.read())
reader = make_reader(sys.argv[1])
for url in urls:
    reader.add_feed(url)
spent = []
for _ in range(rounds + 1):
    started = time.perf_counter()
    reader.update_feeds(scheduled=False, workers=workers)
    spent.append(time.perf_counter() - started)
broken = sum(feed.last_exception is not None for feed in reader.get_feeds())
print(json.dumps({"entries": reader.get_entry_counts().total, "broken": broken, "seconds": spent}))
"""
ONLY_THESE = "answer = Feed.objects.exclude(url__startswith='http://127.0.0.1:').update(enabled=False)"


def documents(feeds: int) -> Iterator[bytes]:
    """RSS as news sites of the region write it: real headlines and texts, wrapped in markup, each entry another."""
    lines = [json.loads(line) for line in TEXTS.read_text("utf-8").splitlines()]
    now = datetime.now(UTC)
    for number in range(feeds):
        items = []
        for place in range(ENTRIES):
            texts = [lines[(number * ENTRIES + place + step * 101) % len(lines)] for step in range(TEXTS_EACH)]
            name = f"{number}-{place}"
            paragraphs = "".join(f"<p class='text'>{escape(text['text'])}</p>" for text in texts)
            body = f'<p><a href="https://a.example/{name}"><img src="https://a.example/{name}.jpg"></a></p>{paragraphs}'
            at = format_datetime(now - timedelta(minutes=number + place * 40))
            items.append(
                f"<item><title>{escape(texts[0]['title'])} {name}</title><link>https://feed{number}.example/{name}</link>"
                f"<guid>{name}</guid><pubDate>{at}</pubDate><description><![CDATA[{body}]]></description></item>"
            )
        head = f"<title>Feed {number}</title><link>https://feed{number}.example/</link><description>News</description>"
        yield f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'.encode()


def run_server(feeds: int, pipe: Connection) -> None:
    """Serve the feeds in a process of its own until it is told that this was enough."""
    with HostileServer() as server:
        bodies = enumerate(documents(feeds))
        pipe.send([server.serve(f"/{n}", body, {"ETag": f'"{n}"'}) for n, body in bodies])
        pipe.recv()


def python_with_reader() -> str:
    """The interpreter of a virtual environment that has ``reader``; made at the first run."""
    home = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "orta-benchmarks" / "reader"
    python = home / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", "reader", "sgmllib3k"], check=True)
    return str(python)


def beside(urls: list[str], rounds: int, folder: Path) -> tuple[float, float]:
    """Seconds that reader takes for the first ingest, and for one round of 304."""
    command = [python_with_reader(), "-c", BESIDE, str(folder / "reader.sqlite")]
    told = json.dumps([urls, WORKERS, rounds])
    found = json.loads(subprocess.run(command, input=told, stdout=subprocess.PIPE, text=True, check=True).stdout)
    if found["broken"] or found["entries"] != len(urls) * ENTRIES:
        raise RuntimeError(f"reader did not read what it was given: {found}")
    first, *later = found["seconds"]
    return first, statistics.median(later)


def ours(urls: list[str], rounds: int, folder: Path) -> dict[str, float]:
    """Seconds of the command: the first ingest, its grouping, and one round of 304; starting up apart."""
    port = urls[0].split(":")[2].split("/")[0]
    stack = Stack(folder, FETCH_ALLOW_NETWORKS=f"127.0.0.1/32:{port}")
    stack.manage("migrate", "--verbosity", "0")
    stack.manage("load_catalogue", "--verbosity", "0")
    outlines = "".join(f'<outline type="rss" text="{n}" xmlUrl="{url}"/>' for n, url in enumerate(urls))
    stack.manage("import_opml", "-", stdin=f'<opml version="2.0"><body>{outlines}</body></opml>')
    stack.ask(ONLY_THESE)
    first, told = timed(stack, "--all")
    if told["articles_new"] != len(urls) * ENTRIES:
        raise RuntimeError(f"not everything was read: {told}")
    start_up = min(timed(stack, "--due")[0] for _ in range(rounds))
    unchanged = [timed(stack, "--all") for _ in range(rounds)]
    if any(told["unchanged"] != len(urls) for _, told in unchanged):
        raise RuntimeError(f"not every feed was unchanged: {unchanged}")
    return {
        "start_up": start_up,
        "first": first - start_up - told["group_seconds"],
        "group": told["group_seconds"],
        "unchanged": statistics.median(wall for wall, _ in unchanged) - start_up,
    }


def timed(stack: Stack, which: str) -> tuple[float, dict[str, float]]:
    """Wall time of the command and what it says of itself."""
    started = time.perf_counter()
    printed = stack.manage("fetch", which, "--json")
    return time.perf_counter() - started, json.loads(printed.splitlines()[-1])


def main(feeds: int = 200, rounds: int = 3) -> None:
    near, far = multiprocessing.Pipe()
    process = multiprocessing.Process(target=run_server, args=(feeds, far), daemon=True)
    process.start()
    urls = near.recv()
    with tempfile.TemporaryDirectory(prefix="orta-beside-") as folder:
        they_first, they_unchanged = beside(urls, rounds, Path(folder))
        we = ours(urls, rounds, Path(folder))
    near.send("enough")
    process.join()
    figures = {
        "benchmark": "fetch_beside_reader",
        "feeds": feeds,
        "entries": feeds * ENTRIES,
        "start_up_seconds": round(we["start_up"], 2),
        "first_ingest_seconds": round(we["first"], 2),
        "reader_first_ingest_seconds": round(they_first, 2),
        "first_ingest_times_as_fast": round(they_first / we["first"], 2),
        "group_seconds": round(we["group"], 2),
        "unchanged_per_second": round(feeds / we["unchanged"]),
        "reader_unchanged_per_second": round(feeds / they_unchanged),
        "unchanged_times_as_fast": round(they_unchanged / we["unchanged"], 2),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
