"""Many feeds at once: each gets its answer, none holds up another, and an early end is an end."""

from __future__ import annotations

import gzip
import itertools
import socket
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import brotli
import pytest

from articles.errors import Deferred, DnsError
from articles.fetch import batch
from articles.fetch.batch import fetch_many
from articles.fetch.politeness import ProcessBudget
from articles.fetch.settings import MIB, FetchSettings
from articles.records import FeedRequest, Response
from tests.hostile_server import FEED, Act, HostileServer, Repeat, reply

SettingsFor = Callable[..., FetchSettings]
ROOT = Path(__file__).resolve().parents[2]
MOST_MEMORY = 300 * MIB


class Ledger(ProcessBudget):
    """A budget that writes down when it let whom start."""

    def __init__(self, *, interval: float, concurrency: int) -> None:
        super().__init__(interval=timedelta(seconds=interval), concurrency=concurrency)
        self.starts: list[tuple[str, float]] = []
        self.returned: list[str] = []

    def acquire(self, host: str, now: float) -> float:
        wait = super().acquire(host, now)
        if not wait:
            self.starts.append((host, now))
        return wait

    def release(self, host: str) -> None:
        super().release(host)
        self.returned.append(host)


@pytest.fixture
def _no_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """No name has an address, and the resolver says so at once: these feeds only take their turns."""

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)


def feeds(*urls: str) -> list[FeedRequest]:
    return [FeedRequest(number, url) for number, url in enumerate(urls)]


def fetchers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "fetch"]


def test_nothing_to_fetch_ends_at_once(settings_for: SettingsFor, server: HostileServer) -> None:
    assert list(fetch_many([], settings_for(server), None, wait=True)) == []


def test_every_feed_gets_its_own_answer(settings_for: SettingsFor, server: HostileServer) -> None:
    urls = [server.serve(f"/{number}", b"<rss>%d</rss>" % number) for number in range(300)]
    answers = dict(fetch_many(feeds(*urls), settings_for(server), None, wait=True))
    assert {request.feed_id: answer.body for request, answer in answers.items() if isinstance(answer, Response)} == {
        number: b"<rss>%d</rss>" % number for number in range(300)
    }


def test_more_feeds_than_the_window_are_read_as_answers_are_taken(
    settings_for: SettingsFor, server: HostileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "WINDOW", 5)
    url, read, readers = server.serve("/feed", FEED), [], set()

    def source() -> Iterator[FeedRequest]:
        for number in range(40):
            read.append(number)
            readers.add(threading.get_ident())
            yield FeedRequest(number, url)

    for taken, _ in enumerate(fetch_many(source(), settings_for(server), None, wait=True)):
        assert len(read) <= taken + 5
    assert len(read) == 40
    assert readers == {threading.get_ident()}


def test_a_slow_feed_holds_up_nobody(settings_for: SettingsFor, server: HostileServer) -> None:
    slow, good = server.play("/slow", [Act.HANG]), server.serve("/feed", FEED)
    answers = fetch_many(feeds(slow, good, good), settings_for(server, deadline=1), None, wait=True)
    assert [request.url for request, _ in answers] == [good, good, slow]


def test_closing_early_ends_what_is_under_way(settings_for: SettingsFor, server: HostileServer) -> None:
    good, slow = server.serve("/feed", FEED), server.play("/slow", [Act.HANG])
    answers = fetch_many(feeds(good, *[slow] * 50), settings_for(server), None, wait=True)
    request, _ = next(answers)
    assert request.url == good
    answers.close()
    assert fetchers() == []


def test_a_caller_that_fails_leaves_no_thread(settings_for: SettingsFor, server: HostileServer) -> None:
    good = server.serve("/feed", FEED)
    answers = fetch_many(feeds(good, good), settings_for(server), None, wait=True)

    with pytest.raises(ZeroDivisionError):
        answers.throw(ZeroDivisionError) if next(answers) else None
    assert fetchers() == []


@pytest.mark.usefixtures("_no_names")
def test_feeds_over_the_budget_come_back_at_once_when_nobody_waits(
    settings_for: SettingsFor, server: HostileServer
) -> None:
    budget = Ledger(interval=5, concurrency=2)
    requests = feeds(*["http://busy.invalid/feed"] * 4, "http://free.invalid/feed")
    answers = dict(fetch_many(requests, settings_for(server), budget, wait=False))

    assert {request.feed_id for request, answer in answers.items() if isinstance(answer, DnsError)} == {0, 4}
    waits = [answer.retry_after for _, answer in answers.items() if isinstance(answer, Deferred)]
    # Not all at once later either: each behind the other, one interval apart.
    assert [round(wait.total_seconds()) for wait in sorted(waits)] == [5, 10, 15]
    assert sorted(budget.returned) == ["busy.invalid", "free.invalid"]


@pytest.mark.usefixtures("_no_names")
def test_feeds_over_the_budget_wait_for_their_turn_when_told_to(
    settings_for: SettingsFor, server: HostileServer
) -> None:
    budget = Ledger(interval=0.02, concurrency=1)
    requests = feeds(*["http://busy.invalid/feed"] * 6)
    answers = list(fetch_many(requests, settings_for(server), budget, wait=True))

    assert all(isinstance(answer, DnsError) for _, answer in answers)
    starts = [at for _, at in budget.starts]
    assert len(starts) == 6
    assert all(later - earlier >= 0.019 for earlier, later in itertools.pairwise(starts))
    assert len(budget.returned) == 6


@pytest.mark.usefixtures("_no_names")
def test_a_busy_host_does_not_hold_up_the_others(settings_for: SettingsFor, server: HostileServer) -> None:
    budget = Ledger(interval=3600, concurrency=1)
    urls = ["http://busy.invalid/feed"] * 100 + [f"http://host-{number}.invalid/feed" for number in range(50)]
    answers = fetch_many(feeds(*urls), settings_for(server), budget, wait=True)
    hosts = {next(answers)[0].url for _ in range(51)}
    answers.close()
    assert len(hosts) == 51


def test_opened_networks_are_not_held_back(settings_for: SettingsFor, server: HostileServer) -> None:
    budget = Ledger(interval=3600, concurrency=1)
    url = server.serve("/feed", FEED)
    answers = list(fetch_many(feeds(*[url] * 20), settings_for(server), budget, wait=False))
    assert all(isinstance(answer, Response) for _, answer in answers)
    assert budget.starts == []


@pytest.mark.usefixtures("_no_names")
def test_a_bug_in_the_loop_reaches_the_caller(settings_for: SettingsFor, server: HostileServer) -> None:
    class Broken(ProcessBudget):
        def acquire(self, host: str, now: float) -> float:
            raise ZeroDivisionError

    budget = Broken(interval=timedelta(), concurrency=1)
    with pytest.raises(ZeroDivisionError):
        list(fetch_many(feeds("http://a.invalid/"), settings_for(server), budget, wait=True))
    assert fetchers() == []


FETCH_ALL = r"""
import re, sys
from datetime import timedelta
from articles.fetch.addresses import parse_networks
from articles.fetch.batch import fetch_many
from articles.fetch.settings import FetchSettings
from articles.records import FeedRequest
settings = FetchSettings(user_agent="Orta/1.0", allow_networks=parse_networks(["127.0.0.0/8"]))
requests = [FeedRequest(n, url) for n, url in enumerate(sys.argv[1:] * 8)]
ends = [getattr(answer, "outcome", "ok") for _, answer in fetch_many(requests, settings, None, wait=True)]
most = int(re.search(r"VmHWM:\s+(\d+) kB", open("/proc/self/status").read())[1]) * 1024
print(most, ends.count("ok"), ends.count("too_large"))
"""


def test_large_bodies_and_bombs_all_at_once_stay_below_the_limit_of_memory(server: HostileServer) -> None:
    zeros = bytes(100 * MIB)
    urls = [
        server.serve("/large", b"<" * (15 * MIB)),
        server.serve("/too-large", b"<" * (15 * MIB + 1)),
        server.play("/endless", [reply(length=10**9).replace(b"Content-Length", b"X-Was"), Repeat(bytes(65_536))]),
        server.serve("/gzip", gzip.compress(zeros, 1), {"Content-Encoding": "gzip"}),
        server.serve("/deflate", zlib.compress(zeros, 1), {"Content-Encoding": "deflate"}),
        server.serve("/brotli", brotli.compress(zeros, quality=1), {"Content-Encoding": "br"}),
    ]
    del zeros
    found = subprocess.run(
        [sys.executable, "-c", FETCH_ALL, *urls], cwd=ROOT, check=True, capture_output=True, text=True
    )
    memory, ok, too_large = map(int, found.stdout.split())
    assert (ok, too_large) == (8, 40)
    assert memory < MOST_MEMORY
