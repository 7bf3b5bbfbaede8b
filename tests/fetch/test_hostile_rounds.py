"""Hostile outlets and good ones through the whole worker: what stays on the rows, how long it takes, how much memory.

On SQLite, and on PostgreSQL with Redis; each in a process of its own, so that its memory can be told.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.hostile_server import ROWS, HostileServer, Row, play_table
from tests.stack import ROOT, Stack

MIB = 1024 * 1024
MOST_MEGABYTES = 300
WEIGHTS = {"connection": 0.5, "timeout": 0.5, "dns": 1.0}
Found = dict[str, Any]


def weight_of(row: Row) -> float:
    """How much one such answer weighs as a failure."""
    if row.outcome == "http_error" and (row.status in (408, 425, 429) or row.status >= 500):
        return 0.5
    return WEIGHTS.get(row.outcome, 1.0)


def expected(row: Row) -> str:
    """The outcome that stands on the feed."""
    return row.outcome if row.outcome != "ok" else row.parsed


def serve_heavy(server: HostileServer) -> None:
    """Bombs, garbage as long as the real limit allows, and honest feeds that are long."""
    text = b"Water is back. " * 600
    items = b"".join(b"<item><title>%d</title><description>%s</description></item>" % (n, text) for n in range(160))
    honest = b"<rss version='2.0'><channel><title>Long</title>" + items + b"</channel></rss>"
    garbage = b"<rss version='2.0'><channel><item>" + b"<a b='c'>" * (14 * MIB // 9)
    for number in range(4):
        server.serve(f"/honest-{number}", honest)
        server.serve(f"/honest-gzip-{number}", gzip.compress(honest, 1), {"Content-Encoding": "gzip"})
        server.serve(f"/heavy-{number}", garbage)
        server.serve(f"/bomb-{number}", gzip.compress(bytes(200 * MIB), 1), {"Content-Encoding": "gzip"})


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def rounds(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Found, int]]:
    """What the worker said at its end, and the port of the server."""
    env = {}
    if request.param == "postgres":
        env = {
            "DATABASE_URL": request.getfixturevalue("postgres_url"),
            "REDIS_URL": request.getfixturevalue("redis_url"),
        }
    stack = Stack(tmp_path_factory.mktemp("rounds"), DJANGO_SETTINGS_MODULE="aggregator.settings", **env)
    stack.manage("migrate", "--verbosity", "0")
    if env:
        stack.manage("flush", "--noinput", "--verbosity", "0")
    stack.manage("load_catalogue", "--verbosity", "0")
    with HostileServer() as server:
        play_table(server)
        serve_heavy(server)
        done = subprocess.run(
            [sys.executable, "-m", "tests.fetch.hostile_round", str(server.port)],
            cwd=ROOT, env=stack.env, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-4000:]
        assert "bug of ours" not in done.stderr
        yield json.loads(done.stdout.splitlines()[-1]), server.port


@pytest.mark.postgres
@pytest.mark.redis
def test_every_hostile_answer_leaves_its_feed_as_its_row_says(rounds: tuple[Found, int]) -> None:
    feeds, port = rounds[0]["feeds"], rounds[1]
    wrong = {}
    for row in ROWS:
        if row.name == "good":
            continue
        found = feeds[row.name]
        bad = expected(row) not in {"ok", "unchanged"}
        failures = 2 * weight_of(row) if bad else 0
        # The same body twice is nothing new; a 304 nobody could ask for again is what the row says.
        outcomes = {expected(row)} if bad else {"unchanged", "ok"}
        moved = f"http://127.0.0.1:{port}{row.moved or row.path}"
        kept = {
            "outcome": found["outcome"] in outcomes,
            "failures": found["failures"] == failures,
            "enabled": found["enabled"] is True,
            "ended": found["active"] is (expected(row) != "gone"),
            "address": found["current_url"] == (moved if expected(row) != "gone" else found["current_url"]),
            "lease": found["leased"] is False,
            "message": bool(found["message"]) is bad,
            "wait": max(270, min(row.retry_after, 86_400)) <= found["wait"] <= 86_400,
            "time": found["milliseconds"] < 12_000,
            "events": found["events"] == 2,
        }
        if not all(kept.values()):
            wrong[row.name] = ([name for name, right in kept.items() if not right], found)
    assert wrong == {}


@pytest.mark.postgres
@pytest.mark.redis
def test_a_good_feed_between_the_bad_ones_stays_on_time(rounds: tuple[Found, int]) -> None:
    found = rounds[0]
    assert found["feeds"]["good"]["outcome"] == "unchanged"
    assert found["feeds"]["good"]["articles"] == 1
    assert len(found["good_seconds"]) >= 3
    assert max(found["good_seconds"]) < 15


@pytest.mark.postgres
@pytest.mark.redis
def test_bad_answers_never_raise_the_memory_of_a_process_above_its_limit(rounds: tuple[Found, int]) -> None:
    found = rounds[0]
    outcomes = {name: state["outcome"] for name, state in found["feeds"].items()}
    for number in range(4):
        assert outcomes[f"bomb-{number}"] == "too_large"
        assert outcomes[f"heavy-{number}"] in {"parse_limit", "not_a_feed", "ok", "empty"}
        assert outcomes[f"honest-{number}"] == outcomes[f"honest-gzip-{number}"] == "ok"
    assert found["worker_megabytes"] < MOST_MEGABYTES
