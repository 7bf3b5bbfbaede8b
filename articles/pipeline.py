"""THE FLOW: an item goes from fetch to store here, one line per stage; grouping and ranking follow in one stream."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Final

import redis
from django.conf import settings
from django.db import IntegrityError, transaction

from articles import store
from articles.ahead import read_ahead
from articles.errors import Deferred, IngestError
from articles.fetch.addresses import parse_networks
from articles.fetch.batch import fetch_many
from articles.fetch.politeness import HostBudget, ProcessBudget, RedisBudget
from articles.fetch.schedule import our_network_is_down
from articles.fetch.settings import FetchSettings
from articles.lexicon import InForce
from articles.models import Feed
from articles.records import CleanEntry, FeedRequest, ParsedFeed, Response, Tags
from articles.sandbox import Reader, Reading
from articles.store import Ingested
from articles.store.feeds import UNCONDITIONAL_AFTER
from articles.tag import tag_entry

log = logging.getLogger(__name__)
VERSION = "1.0"
TOGETHER = 100  # feeds without news that are written at once
PATIENCE = timedelta(seconds=1)  # that the first of them waits for the others

# The order of the stages; a folder (or module) for each, and tests/test_layout.py holds them to their rules.
STAGES: Final = (
    ("fetch", "network → Response, politely and only from the public internet"),
    ("parse", "Response → ParsedFeed, in a process that can be ended"),
    ("clean", "Entry → CleanEntry: HTML becomes plain text once"),
    ("tag", "CleanEntry → Tags: language, relevance, countries, topics, entities, each with its why"),
    ("store", "records → rows; what is known is not stored twice"),
    ("group", "articles → stories, one ordered stream"),
    ("rank", "facts of a story → its place"),
    ("publish", "rows → pages, feeds, API"),
)


def ingest_feeds(
    feeds: Sequence[Feed],
    lexicon: Callable[[], InForce],
    *,
    clock: Callable[[], datetime],
    wait: bool = False,
    recent: Sequence[str] = (),
) -> Iterator[Ingested]:
    """Run fetch to store for many feeds on one event loop; yield what each brought, as it is stored.

    ``lexicon`` is asked when something must be tagged. ``wait``: wait for the turn at busy hosts instead of giving
    the feed back. ``recent``: outcomes of the fetches of the last minutes; when most of them, with those of this
    batch, did not get through, no feed is punished. No feed stops another: a fault of the feed is recorded on its
    row, and so is a bug of ours, which is logged with its trace.
    """
    by_id = {feed.pk: feed for feed in feeds}
    requests = [feed.request(unconditional=feed.validated_since >= UNCONDITIONAL_AFTER) for feed in feeds]
    answers = fetch_many(requests, fetch_settings(), host_budget(), wait=wait)
    outcomes = list(recent)
    unchanged: list[store.Unchanged] = []
    for request, answer, read in read_ahead(answers, partial(read_document, clock=clock), wanted=has_changed):
        feed, now = by_id[request.feed_id], clock()
        if isinstance(answer, IngestError):
            outcomes.append(answer.outcome)
            yield from guarded(feed, partial(save_fault, feed, answer, now=now, recent=outcomes), now=now)
        elif read is None:
            unchanged.append(store.Unchanged(feed, answer, now))
        else:
            outcomes.append("ok")
            yield from guarded(feed, partial(ingest_document, feed, answer, read, lexicon, now=now), now=now)
        if unchanged and (len(unchanged) >= TOGETHER or now - unchanged[0].at >= PATIENCE):
            outcomes += ["unchanged"] * len(unchanged)
            yield from store.save_unchanged(unchanged)
            unchanged = []
    yield from store.save_unchanged(unchanged)


def has_changed(request: FeedRequest, response: Response) -> bool:
    """Whether an answer must be read: neither the server nor the body says that it is the last one again."""
    return not response.unchanged and response.body_hash != request.body_hash


def read_document(response: Response, *, clock: Callable[[], datetime]) -> Reading:
    """Parse and clean in a process that can be ended."""
    return reader().read(response, now=clock())


def guarded(feed: Feed, work: Callable[[], Ingested], *, now: datetime) -> Iterator[Ingested]:
    """Yield what the work comes to; a bug of ours becomes a fault of this feed alone, unless the feed is no more."""
    try:
        yield work()
    except Exception:
        log.exception("a bug of ours stopped one feed", extra={"feed_id": feed.pk, "url": feed.current_url})
        if Feed.objects.filter(pk=feed.pk).exists():
            yield store.save_failure(feed, IngestError("An error of this site; it was logged."), now=now)


def save_fault(feed: Feed, fault: IngestError, *, now: datetime, recent: Sequence[str]) -> Ingested:
    """Record that a feed could not be fetched, or give it back when its host is busy."""
    if isinstance(fault, Deferred):
        return store.save_deferred(feed, fault.retry_after, now=now)
    return store.save_failure(feed, fault, now=now, our_fault=our_network_is_down(recent))


def ingest_document(
    feed: Feed,
    answer: Response,
    read: Callable[[Response], Reading],
    lexicon: Callable[[], InForce],
    *,
    now: datetime,
) -> Ingested:
    """Run parse to store for one answer; a fault of the document is recorded on the feed and does not raise."""
    try:
        parsed, entries = read(answer)
    except IngestError as fault:
        return store.save_failure(feed, fault, response=answer, now=now)
    return store_answer(feed, answer, parsed, entries, lexicon(), now=now)


def store_answer(
    feed: Feed,
    response: Response,
    parsed: ParsedFeed,
    entries: Sequence[CleanEntry],
    lexicon: InForce,
    *,
    now: datetime,
    tries: int = 2,
) -> Ingested:
    """Tag what is new or changed and write it; when another feed of the outlet wrote the same, look again."""
    matched = store.match_entries(feed, entries)
    tags = tag_entries(feed, [item.entry for item in matched.fresh], lexicon)
    try:
        with transaction.atomic():
            new, updated = store.save_entries(feed, matched, tags, lexicon.rows, now=now)
            return store.save_success(feed, response, parsed, entries, new=new, updated=updated, now=now)
    except IntegrityError:
        if tries <= 1:
            raise
        feed.refresh_from_db()
        return store_answer(feed, response, parsed, entries, lexicon, now=now, tries=tries - 1)


def tag_entries(feed: Feed, entries: Sequence[CleanEntry], lexicon: InForce) -> list[Tags]:
    """Tags of each entry, with what is known of the feed."""
    hints = feed.hints()
    return [tag_entry(entry, lexicon.lexicon, hints=hints) for entry in entries]


@cache
def fetch_settings() -> FetchSettings:
    """The operator's settings as the fetcher's record."""
    name = settings.SITE_NAME.encode("ascii", "ignore").decode() or "Orta"
    return FetchSettings(
        user_agent=f"{name}/{VERSION} (+{settings.FETCH_CONTACT})",
        allow_networks=parse_networks(settings.FETCH_ALLOW_NETWORKS),
        host_interval=timedelta(seconds=settings.FETCH_HOST_INTERVAL),
        host_concurrency=settings.FETCH_HOST_CONCURRENCY,
    )


@cache
def host_budget() -> HostBudget:
    """Across all workers when there is Redis, else across the threads of this process."""
    interval = timedelta(seconds=settings.FETCH_HOST_INTERVAL)
    most = settings.FETCH_HOST_CONCURRENCY
    if settings.REDIS_URL:
        return RedisBudget(
            redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2), interval=interval, concurrency=most
        )
    return ProcessBudget(interval=interval, concurrency=most)


@cache
def reader() -> Reader:
    """The killable readers of this process."""
    return Reader()
