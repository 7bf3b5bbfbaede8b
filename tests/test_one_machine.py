"""The one-command start as a user meets it: sample until news come, going on after any end, errors in one line."""

from __future__ import annotations

import csv
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from aggregator.embedded import ENDS
from articles.catalogue.files import FOLDER
from tests.feed_server import FeedServer
from tests.stack import ROOT, Stack

RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Our paper</title><item><guid>1</guid>
<title>Kyrgyzstan opens a railway tunnel near Naryn</title><link>https://paper.example/1</link></item></channel></rss>"""
OPML = '<opml version="2.0"><body><outline text="Our paper" type="rss" xmlUrl="{url}"/></body></opml>'


class Start:
    """One ``bin/run`` after its installation, in a data folder of its own; no outlet of the catalogue is asked."""

    def __init__(self, stack: Stack, *options: str, **env: str) -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as probe:
            self.port = probe.getsockname()[1]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "aggregator.embedded", "--port", str(self.port), *options],
            cwd=ROOT, env={**stack.env, **env}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            preexec_fn=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, ENDS),  # as bin/run does
        )  # fmt: skip

    def get(self, path: str) -> str:
        """The body of a page; empty while nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return str(answer.read().decode())
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return ""

    def wait(self, works: Callable[[], bool], *, seconds: float = 90) -> None:
        until = time.monotonic() + seconds
        while not works():
            assert self.process.poll() is None, self.process.communicate()[0]
            assert time.monotonic() < until, f"not within {seconds:g} s"
            time.sleep(0.2)

    def end(self, number: int) -> str:
        """Send a signal; every process of the data folder must be gone within 15 s; return what was printed."""
        self.process.send_signal(number)
        printed, _ = self.process.communicate(timeout=15)
        return str(printed)


def left(stack: Stack) -> list[str]:
    """Command lines of processes that still work on the data folder."""
    mark = f"DATA_DIR={stack.env['DATA_DIR']}".encode()
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in environ.read_bytes().split(b"\0"):
                found.append((environ.parent / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue  # it ended while we looked, or is not ours
    return found


@pytest.fixture
def outlet() -> Iterator[FeedServer]:
    """An outlet that is down until a test lets it answer."""
    with FeedServer() as server:
        server.put("/feed", RSS)
        server.statuses["/feed"] = 500
        yield server


@pytest.fixture
def stack(tmp_path: Path, outlet: FeedServer) -> Iterator[Stack]:
    with (FOLDER / "sources.csv").open(encoding="utf-8") as rows:
        known = sorted({row["outlet"] for row in csv.DictReader(rows)})
    stack = Stack(tmp_path, SOURCES_EXCLUDE=" ".join(known), FETCH_ALLOW_NETWORKS=f"127.0.0.1/32:{outlet.port}")
    del stack.env["SECRET_KEY"]  # the start makes its own
    yield stack
    stack.end()


def test_the_sample_shows_until_a_feed_answers_and_everything_goes_on_after_any_end(
    stack: Stack, outlet: FeedServer
) -> None:
    with_key = Stack(stack.folder, **stack.env, SECRET_KEY="only-for-tests")
    with_key.manage("migrate", "--verbosity", "0")
    with_key.manage("import_opml", "-", stdin=OPML.format(url=outlet.url("/feed")))

    first = Start(stack)
    first.wait(lambda: "Sample edition" in first.get("/"))
    assert "noindex" in first.get("/")
    first.wait(lambda: bool(json.loads(first.get("/api/v1/articles") or '{"items": []}')["items"]))
    assert json.loads(first.get("/api/v1/articles"))["items"][0]["sample"] is True

    outlet.statuses["/feed"] = 200
    with_key.ask("answer = Feed.objects.exclude(url__startswith='https').update(next_fetch_at='2020-01-01T00:00Z')")
    first.wait(lambda: "railway tunnel" in first.get("/api/v1/articles?country=KG"))
    assert "Sample edition" not in first.get("/")
    assert json.loads(first.get("/api/v1/articles"))["items"][0]["sample"] is False
    assert not list(Path(stack.env["DATA_DIR"]).glob("sample.sqlite3*"))
    printed = first.end(signal.SIGINT)
    assert first.process.returncode == 0, printed
    assert "showing the invented sample edition" in printed
    assert "these are real news now" in printed
    assert left(stack) == []

    second = Start(stack)
    second.wait(lambda: "railway tunnel" in second.get("/api/v1/articles?country=KG"))
    second.end(signal.SIGKILL)
    until = time.monotonic() + 15
    while left(stack) and time.monotonic() < until:
        time.sleep(0.2)
    assert left(stack) == []

    third = Start(stack, "--no-fetch")
    third.wait(lambda: "railway tunnel" in third.get("/api/v1/articles?country=KG"))
    twice = Start(stack)
    assert "running already" in twice.process.communicate(timeout=30)[0]
    assert twice.process.returncode == 1
    said = third.end(signal.SIGTERM)
    assert said.startswith("http://")
    assert said.count("\n") <= 2, "beside the address only how to make the first account, when there was time to say it"
    assert third.process.returncode == 0
    assert left(stack) == []


@pytest.mark.parametrize("seconds", [0.1, 0.7, 1.5, 3.0])
def test_ctrl_c_while_it_starts_ends_it_quietly(stack: Stack, seconds: float) -> None:
    start = Start(stack)
    with pytest.raises(subprocess.TimeoutExpired):
        start.process.wait(seconds)
    printed = start.end(signal.SIGINT)
    assert "Traceback" not in printed
    assert left(stack) == []


@pytest.mark.parametrize(
    ("env", "named"),
    [
        ({"TIME_ZONE": "Asia/Nowhere"}, "TIME_ZONE"),
        ({"SITE_URL": "javascript:alert(1)"}, "SITE_URL"),
        ({"DATABASE_URL": "oracle://x"}, "DATABASE_URL"),
        ({"REDIS_URL": "http://127.0.0.1"}, "REDIS_URL"),
        ({"FETCH_HOST_INTERVAL": "soon"}, "FETCH_HOST_INTERVAL"),
    ],
)
def test_a_bad_setting_stops_the_start_with_one_line_that_names_it(
    stack: Stack, env: dict[str, str], named: str
) -> None:
    printed, _ = Start(stack, **env).process.communicate(timeout=30)
    assert named in printed
    assert printed.count("\n") == 1, printed


def test_a_taken_port_is_said_in_one_line(stack: Stack) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        start = Start(stack, "--port", str(taken.getsockname()[1]))
        printed, _ = start.process.communicate(timeout=30)
    assert "choose another one with --port" in printed
    assert start.process.returncode == 1
    assert os.path.exists(stack.env["DATA_DIR"])
