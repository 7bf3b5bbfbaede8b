"""Figures by day: how many reports of which country, topic, outlet, side or language."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Literal

from django.core.cache import cache
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate
from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from articles.models import Article, ArticleCountry, ArticleTopic
from articles.publish.api import filters, schemas
from articles.publish.lists import BadQuery, ListQuery

router = Router()
DAYS = 92  # that one answer may cover
KEPT = 600  # seconds that an answer is kept: it counts many rows
PATHS = {"source": "source__slug", "perspective": "source__perspective", "language": "language"}


class StatFilters(Schema):
    by: Literal["country", "topic", "source", "perspective", "language"] = Field(
        "country", description="what the rows of a day are told apart by"
    )
    since: str = Field("", alias="from", max_length=10, description="first day (default: four weeks ago)")
    until: str = Field("", alias="to", max_length=10, description=f"last day (default: today); at most {DAYS} days")


@router.get("/stats", response=schemas.Stats, summary="Articles by day and country, topic, outlet, side or language")
def stats(request: HttpRequest, asked: Query[StatFilters]) -> dict[str, Any]:
    """Days are those of the site's time zone; an article of two countries counts for both. At most ten minutes old."""
    filters.check_names(request, StatFilters)
    ListQuery.read({"from": asked.since, "to": asked.until})
    until = date.fromisoformat(asked.until) if asked.until else timezone.localdate()
    since = date.fromisoformat(asked.since) if asked.since else until - timedelta(days=27)
    if not 0 <= (until - since).days < DAYS:
        raise BadQuery(f"from, to: use 1 to {DAYS} days, the earlier one first.")
    key = f"stats:{asked.by}:{since}:{until}"
    found = cache.get(key)
    if found is None:
        found = rows(asked.by, since, until)
        cache.set(key, found, KEPT)
    return {"by": asked.by, "since": since, "until": until, "items": found}


def rows(by: str, since: date, until: date) -> list[dict[str, Any]]:
    """One row a day and key, the days in order."""
    wanted = ListQuery.read({"from": since.isoformat(), "to": until.isoformat()})
    shown = Article.objects.published()
    found: QuerySet[Any]
    if by == "country":
        found, path = ArticleCountry.objects.filter(article__in=shown), "country_id"
    elif by == "topic":
        found, path = ArticleTopic.objects.filter(article__in=shown), "topic__slug"
    else:
        found, path = shown, PATHS[by]
    counted = (
        found.filter(at__gte=wanted.since, at__lt=wanted.until)
        .order_by()
        .annotate(day=TruncDate("at"))
        .values_list("day", path)
        .annotate(articles=Count("pk"))
        .order_by("day", path)
    )
    return [{"day": day, "key": key, "articles": count} for day, key, count in counted]
