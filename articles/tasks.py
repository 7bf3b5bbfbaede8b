"""Celery tasks: ids in, one call out. The database says what is due, so a lost message loses nothing."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from articles import grouping, health, jobs, offers, pipeline, retention, watch
from articles.fetch.settings import FetchSettings
from articles.hub import deliver, verify
from articles.lexicon import current_lexicon
from articles.models import Feed, HubSubscription, Job, Lease
from articles.publish.addresses import hub_address
from articles.store import changes, search, statistics

log = logging.getLogger(__name__)
BATCH = 50  # feeds that share one event loop in one task; measured, see docs/decisions.md
MAX_BATCHES = 20  # queued at once; the rest is still due a minute later
OFFERS_HELD = timedelta(minutes=5)
SUBSCRIBER = timedelta(seconds=10)  # that a program of a subscriber has to answer


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
    recent = health.recent_outcomes(now)
    results = list(pipeline.ingest_feeds(feeds, current_lexicon, clock=timezone.now, recent=recent))
    new = sum(len(result.new) for result in results)
    failed = sum(result.failed for result in results)
    log.info("fetched %d feeds: %d new articles, %d failed", len(results), new, failed, extra={"count": len(results)})
    if new:
        group_articles.delay()


@shared_task
def group_articles() -> None:
    """Put articles that are in no story yet into stories; only one grouper runs at a time."""
    done = grouping.group_new()
    if done:
        log.info("grouped %d articles", done, extra={"count": done})
        announce_news.delay()
        keep_statistics.delay()


@shared_task
def keep_statistics() -> None:
    """Make the figures of changed days again, index what an older version stored, forget old changes."""
    statistics.catch_up(now=timezone.now())
    search.index_missing()
    changes.forget(now=timezone.now())


@shared_task
def report_feed_health() -> None:
    """Tell the editors once of feeds that are dying, silent, gone or moved."""
    health.report()


@shared_task
def retain() -> None:
    """Let go of what has served its term, in small steps."""
    retention.run(now=timezone.now())


@shared_task
def verify_subscribers() -> None:
    """Ask the callbacks of new subscribers whether they agree; forget what has ended."""
    if hub_address():
        verify.verify_all(subscriber_settings(), clock=timezone.now)
        verify.forget(now=timezone.now())


@shared_task
def announce_news() -> None:
    """Find out what is new at the topics of the hub, and queue its delivery."""
    now = timezone.now()
    if hub_address() and deliver.announce(now=now):
        due = HubSubscription.objects.due(now=now)
        for late in (False, True):
            if (due.filter(failures__gt=0) if late else due.filter(failures=0)).exists():
                deliver_news.delay(late)


@shared_task
def deliver_news(late: bool) -> None:
    """Tell subscribers what is new; those that failed last time (``late``) never hold up the others."""
    taken = deliver.deliver(subscriber_settings(), late=late, clock=timezone.now)
    if taken:
        log.info("hub: told %d subscribers", taken, extra={"count": taken})


def subscriber_settings() -> FetchSettings:
    """The fetcher's settings, with less patience."""
    return replace(pipeline.fetch_settings(), deadline=SUBSCRIBER)


@shared_task
def run_job(job_id: int) -> None:
    """Do what is left of what an editor started. Safe to repeat: steps that were done are not done again."""
    jobs.work(job_id)


@shared_task
def resume_jobs() -> None:
    """Queue unfinished jobs: a message may have been lost, or a worker killed."""
    for job_id in Job.objects.unfinished().values_list("pk", flat=True)[:20]:
        run_job.delay(job_id)


@shared_task
def look_whether_news_flow() -> None:
    """Tell the operators once when ingestion stands still, as long as this queue moves; see also orta-watch.timer."""
    watch.report(timezone.now())


@shared_task
def look_for_offers() -> None:
    """Find names that are in no list and stories that may be one or two, for the editors."""
    with Lease.held("offers", lasting=OFFERS_HELD) as mine:
        if mine:
            offers.look(now=timezone.now())
