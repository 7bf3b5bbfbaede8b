"""Figures for Prometheus, in its text format; read from the database and the broker, so dead workers leave nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Max, Model
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from redis import Redis, RedisError

from aggregator.middleware import within
from aggregator.page_times import LIMITS, tally
from articles.models import Article, Feed, FetchEvent, Story
from articles.publish.health import PATIENCE, ages

QUEUES = ("fetch", "group", "deliver", "curate")
Sample = tuple[str, float]  # labels as they stand between braces, value


def metrics(request: HttpRequest) -> HttpResponse:
    """For loopback and METRICS_ALLOW only."""
    if not within(request.META.get("REMOTE_ADDR", ""), settings.METRICS_ALLOW):
        return HttpResponse("These figures are for the operator.\n", status=403, content_type="text/plain")
    return HttpResponse(exposition(), content_type="text/plain; version=0.0.4; charset=utf-8")


def exposition() -> str:
    """All figures; none of them counts a table that grows with the news."""
    now = timezone.now()
    hour = FetchEvent.objects.filter(at__gte=now - timedelta(hours=1)).order_by()
    parts = [
        metric("feeds", "gauge", "Feeds by outcome of the last fetch.", by_outcome(Feed.objects.order_by())),
        metric("fetches_hour", "gauge", "Fetches of the last hour by outcome.", by_outcome(hour)),
        metric("articles_total", "counter", "Articles ever stored.", [("", newest(Article))]),
        metric("stories_total", "counter", "Stories ever made.", [("", newest(Story))]),
        metric("queue_messages", "gauge", "Messages that wait, by queue.", queues()),
    ]
    parts += [metric(name, "gauge", "Age of the oldest work.", [("", age)]) for name, age in ages(now).items()]
    return "".join(parts) + page_times()


def metric(name: str, kind: str, told: str, samples: Iterable[Sample]) -> str:
    """One family of figures."""
    lines = [f"# HELP orta_{name} {told}", f"# TYPE orta_{name} {kind}"]
    lines += [
        f"orta_{name}{{{labels}}} {value:g}" if labels else f"orta_{name} {value:.0f}" for labels, value in samples
    ]
    return "\n".join(lines) + "\n"


def by_outcome(rows: object) -> list[Sample]:
    counted = rows.values_list("outcome").annotate(Count("pk"))  # type: ignore[attr-defined]
    return [(f'outcome="{outcome}"', count) for outcome, count in sorted(counted)]


def newest(model: type[Model]) -> int:
    """The highest id: how many rows there ever were, without counting them."""
    return model._default_manager.aggregate(most=Max("pk"))["most"] or 0


def queues() -> list[Sample]:
    """Messages that wait in each queue; none where the broker does not answer."""
    if settings.REDIS_URL:
        try:
            with Redis.from_url(settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE) as redis:
                return [(f'queue="{name}"', float(redis.llen(name))) for name in QUEUES]
        except RedisError:
            return []
    folder = settings.QUEUE_DIR  # the broker of one machine names its files …_ID.QUEUE.msg
    return [(f'queue="{name}"', sum(1 for _ in folder.glob(f"*.{name}.msg"))) for name in QUEUES]


def page_times() -> str:
    """A histogram of the seconds that pages took, by the name of their address."""
    counted = tally.read()
    lines = ["# HELP orta_page_seconds Seconds from request to answer, by page.", "# TYPE orta_page_seconds histogram"]
    for page in sorted({field.partition("|")[0] for field in counted}):
        figures = {name: counted.get(f"{page}|{name}", 0) for name in (*LIMITS, "count", "microseconds")}
        lines += [f'orta_page_seconds_bucket{{page="{page}",le="{limit}"}} {figures[limit]}' for limit in LIMITS]
        lines.append(f'orta_page_seconds_bucket{{page="{page}",le="+Inf"}} {figures["count"]}')
        lines.append(f'orta_page_seconds_sum{{page="{page}"}} {figures["microseconds"] / 1e6:g}')
        lines.append(f'orta_page_seconds_count{{page="{page}"}} {figures["count"]}')
    return "\n".join(lines) + "\n"
