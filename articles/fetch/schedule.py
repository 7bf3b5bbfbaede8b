"""When a feed is asked next: pure functions, with the time passed in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(hours=4)  # for a feed that has news
MAX_WAIT = timedelta(hours=24)  # for any feed: none is ever given up
UNKNOWN = timedelta(hours=1)  # for a feed that never showed a dated item
SILENT_AFTER = timedelta(days=30)
JITTER = 0.1  # of the wait, so that feeds that were once asked together do not stay together

NETWORK_OUTCOMES = frozenset({"dns", "connection", "timeout", "tls"})  # what a broken network of ours looks like
FEWEST_OUTCOMES = 5  # of the last minutes, to judge our network by


def next_fetch_at(
    *,
    now: datetime,
    interval: timedelta,
    failures: float = 0,
    retry_after: timedelta = timedelta(),
    min_interval: timedelta = timedelta(),
    jitter_seed: str = "",
) -> datetime:
    """Return when to fetch a feed again, as an aware UTC datetime.

    The wait is ``interval`` (> 0), longer by one interval per failure in a row (``failures`` is the sum of their
    weights). Retry-After (RFC 9110, 10.2.3) and what the feed itself asks for (``min_interval``: <ttl>,
    Cache-Control) can lengthen it, never shorten it; MAX_WAIT bounds all. Up to JITTER of the wait is added,
    the same for the same seed and time.
    """
    asked = min(max(retry_after, min_interval), MAX_WAIT)
    growth = min(1 + max(failures, 0), MAX_WAIT / max(interval, timedelta(seconds=1)))
    wait = min(max(interval * growth, asked), MAX_WAIT)
    spread = wait * JITTER * _fraction(f"{jitter_seed} {now.isoformat()}")
    # At the bound the jitter goes the other way: all dead feeds at exactly 24 h would be a lockstep too.
    return now + (wait + spread if wait + spread <= MAX_WAIT else max(wait - spread, asked))


def rhythm_of(item_times: Iterable[datetime], *, now: datetime) -> timedelta | None:
    """Return the mean gap between a feed's items, None when it has fewer than two; times in the future count not."""
    times = sorted(time for time in item_times if time <= now)
    return (times[-1] - times[0]) / (len(times) - 1) if len(times) > 1 else None


def interval_for(rhythm: timedelta | None, newest: datetime | None, *, now: datetime) -> timedelta:
    """Return half the mean gap between a feed's items, at least SHORTEST and at most LONGEST.

    MAX_WAIT when the ``newest`` item is older than SILENT_AFTER. A feed of one item is measured against ``now``.
    """
    if newest is None or newest > now:
        return UNKNOWN
    if now - newest > SILENT_AFTER:
        return MAX_WAIT
    gap = now - newest if rhythm is None else rhythm
    return min(max(gap / 2, SHORTEST), LONGEST)


def our_network_is_down(outcomes: Sequence[str]) -> bool:
    """Whether most fetches of the last minutes ended in a way that a broken network of ours would explain."""
    judged = [outcome for outcome in outcomes if outcome != "deferred"]
    failed = sum(outcome in NETWORK_OUTCOMES for outcome in judged)
    return len(judged) >= FEWEST_OUTCOMES and failed * 2 > len(judged)


def _fraction(seed: str) -> float:
    """A number from 0 to 1 that only depends on the seed."""
    return int.from_bytes(hashlib.blake2b(seed.encode(), digest_size=6).digest()) / 2**48
