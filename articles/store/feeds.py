"""What a fetch did to its feed: state, event, and when to come again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F

from articles.errors import IngestError
from articles.fetch.caching import freshness
from articles.fetch.masking import mask_text
from articles.fetch.schedule import interval_for, next_fetch_at, rhythm_of
from articles.models import Feed, FetchEvent
from articles.models.article import clamp
from articles.models.source import LONG_AGO
from articles.records import CleanEntry, ParsedFeed, Response

UNCONDITIONAL_AFTER = 20  # 304s in a row before the body is asked for once: servers lie
MOVES_SEEN = 2  # a permanent move is believed when it was seen so often
TIMES = 40  # newest items from whose times the interval comes


@dataclass(frozen=True, slots=True)
class Ingested:
    """What one fetch brought."""

    feed_id: int
    outcome: str
    new: tuple[int, ...] = ()  # ids of articles
    updated: tuple[int, ...] = ()
    entries: int = 0

    @property
    def failed(self) -> bool:
        return self.outcome not in {"ok", "unchanged", "empty", "deferred"}


def save_success(
    feed: Feed,
    response: Response,
    parsed: ParsedFeed | None = None,
    entries: Sequence[CleanEntry] = (),
    *,
    new: Sequence[int] = (),
    updated: Sequence[int] = (),
    now: datetime,
) -> Ingested:
    """Record an answer; ``parsed`` is None when it was not read because nothing had changed."""
    outcome = Feed.Outcome.UNCHANGED
    if parsed is not None:
        outcome = Feed.Outcome.OK if entries else Feed.Outcome.EMPTY
        _note_body(feed, response, parsed, entries, now=now)
    if not response.unchanged:  # a server that names the same body anew is asked by its new name
        feed.etag = response.headers.get("etag", "")[:500]
        feed.last_modified = response.headers.get("last-modified", "")[:200]
    feed.validated_since = feed.validated_since + 1 if response.unchanged else 0
    _note_move(feed, response)
    feed.outcome, feed.status, feed.message, feed.suggestion = outcome, response.status, "", ""
    feed.failures = 0
    feed.failing_since = None
    feed.last_success_at = now
    feed.articles_count = F("articles_count") + len(new)
    _plan(feed, now=now, asked=freshness(response, now=now))
    _finish(feed, now=now)
    _event(feed, now=now, size=len(response.body), took=response.milliseconds, new=len(new), updated=len(updated))
    return Ingested(feed.pk, outcome, tuple(new), tuple(updated), len(entries))


def _note_body(
    feed: Feed, response: Response, parsed: ParsedFeed, entries: Sequence[CleanEntry], *, now: datetime
) -> None:
    feed.body_hash = response.body_hash
    feed.title = feed.title or parsed.title[:300]
    feed.asked_interval = parsed.min_interval
    stored = list(feed.articles.order_by("-at").values_list("at", flat=True)[:TIMES])
    feed.rhythm = rhythm_of(stored, now=now)
    said = [clamp(entry.published_at, fetched_at=now) for entry in entries if entry.published_at]
    feed.last_item_at = max([*said, *stored[:1], *filter(None, [feed.last_item_at])], default=None)


def _note_move(feed: Feed, response: Response) -> None:
    """Follow an unbroken permanent chain that ended in a feed, once it was seen MOVES_SEEN times."""
    target = response.permanent_url
    if not target or target == feed.current_url or len(target) > 1000:
        feed.moved_url, feed.moved_seen = "", 0
        return
    feed.moved_seen = feed.moved_seen + 1 if feed.moved_url == target else 1
    feed.moved_url = target
    if feed.moved_seen >= MOVES_SEEN:
        feed.current_url = target
        feed.moved_url, feed.moved_seen = "", 0


def _plan(feed: Feed, *, now: datetime, asked: timedelta) -> None:
    """Set when to come again; ``asked``: what the server's headers ask for, beside what the feed itself does."""
    feed.interval = interval_for(feed.rhythm, feed.last_item_at, now=now)
    if settings.SAMPLE_EDITION:  # it moves every minute, and its outlets are ours
        feed.interval = timedelta(minutes=1)
    asked = max(asked, feed.asked_interval)
    feed.next_fetch_at = next_fetch_at(now=now, interval=feed.interval, min_interval=asked, jitter_seed=f"{feed.pk}")


def save_failure(
    feed: Feed, error: IngestError, *, response: Response | None = None, now: datetime, our_fault: bool = False
) -> Ingested:
    """Record a fault; stored articles stay. ``our_fault``: our own network is down, so nobody is punished.

    ``response``: what was answered, when the fault is in the document.
    """
    feed.outcome = error.outcome
    feed.status = response.status if response else error.status
    feed.message = mask_text(error.message)[:500]
    feed.suggestion = error.suggestion if len(error.suggestion) <= 1000 else ""
    if not our_fault:
        feed.failures += error.weight
        feed.failing_since = feed.failing_since or now
    feed.next_fetch_at = next_fetch_at(
        now=now,
        interval=feed.interval,
        failures=feed.failures,
        retry_after=error.retry_after,
        min_interval=feed.asked_interval,
        jitter_seed=f"{feed.pk}",
    )
    _finish(feed, now=now)
    took = response.milliseconds if response else error.milliseconds
    _event(feed, now=now, size=len(response.body) if response else 0, took=took)
    return Ingested(feed.pk, feed.outcome)


def save_deferred(feed: Feed, wait: timedelta, *, now: datetime) -> Ingested:
    """Give the feed back: its host is busy; no fault, no event."""
    Feed.objects.filter(pk=feed.pk).update(next_fetch_at=now + max(wait, timedelta(seconds=1)), leased_until=LONG_AGO)
    return Ingested(feed.pk, Feed.Outcome.DEFERRED)


def _finish(feed: Feed, *, now: datetime) -> None:
    feed.last_fetched_at = now
    feed.leased_until = LONG_AGO
    feed.save(
        update_fields=[
            "outcome", "status", "message", "suggestion", "failures", "etag", "last_modified", "body_hash",
            "validated_since", "moved_url", "moved_seen", "current_url", "title", "interval", "rhythm",
            "asked_interval", "next_fetch_at", "leased_until", "last_fetched_at", "last_success_at", "last_item_at",
            "failing_since", "articles_count",
        ]
    )  # fmt: skip


def _event(feed: Feed, *, now: datetime, size: int = 0, took: int = 0, new: int = 0, updated: int = 0) -> None:
    """Write the event and forget the oldest beyond FetchEvent.KEPT."""
    FetchEvent.objects.create(
        feed=feed, at=now, outcome=feed.outcome, status=feed.status, message=feed.message, bytes=size,
        milliseconds=took, new_items=new, updated_items=updated,
    )  # fmt: skip
    stale = FetchEvent.objects.filter(feed=feed).order_by("-at", "-id").values_list("pk", flat=True)[FetchEvent.KEPT :]
    FetchEvent.objects.filter(pk__in=list(stale[:200])).delete()
