"""THE FLOW: an item goes from fetch to store here, one line per stage; grouping and ranking follow in one stream."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Final

import redis
from django.conf import settings
from django.db import IntegrityError, transaction

from articles import store
from articles.errors import Deferred, IngestError
from articles.fetch.addresses import parse_networks
from articles.fetch.batch import fetch_many
from articles.fetch.politeness import HostBudget, ProcessBudget, RedisBudget
from articles.fetch.schedule import our_network_is_down
from articles.fetch.settings import FetchSettings
from articles.lexicon import InForce
from articles.models import Feed
from articles.records import CleanEntry, ParsedFeed, Response, Tags
from articles.sandbox import Reader
from articles.store import Ingested
from articles.store.feeds import UNCONDITIONAL_AFTER
from articles.tag import tag_entry

log = logging.getLogger(__name__)
VERSION = "1.0"

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
    lexicon: InForce,
    *,
    clock: Callable[[], datetime],
    wait: bool = False,
    recent: Sequence[str] = (),
) -> Iterator[Ingested]:
    """Run fetch to store for many feeds on one event loop; yield what each brought, as it comes in.

    ``wait``: wait for the turn at busy hosts instead of giving the feed back. ``recent``: outcomes of the fetches
    of the last minutes; when most of them, with those of this batch, did not get through, no feed is punished. No
    feed stops another: a fault of the feed is recorded on its row, and so is a bug of ours, which is logged with
    its trace.
    """
    outcomes = list(recent)
    by_id = {feed.pk: feed for feed in feeds}
    requests = [feed.request(unconditional=feed.validated_since >= UNCONDITIONAL_AFTER) for feed in feeds]
    for request, answer in fetch_many(requests, fetch_settings(), host_budget(), wait=wait):
        feed = by_id[request.feed_id]
        try:
            if isinstance(answer, IngestError):
                outcomes.append(answer.outcome)
                yield save_fault(feed, answer, now=clock(), our_fault=our_network_is_down(outcomes))
            else:
                ingested = ingest_answer(feed, answer, lexicon, now=clock())
                outcomes.append(ingested.outcome)
                yield ingested
        except Exception:
            log.exception("a bug of ours stopped one feed", extra={"feed_id": feed.pk, "url": feed.current_url})
            yield store.save_failure(feed, IngestError("An error of this site; it was logged."), now=clock())


def save_fault(feed: Feed, fault: IngestError, *, now: datetime, our_fault: bool) -> Ingested:
    """Record that a feed could not be fetched, or give it back when its host is busy."""
    if isinstance(fault, Deferred):
        return store.save_deferred(feed, fault.retry_after, now=now)
    return store.save_failure(feed, fault, now=now, our_fault=our_fault)


def ingest_answer(feed: Feed, answer: Response, lexicon: InForce, *, now: datetime) -> Ingested:
    """Run parse to store for one answer; a fault of the document is recorded on the feed and does not raise."""
    try:
        if answer.unchanged or answer.body_hash == feed.body_hash:
            return store.save_success(feed, answer, now=now)
        parsed, entries = reader().read(answer, now=now)
    except IngestError as error:
        return store.save_failure(feed, error, response=answer, now=now)
    return store_answer(feed, answer, parsed, entries, lexicon, now=now)


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
