"""What has served its term goes, in steps so small that nobody waits for them."""

from __future__ import annotations

from datetime import datetime, timedelta

from articles.models import ArticleText, FetchEvent

TEXT_KEPT = timedelta(days=90)  # fuller text, needed for tagging and grouping
EVENTS_KEPT = timedelta(days=90)
STEP = 1000  # rows


def run(*, now: datetime) -> int:
    """Empty old fuller texts and drop old events; return how many rows were touched."""
    touched = 0
    while True:
        old = ArticleText.objects.filter(article__at__lt=now - TEXT_KEPT).exclude(text="")
        ids = list(old.values_list("pk", flat=True)[:STEP])
        if not ids:
            break
        touched += ArticleText.objects.filter(pk__in=ids).update(text="")
    while True:
        ids = list(FetchEvent.objects.filter(at__lt=now - EVENTS_KEPT).values_list("pk", flat=True)[:STEP])
        if not ids:
            break
        touched += FetchEvent.objects.filter(pk__in=ids).delete()[0]
    return touched
