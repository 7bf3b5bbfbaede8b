"""Figures by day: how many reports and stories of which country, topic, person, outlet, side or language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Literal

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from articles.models import Country, DailyCount, Entity, Source, Topic
from articles.publish.api import filters, schemas
from articles.publish.lists import BadQuery, ListQuery

router = Router()
DAYS, DAYS_OF_ONE = 92, 3660  # that one answer may cover: of all keys, of one
UNTIL = f"last day (default: today); at most {DAYS} days, {DAYS_OF_ONE} with a key"
WEEKS = timedelta(days=27)  # before the last day, where no first one is given
SPREAD = {"perspective": "sides", "language": "languages"}  # counted within the rows of everything


class StatFilters(Schema):
    by: Literal["country", "topic", "entity", "source", "perspective", "language"] = Field(
        "country", description="what the rows of a day are told apart by"
    )
    key: str = Field("", max_length=80, description="only this one: code of a country or language, slug, or side")
    since: str = Field("", alias="from", max_length=10, description="first day (default: four weeks ago)")
    until: str = Field("", alias="to", max_length=10, description=UNTIL)


@router.get("/stats", response=schemas.Stats, summary="Figures by day and country, topic, outlet, side or language")
def stats(request: HttpRequest, asked: Query[StatFilters]) -> dict[str, Any]:
    """Days are those of the site's time zone; an article of two countries counts for both.

    Today is counted within minutes, a change of an older day within a quarter of an hour.
    """
    filters.check_names(request, StatFilters)
    ListQuery.read({"from": asked.since, "to": asked.until})
    until = date.fromisoformat(asked.until) if asked.until else timezone.localdate()
    since = date.fromisoformat(asked.since) if asked.since else until - WEEKS
    most = DAYS_OF_ONE if asked.key else DAYS
    if not 0 <= (until - since).days < most:
        raise BadQuery(f"from, to: use 1 to {most} days, the earlier one first.")
    days = Q(day__gte=since, day__lte=until)
    found = spread(asked.by, days, asked.key) if asked.by in SPREAD else counted(asked.by, days, asked.key)
    return {"by": asked.by, "since": since, "until": until, "items": list(found)}


def counted(by: str, days: Q, wanted: str) -> Iterator[dict[str, Any]]:
    """One row a day and key, the days in order."""
    names = names_of(by)
    found = DailyCount.objects.filter(days, kind=by)
    if wanted:
        found = found.filter(key__in=[pk for pk, name in names.items() if name == wanted])
    for row in found.order_by("day", "key"):
        if row.key in names:
            yield {
                "day": row.day,
                "key": names[row.key],
                "articles": row.articles,
                "stories": row.stories,
                "state": row.steered,
                "languages": row.languages,
                "perspectives": row.sides,
            }


def names_of(by: str) -> dict[str, str]:
    """What an answer says for the primary key of a row."""
    if by == "country":
        return {code: code for code in Country.objects.order_by().values_list("code", flat=True)}
    rows: dict[str, QuerySet[Any]] = {
        "topic": Topic.objects.all(), "entity": Entity.objects.all(), "source": Source.objects.public(),
    }  # fmt: skip
    found = rows[by]
    return {str(pk): slug for pk, slug in found.order_by().values_list("pk", "slug")}


def spread(by: str, days: Q, wanted: str) -> Iterator[dict[str, Any]]:
    """One row a day and side or language, out of the row of everything."""
    found = DailyCount.objects.filter(days, kind=DailyCount.Kind.ALL).order_by("day")
    for day, counts in found.values_list("day", SPREAD[by]):
        for key, articles in sorted(counts.items()):
            if wanted in {"", key}:
                yield {"day": day, "key": key, "articles": articles}
