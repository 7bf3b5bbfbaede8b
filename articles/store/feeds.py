"""What a fetch did to its feed: state, event, and when to come again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Window
from django.db.models.functions import RowNumber

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


# What a fetch may change on its feed.
STATE = (
    "outcome", "status", "message", "suggestion", "failures", "failing_since", "etag", "last_modified", "body_hash",
    "validated_since", "moved_url", "moved_seen", "current_url", "title", "interval", "rhythm", "asked_interval",
    "next_fetch_at", "leased_until", "last_fetched_at", "last_success_at", "last_item_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unchanged:
    """One answer that brought nothing new: a 304, or the body of last time."""

    feed: Feed
    response: Response
    at: datetime


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
    parsed: ParsedFeed,
    entries: Sequence[CleanEntry],
    *,
    new: Sequence[int] = (),
    updated: Sequence[int] = (),
    now: datetime,
) -> Ingested:
    """Record an answer that was read."""
    _note_body(feed, response, parsed, entries, now=now)
    _note_answer(feed, response, Feed.Outcome.OK if entries else Feed.Outcome.EMPTY, now=now)
    feed.articles_count = F("articles_count") + len(new)
    feed.save(update_fields=[*STATE, "articles_count"])
    event = _event(feed, at=now, size=len(response.body), took=response.milliseconds)
    event.new_items, event.updated_items = len(new), len(updated)
    event.save()
    _forget_old_events([feed.pk])
    return Ingested(feed.pk, feed.outcome, tuple(new), tuple(updated), len(entries))


def save_unchanged(answers: Sequence[Unchanged]) -> list[Ingested]:
    """Record many answers that brought nothing new, in one transaction; feeds that are gone meanwhile are left out."""
    if not answers:
        return []
    with transaction.atomic():
        ids = [answer.feed.pk for answer in answers]
        present = set(Feed.objects.filter(pk__in=ids).select_for_update().values_list("pk", flat=True))
        answers = [answer for answer in answers if answer.feed.pk in present]
        for answer in answers:
            _note_answer(answer.feed, answer.response, Feed.Outcome.UNCHANGED, now=answer.at)
        _write_states([answer.feed for answer in answers])
        FetchEvent.objects.bulk_create(
            [_event(a.feed, at=a.at, size=len(a.response.body), took=a.response.milliseconds) for a in answers]
        )
        _forget_old_events(ids)
    return [Ingested(answer.feed.pk, Feed.Outcome.UNCHANGED) for answer in answers]


def _write_states(feeds: Sequence[Feed]) -> None:
    """Write the state of many feeds; as plain statements, since bulk_update costs more than the fetching."""
    fields = [field for field in Feed._meta.concrete_fields if field.name in STATE]
    quoted = connection.ops.quote_name
    assignments = ", ".join(f"{quoted(str(field.column))} = %s" for field in fields)
    sql = f"UPDATE {quoted(Feed._meta.db_table)} SET {assignments} WHERE id = %s"  # nosec B608
    rows = [
        [field.get_db_prep_save(getattr(feed, field.attname), connection) for field in fields] + [feed.pk]
        for feed in feeds
    ]
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)


def _note_answer(feed: Feed, response: Response, outcome: str, *, now: datetime) -> None:
    """What every good answer changes on its feed."""
    if not response.unchanged:  # a server that names the same body anew is asked by its new name
        feed.etag = response.headers.get("etag", "")[:500]
        feed.last_modified = response.headers.get("last-modified", "")[:200]
    feed.validated_since = feed.validated_since + 1 if response.unchanged else 0
    _note_move(feed, response)
    feed.outcome, feed.status, feed.message, feed.suggestion = outcome, response.status, "", ""
    feed.failures, feed.failing_since = 0, None
    feed.last_fetched_at = feed.last_success_at = now
    feed.leased_until = LONG_AGO
    _plan(feed, now=now, asked=freshness(response, now=now))


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
    feed.last_fetched_at = now
    feed.leased_until = LONG_AGO
    feed.save(update_fields=STATE)
    took = response.milliseconds if response else error.milliseconds
    _event(feed, at=now, size=len(response.body) if response else 0, took=took).save()
    _forget_old_events([feed.pk])
    return Ingested(feed.pk, feed.outcome)


def save_deferred(feed: Feed, wait: timedelta, *, now: datetime) -> Ingested:
    """Give the feed back: its host is busy; no fault, no event."""
    Feed.objects.filter(pk=feed.pk).update(next_fetch_at=now + max(wait, timedelta(seconds=1)), leased_until=LONG_AGO)
    return Ingested(feed.pk, Feed.Outcome.DEFERRED)


def _event(feed: Feed, *, at: datetime, size: int, took: int) -> FetchEvent:
    """The event of the fetch that the feed has just been through, not yet written."""
    return FetchEvent(
        feed=feed, at=at, outcome=feed.outcome, status=feed.status, message=feed.message, bytes=size,
        milliseconds=took,
    )  # fmt: skip


def _forget_old_events(feed_ids: Sequence[int]) -> None:
    """Keep the newest FetchEvent.KEPT of each feed."""
    place = Window(RowNumber(), partition_by=F("feed"), order_by=[F("at").desc(), F("id").desc()])
    placed = FetchEvent.objects.filter(feed__in=feed_ids).order_by().annotate(place=place)
    stale = list(placed.filter(place__gt=FetchEvent.KEPT).values_list("pk", flat=True))
    if stale:
        FetchEvent.objects.filter(pk__in=stale).delete()
