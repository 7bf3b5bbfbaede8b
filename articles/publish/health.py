"""Whether this process can do its work, and how long the oldest work waits."""

from __future__ import annotations

import os
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from redis import Redis, RedisError

from articles.models import Article, Feed

PATIENCE = 2.0  # seconds for an answer of the broker


def healthz(request: HttpRequest) -> HttpResponse:
    """200 when this process answers; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


def readyz(request: HttpRequest) -> HttpResponse:
    """503 only without database or broker; how long work has waited stands in the body, in seconds."""
    body: dict[str, object] = {"ready": True, "database": "ok", "broker": "ok"}
    try:
        body.update(ages(timezone.now()))
    except DatabaseError as error:
        body.update(ready=False, database=type(error).__name__)
    try:
        ask_broker()
    except (RedisError, OSError) as error:
        body.update(ready=False, broker=type(error).__name__)
    status = 200 if body["ready"] else 503
    return JsonResponse(body, status=status, headers={"Cache-Control": "no-store"})


def ages(now: datetime) -> dict[str, int]:
    """Seconds that the oldest due feed and the oldest article in no story have waited; 0 when none does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    due = Feed.objects.due(now=now).values_list("next_fetch_at", flat=True).first()
    waiting = Article.objects.ungrouped().values_list("fetched_at", flat=True).first()
    return {
        "oldest_due_feed_seconds": seconds(due, now),
        "oldest_ungrouped_article_seconds": seconds(waiting, now),
    }


def seconds(since: datetime | None, now: datetime) -> int:
    return max(0, round((now - since).total_seconds())) if since else 0


def ask_broker() -> None:
    """Raise RedisError or OSError when messages cannot be sent."""
    if settings.REDIS_URL:
        with Redis.from_url(settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE) as redis:
            redis.ping()
        return
    folder = settings.QUEUE_DIR if settings.QUEUE_DIR.exists() else settings.DATA_DIR
    if not os.access(folder, os.W_OK):
        raise PermissionError(f"{folder} cannot be written")
