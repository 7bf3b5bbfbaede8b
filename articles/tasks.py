"""Celery tasks: ids in, one call out. The database says what is due, so a lost message loses nothing."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from articles import grouping, health, pipeline, retention
from articles.fetch.schedule import our_network_is_down
from articles.lexicon import current_lexicon
from articles.models import Feed, FetchEvent

log = logging.getLogger(__name__)
BATCH = 25  # feeds that share one event loop in one task
MAX_BATCHES = 40  # queued at once; the rest is still due a minute later
RECENT = timedelta(minutes=10)  # of outcomes that tell whether our own network is down


@shared_task
def poll_due_feeds() -> int:
    """Queue the feeds whose turn has come, in batches; running it twice fetches nothing twice."""
    if settings.FETCH_PAUSED:
        return 0
    due = list(Feed.objects.due(now=timezone.now()).values_list("pk", flat=True)[: BATCH * MAX_BATCHES])
    for start in range(0, len(due), BATCH):
        fetch_feeds.delay(due[start : start + BATCH])
    return len(due)


@shared_task
def fetch_feeds(feed_ids: list[int]) -> None:
    """Ingest a batch of feeds. Safe to repeat: who no longer is due or is leased elsewhere is left out."""
    now = timezone.now()
    feeds = Feed.objects.lease(feed_ids, now=now)
    if not feeds:
        return
    down = network_is_down(now)
    results = list(pipeline.ingest_feeds(feeds, current_lexicon(), clock=timezone.now, our_fault=down))
    new = sum(len(result.new) for result in results)
    failed = sum(result.failed for result in results)
    log.info("fetched %d feeds: %d new articles, %d failed", len(results), new, failed, extra={"count": len(results)})
    if new:
        group_articles.delay()


def network_is_down(now: datetime) -> bool:
    """Whether most fetches of the last minutes failed to connect: then it is our network, not theirs."""
    return our_network_is_down(
        list(FetchEvent.objects.filter(at__gte=now - RECENT).values_list("outcome", flat=True)[:1000])
    )


@shared_task
def group_articles() -> None:
    """Put articles that are in no story yet into stories; only one grouper runs at a time."""
    done = grouping.group_new()
    if done:
        log.info("grouped %d articles", done, extra={"count": done})


@shared_task
def report_feed_health() -> None:
    """Tell the editors once of feeds that are dying, silent, gone or moved."""
    health.report()


@shared_task
def retain() -> None:
    """Let go of what has served its term, in small steps."""
    retention.run(now=timezone.now())
