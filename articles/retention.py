"""What has served its term goes, in steps so small that nobody waits for them."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from articles.models import ArticleRevision, ArticleText, FetchEvent

EVENTS_KEPT = timedelta(days=90)
REVISIONS_KEPT = timedelta(days=3 * 365)  # what a report said before
STEP = 500  # rows
BETWEEN = 0.02  # seconds between steps, in which others write
LONGEST = timedelta(minutes=10)  # of one run; the rest waits for the next


def run(*, now: datetime, rest: Callable[[float], None] = time.sleep) -> int:
    """Empty old fuller texts, drop old events and revisions; return how many rows were touched.

    Each step reads the oldest rows by an index and writes at most STEP of them. What LONGEST leaves undone, or a kill,
    the next run finds again.
    """
    until = time.monotonic() + LONGEST.total_seconds()
    touched = 0
    for step in (empty_texts, drop_events, drop_revisions):
        while time.monotonic() < until and (done := step(now)):
            touched += done
            rest(BETWEEN)
    return touched


def empty_texts(now: datetime) -> int:
    """The words by which a report is found stay; its fuller text goes."""
    old = ArticleText.objects.filter(kept_until__lt=now).order_by("kept_until")
    ids = list(old.values_list("pk", flat=True)[:STEP])
    return ArticleText.objects.filter(pk__in=ids).update(text="", kept_until=None) if ids else 0


def drop_events(now: datetime) -> int:
    """Tries to read a feed."""
    old = FetchEvent.objects.filter(at__lt=now - EVENTS_KEPT).order_by("at")
    ids = list(old.values_list("pk", flat=True)[:STEP])
    return FetchEvent.objects.filter(pk__in=ids).delete()[0] if ids else 0


def drop_revisions(now: datetime) -> int:
    """What reports said before they were edited; there are ArticleRevision.KEPT of one report at most."""
    old = ArticleRevision.objects.filter(seen_at__lt=now - REVISIONS_KEPT).order_by("seen_at")
    ids = list(old.values_list("pk", flat=True)[:STEP])
    return ArticleRevision.objects.filter(pk__in=ids).delete()[0] if ids else 0
