"""When a feed is asked next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.fetch.schedule import (
    JITTER,
    LONGEST,
    MAX_WAIT,
    SHORTEST,
    UNKNOWN,
    interval_for,
    next_fetch_at,
    our_network_is_down,
    rhythm_of,
)

NOW = datetime(2025, 6, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
seconds = st.integers(0, 10**10).map(lambda number: timedelta(seconds=number))


@given(
    interval=st.integers(1, 86_400).map(lambda number: timedelta(seconds=number)),
    failures=st.floats(0, 1e9),
    retry_after=seconds,
    min_interval=seconds,
    seed=st.text(max_size=8),
)
def test_the_wait_is_bounded_and_never_shorter_than_asked(
    interval: timedelta, failures: float, retry_after: timedelta, min_interval: timedelta, seed: str
) -> None:
    at = next_fetch_at(
        now=NOW,
        interval=interval,
        failures=failures,
        retry_after=retry_after,
        min_interval=min_interval,
        jitter_seed=seed,
    )
    assert min(max(retry_after, min_interval), MAX_WAIT) <= at - NOW <= MAX_WAIT
    assert at - NOW >= interval * (1 - JITTER)


def test_jitter_is_the_same_for_the_same_feed_and_spreads_feeds() -> None:
    waits = [next_fetch_at(now=NOW, interval=HOUR, jitter_seed=str(feed)) - NOW for feed in range(200)]
    assert waits == [next_fetch_at(now=NOW, interval=HOUR, jitter_seed=str(feed)) - NOW for feed in range(200)]
    assert len(set(waits)) == 200
    assert all(HOUR <= wait <= HOUR * (1 + JITTER) for wait in waits)


def test_feeds_at_the_longest_wait_do_not_run_in_lockstep_either() -> None:
    waits = {next_fetch_at(now=NOW, interval=MAX_WAIT, failures=50, jitter_seed=str(feed)) - NOW for feed in range(50)}
    assert len(waits) == 50
    assert max(waits) <= MAX_WAIT


@pytest.mark.parametrize(("failures", "hours"), [(0, 1), (0.25, 1.25), (0.5, 1.5), (1, 2), (3, 4), (100, 24)])
def test_failures_lengthen_the_wait_by_their_weight(failures: float, hours: float) -> None:
    wait = next_fetch_at(now=NOW, interval=HOUR, failures=failures) - NOW
    assert hours * HOUR * (1 - JITTER) <= wait <= hours * HOUR * (1 + JITTER)


@pytest.mark.parametrize(
    ("gap", "interval"),
    [
        (timedelta(seconds=10), SHORTEST),
        (timedelta(minutes=30), timedelta(minutes=15)),
        (timedelta(hours=3), timedelta(minutes=90)),
        (timedelta(days=2), LONGEST),
    ],
)
def test_the_interval_is_half_the_mean_gap_within_bounds(gap: timedelta, interval: timedelta) -> None:
    rhythm = rhythm_of([NOW - gap * number for number in range(10)], now=NOW)
    assert rhythm == gap
    assert interval_for(rhythm, NOW, now=NOW) == interval


def test_a_feed_silent_for_a_month_is_asked_daily() -> None:
    assert interval_for(HOUR, NOW - timedelta(days=31), now=NOW) == MAX_WAIT


def test_a_feed_without_dates_is_asked_hourly() -> None:
    assert rhythm_of([], now=NOW) is None
    assert interval_for(None, None, now=NOW) == UNKNOWN
    assert interval_for(None, NOW + timedelta(days=9), now=NOW) == UNKNOWN


def test_a_single_item_is_measured_against_now() -> None:
    newest = NOW - timedelta(hours=2)
    assert rhythm_of([newest, NOW + HOUR], now=NOW) is None
    assert interval_for(None, newest, now=NOW) == HOUR


@given(st.lists(st.datetimes(datetime(1970, 1, 1), datetime(2099, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))))
def test_any_dates_give_an_interval_within_bounds(times: list[datetime]) -> None:
    rhythm = rhythm_of(times, now=NOW)
    assert SHORTEST <= interval_for(rhythm, max(times, default=None), now=NOW) <= MAX_WAIT


@pytest.mark.parametrize(
    ("outcomes", "down"),
    [
        ([], False),
        (["timeout"] * 4, False),
        (["timeout"] * 5, True),
        (["dns", "connection", "timeout", "tls", "ok", "ok", "unchanged"], True),
        (["dns", "connection", "timeout", "ok", "ok", "unchanged"], False),
        (["http_error", "not_a_feed", "gone", "html_page", "too_large", "ok"], False),
        (["deferred"] * 50 + ["dns"] * 4, False),
    ],
)
def test_our_network_is_down_when_most_fetches_do_not_get_through(outcomes: list[str], down: bool) -> None:
    assert our_network_is_down(outcomes) is down
