"""How long pages take, by the name of their address, for ``/metrics``.

Counted in each process and added to Redis every few seconds, so that all web processes are one and a dead one leaves
nothing behind; without Redis there is one web process and it keeps the figures itself.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from redis import Redis, RedisError

log = logging.getLogger(__name__)
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)  # seconds; slower ones count in +Inf alone
LIMITS = tuple(f"{bound:g}" for bound in BOUNDS)  # as they stand in labels
KEY = "orta:page-times"
EVERY = 5.0  # seconds between two additions to Redis
GIVE_UP = 0.5  # seconds for Redis to answer: a reader waits for it


class Tally:
    """Figures of this process that Redis has not got yet; safe between threads."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.counts: Counter[str] = Counter()
        self.sent_at = time.monotonic()

    def add(self, page: str, seconds: float) -> None:
        """One answer of the page."""
        with self.lock:
            self.counts[f"{page}|count"] += 1
            self.counts[f"{page}|microseconds"] += round(seconds * 1e6)
            for bound, limit in zip(BOUNDS, LIMITS, strict=True):
                if seconds <= bound:
                    self.counts[f"{page}|{limit}"] += 1
        if settings.REDIS_URL and time.monotonic() - self.sent_at > EVERY:
            self.send()

    def send(self) -> None:
        """Add what has come together to Redis; when that fails it stays for the next time."""
        with self.lock:
            counts, self.counts, self.sent_at = self.counts, Counter(), time.monotonic()
        try:
            with connect() as redis, redis.pipeline(transaction=True) as pipeline:
                for field, count in counts.items():
                    pipeline.hincrby(KEY, field, count)
                pipeline.execute()
        except RedisError as error:
            log.warning("page times wait for Redis: %s", type(error).__name__)
            with self.lock:
                self.counts.update(counts)

    def read(self) -> dict[str, int]:
        """All figures, those of other processes too."""
        if not settings.REDIS_URL:
            with self.lock:
                return dict(self.counts)
        self.send()
        try:
            with connect() as redis:
                stored: dict[bytes, bytes] = redis.hgetall(KEY)
        except RedisError:
            return {}
        return {field.decode(): int(count) for field, count in stored.items()}


def connect() -> Redis:
    return Redis.from_url(settings.REDIS_URL, socket_timeout=GIVE_UP, socket_connect_timeout=GIVE_UP)


tally = Tally()


class PageTimes:
    """The outermost wrapper: what it measures is what a proxy in front of us sees."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        # the name of the address, never the address: there are as many of those as anybody likes to ask for
        page = (match.url_name or match.func.__name__) if match else "none"
        tally.add(page, time.perf_counter() - began)
        return response
