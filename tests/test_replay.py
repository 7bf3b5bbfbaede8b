"""The main job on real input: captured feeds over HTTP, through the real queue, on both set-ups."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest

from tests.feed_server import FeedServer
from tests.stack import Stack

# Rows that the index marks as hard and that come out otherwise, with the reason: docs/decisions.md.
HARD_DIFFERS: dict[str, int] = {}


@pytest.fixture(params=["sqlite", "postgres"])
def stack(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stack]:
    env = {}
    if request.param == "postgres":
        env = {
            "DATABASE_URL": request.getfixturevalue("postgres_url"),
            "REDIS_URL": request.getfixturevalue("redis_url"),
        }
    found = Stack(tmp_path, **env)
    yield found
    found.end()


@pytest.fixture
def outlets() -> Iterator[FeedServer]:
    with FeedServer() as server:
        yield server


def opml(urls: dict[str, str]) -> str:
    lines = "".join(
        f'<outline type="rss" text={quoteattr(name)} xmlUrl={quoteattr(url)}/>' for name, url in urls.items()
    )
    return f'<opml version="2.0"><body>{lines}</body></opml>'


def begin(stack: Stack, outlets: FeedServer, urls: dict[str, str]) -> None:
    stack.env["FETCH_ALLOW_NETWORKS"] = f"127.0.0.1/32:{outlets.port}"
    stack.manage("migrate", "--verbosity", "0")
    if "DATABASE_URL" in stack.env:
        stack.manage("flush", "--noinput", "--verbosity", "0")
    stack.manage("import_opml", "-", stdin=opml(urls))


COUNTS = """
answer = {f.url: [f.items.values("article").distinct().count(), f.outcome] for f in Feed.objects.all()}
"""


def test_real_feeds_come_out_of_the_queue_as_counted(stack: Stack, outlets: FeedServer, shared_data: Path) -> None:
    rows = list(csv.DictReader((shared_data / "feeds" / "real" / "index.csv").open()))
    urls, expected, hard = {}, {}, set()
    for row in rows:
        body = (shared_data / "feeds" / "real" / row["file"]).read_bytes()
        packed = {"Content_Encoding": "gzip"} if body[:2] == b"\x1f\x8b" else {}
        urls[row["file"]] = outlets.put(f"/{row['file']}", body, **packed)
        expected[row["file"]] = HARD_DIFFERS.get(row["file"], int(row["entries_expected"]))
        hard.update([row["file"]] if row["hard"] == "1" else [])
    begin(stack, outlets, urls)
    pool = ["--pool", "threads"] if "REDIS_URL" not in stack.env else ["--pool", "prefork"]
    stack.worker(*pool)
    stack.manage("shell", "--verbosity", "0", "-c", "from articles.tasks import poll_due_feeds; poll_due_feeds.delay()")
    stack.wait(lambda: stack.ask("answer = Feed.objects.filter(last_fetched_at=None).count()") == 0, seconds=240)
    found = stack.ask(COUNTS)
    wrong = {name: (found[url], expected[name]) for name, url in urls.items() if found[url][0] != expected[name]}
    assert wrong == {}
    empty = [name for name, url in urls.items() if expected[name] == 0 and found[url][1] in {"ok", "never", "error"}]
    assert empty == []
    assert "bug of ours" not in stack.logs()
    before = stack.ask("answer = Article.objects.count()")
    again = json.loads(stack.manage("fetch", "--all", "--json").splitlines()[-1])
    assert again["articles_new"] == 0
    assert stack.ask("answer = Article.objects.count()") == before


def test_sequences_grow_the_store_by_what_is_new(stack: Stack, outlets: FeedServer, shared_data: Path) -> None:
    steps: dict[str, list[dict[str, str]]] = {}
    for row in csv.DictReader((shared_data / "feeds" / "sequences" / "index.csv").open()):
        steps.setdefault(row["file"].split("/")[0], []).append(row)
    urls = {name: outlets.url(f"/{name}") for name in steps}
    for name in steps:
        outlets.put(f"/{name}", b"")
    begin(stack, outlets, urls)
    totals = dict.fromkeys(steps, 0)
    for number in range(max(map(len, steps.values()))):
        for name, rows in steps.items():
            if number < len(rows):
                outlets.put(f"/{name}", (shared_data / "feeds" / "sequences" / rows[number]["file"]).read_bytes())
        stack.manage("fetch", "--all")
        found = stack.ask(COUNTS)
        for name, rows in steps.items():
            if number < len(rows):
                assert found[urls[name]][0] - totals[name] == int(rows[number]["new_in_store"]), (name, number)
                totals[name] = int(rows[number]["total_in_store"])
            assert found[urls[name]][0] == totals[name], (name, number)
