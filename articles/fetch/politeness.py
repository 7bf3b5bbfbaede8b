"""How often we may knock at one host: a few requests in flight, some seconds between starts, across all workers."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
import uuid
from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

import redis

log = logging.getLogger(__name__)
BUSY = 0.5  # seconds to wait before asking again when all places of a host are taken
LEASE = 90.0  # seconds after which a place is free again although nobody gave it back
AWAY = 10.0  # seconds for which Redis is left alone after it did not answer
MANY_HOSTS = 10_000  # hosts remembered in a process before idle ones are forgotten


class HostBudget(Protocol):
    """Who may start a request at a host, and when. Both questions may block for a moment; any thread may ask."""

    def acquire(self, host: str, now: float) -> float:
        """Take a place at the host and return 0, or return the seconds (> 0) to wait; ``now`` in epoch seconds."""
        ...

    def release(self, host: str) -> None:
        """Give a place back; harmless when it has run out already."""
        ...


@dataclass(slots=True)
class _Host:
    next_start: float = 0.0
    leases: deque[float] = field(default_factory=deque)  # when each runs out, soonest first


class ProcessBudget:
    """A budget that the threads of one process share."""

    def __init__(self, *, interval: timedelta, concurrency: int, lease: float = LEASE) -> None:
        self._interval = interval.total_seconds()
        self._concurrency = concurrency
        self._lease = lease
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    def acquire(self, host: str, now: float) -> float:
        with self._lock:
            if len(self._hosts) >= MANY_HOSTS:
                self._forget_idle(now)
            state = self._hosts.setdefault(host, _Host())
            while state.leases and state.leases[0] <= now:
                state.leases.popleft()
            # A clock that was set back must not stop a host for longer than one interval.
            wait = min(state.next_start - now, self._interval)
            if wait > 0:
                return wait
            if len(state.leases) >= self._concurrency:
                return BUSY
            state.next_start = now + self._interval
            state.leases.append(now + self._lease)
            return 0.0

    def release(self, host: str) -> None:
        with self._lock:
            state = self._hosts.get(host)
            if state and state.leases:
                state.leases.popleft()

    def _forget_idle(self, now: float) -> None:
        for host in [host for host, state in self._hosts.items() if state.next_start <= now and not state.leases]:
            del self._hosts[host]


# KEYS: next start, leases. ARGV: now, interval, concurrency, lease, busy, name of the new lease.
# Numbers travel as text: Redis cuts Lua numbers to integers.
_ACQUIRE = """
local now, interval = tonumber(ARGV[1]), tonumber(ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', ARGV[1])
local wait = math.min(tonumber(redis.call('GET', KEYS[1]) or '0') - now, interval)
if wait > 0 then return tostring(wait) end
if redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[3]) then return ARGV[5] end
local life = math.ceil(math.max(tonumber(ARGV[4]), interval) * 1000) + 1000
redis.call('SET', KEYS[1], string.format('%.6f', now + interval), 'PX', life)
redis.call('ZADD', KEYS[2], string.format('%.6f', now + tonumber(ARGV[4])), ARGV[6])
redis.call('PEXPIRE', KEYS[2], life)
return '0'
"""


class RedisBudget:
    """A budget that all workers share through Redis; places of a worker that died run out by themselves.

    While Redis does not answer, the process keeps a budget of its own: politeness gets coarser, fetching goes on.
    """

    def __init__(
        self, client: redis.Redis, *, interval: timedelta, concurrency: int, lease: float = LEASE, prefix: str = "fetch"
    ) -> None:
        self._client = client
        self._script = client.register_script(_ACQUIRE)
        self._interval = interval.total_seconds()
        self._concurrency = concurrency
        self._lease = lease
        self._prefix = prefix
        self._own = ProcessBudget(interval=interval, concurrency=concurrency, lease=lease)
        self._away_until = float("-inf")  # of the monotonic clock

    def acquire(self, host: str, now: float) -> float:
        limits: list[str | float] = [
            f"{now:.6f}",
            self._interval,
            self._concurrency,
            self._lease,
            BUSY,
            uuid.uuid4().hex,
        ]
        if time.monotonic() >= self._away_until:
            try:
                return float(self._script(keys=self._keys(host), args=limits))
            except redis.RedisError as error:
                self._away_until = time.monotonic() + AWAY
                log.warning("Redis does not answer; politeness is kept by this process alone: %s", error)
        return self._own.acquire(host, now)

    def release(self, host: str) -> None:
        # Which place is given back does not matter: they are all alike, and the soonest to end is the safest.
        if time.monotonic() >= self._away_until:
            with contextlib.suppress(redis.RedisError):
                self._client.zpopmin(self._keys(host)[1])
        self._own.release(host)

    def _keys(self, host: str) -> list[str]:
        name = f"{self._prefix}:{{{host}}}"
        return [f"{name}:next", f"{name}:places"]
