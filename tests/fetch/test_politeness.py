"""Two requests in flight and some seconds between starts at one host, in a process and across workers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
import redis

from articles.fetch.politeness import BUSY, MANY_HOSTS, HostBudget, ProcessBudget, RedisBudget
from tests.servers import redis_server

MakeBudget = Callable[..., HostBudget]
NOW = 1_750_000_000.0  # seconds; the budgets never look at a clock


@pytest.fixture(params=["process", pytest.param("redis", marks=pytest.mark.redis)])
def make_budget(request: pytest.FixtureRequest) -> Iterator[MakeBudget]:
    """A budget of each kind; two made by the same fixture on Redis are two workers."""
    if request.param == "process":
        yield ProcessBudget
        return
    with redis.Redis.from_url(request.getfixturevalue("redis_url")) as client:
        client.flushdb()
        yield partial(RedisBudget, client)


def budget_of(make_budget: MakeBudget, *, interval: float = 5, concurrency: int = 2, lease: float = 90) -> HostBudget:
    return make_budget(interval=timedelta(seconds=interval), concurrency=concurrency, lease=lease)


def test_starts_at_a_host_keep_their_distance(make_budget: MakeBudget) -> None:
    budget = budget_of(make_budget)
    assert budget.acquire("a.example", NOW) == 0
    assert budget.acquire("a.example", NOW + 1) == pytest.approx(4)
    assert budget.acquire("a.example", NOW + 4.5) == pytest.approx(0.5)
    assert budget.acquire("a.example", NOW + 5) == 0


def test_hosts_do_not_wait_for_each_other(make_budget: MakeBudget) -> None:
    budget = budget_of(make_budget)
    assert [budget.acquire(f"{name}.example", NOW) for name in "abc"] == [0, 0, 0]


def test_no_more_than_the_allowed_requests_are_in_flight(make_budget: MakeBudget) -> None:
    budget = budget_of(make_budget, interval=0)
    assert [budget.acquire("a.example", NOW) for _ in range(3)] == [0, 0, BUSY]
    budget.release("a.example")
    assert [budget.acquire("a.example", NOW) for _ in range(2)] == [0, BUSY]


def test_giving_back_early_does_not_shorten_the_distance(make_budget: MakeBudget) -> None:
    budget = budget_of(make_budget)
    budget.acquire("a.example", NOW)
    budget.release("a.example")
    assert budget.acquire("a.example", NOW + 1) == pytest.approx(4)


def test_places_of_a_dead_worker_run_out(make_budget: MakeBudget) -> None:
    budget = budget_of(make_budget, interval=0, lease=60)
    budget.acquire("a.example", NOW)
    budget.acquire("a.example", NOW + 30)
    assert budget.acquire("a.example", NOW + 59) == BUSY
    assert budget.acquire("a.example", NOW + 61) == 0
    assert budget.acquire("a.example", NOW + 62) == BUSY


def test_giving_back_more_than_was_taken_is_harmless(make_budget: MakeBudget) -> None:
    budget = budget_of(make_budget, interval=0)
    for _ in range(5):
        budget.release("a.example")
    assert [budget.acquire("a.example", NOW) for _ in range(3)] == [0, 0, BUSY]


def test_a_clock_that_was_set_back_stops_no_host_for_longer_than_the_distance(make_budget: MakeBudget) -> None:
    budget = budget_of(make_budget)
    budget.acquire("a.example", NOW + 86_400)
    assert 0 < budget.acquire("a.example", NOW) <= 5


def test_many_at_once_get_exactly_the_places_that_there_are(make_budget: MakeBudget) -> None:
    budget = budget_of(make_budget, interval=0, concurrency=3)
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: budget.acquire("a.example", NOW), range(40)))
    assert waits.count(0) == 3


@pytest.mark.redis
def test_workers_share_a_host_through_redis(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as one, redis.Redis.from_url(redis_url) as two:
        one.flushdb()
        first, second = (budget_of(partial(RedisBudget, client)) for client in (one, two))
        assert first.acquire("a.example", NOW) == 0
        assert second.acquire("a.example", NOW + 2) == pytest.approx(3)


@pytest.mark.redis
def test_nothing_stays_in_redis_for_ever(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        client.flushdb()
        budget_of(partial(RedisBudget, client)).acquire("a.example", NOW)
        assert len(list(client.scan_iter())) == 2
        assert all(0 < client.pttl(key) <= 100_000 for key in client.scan_iter())


@pytest.mark.redis
def test_politeness_is_kept_by_the_process_while_redis_is_gone(redis_url: str) -> None:
    with redis_server() as url:
        client = redis.Redis.from_url(url)
        budget = budget_of(partial(RedisBudget, client))
        assert budget.acquire("a.example", NOW) == 0
    assert budget.acquire("a.example", NOW + 100) == 0
    assert budget.acquire("a.example", NOW + 101) == pytest.approx(4)
    budget.release("a.example")
    client.close()


def test_a_process_forgets_hosts_that_are_idle() -> None:
    budget = ProcessBudget(interval=timedelta(seconds=5), concurrency=2)
    for number in range(MANY_HOSTS + 500):
        budget.acquire(f"{number}.example", NOW + number)
        budget.release(f"{number}.example")
    assert len(budget._hosts) <= MANY_HOSTS
