"""The first page of the desk: what needs a hand, the last day in small charts, the newest decisions of others."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.db.models import Model, QuerySet, Sum
from django.db.models.functions import TruncHour
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from articles.admin.charts import Chart, chart, shares
from articles.admin.feeds import HANDS
from articles.models import (
    Country,
    DailyCount,
    Decision,
    Feed,
    FetchEvent,
    Job,
    Offer,
    Source,
    SourceLabel,
    Story,
    Suggestion,
)

COUNTED = 1000  # rows of one heading at most; more is "1000+"
HOURS = 24
DECISIONS = 12
KEPT = 60  # seconds for which the charts are kept
GOOD = {"ok", "unchanged", "empty"}


def few(rows: QuerySet[Any]) -> int:
    """How many rows there are, counted up to COUNTED."""
    return int(rows.order_by()[:COUNTED].count())


def link(model: type[Model], **query: str) -> str:
    """The list of a model with a filter."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    return f"{reverse(name)}?{urlencode(query)}" if query else reverse(name)


def context(request: HttpRequest) -> dict[str, Any]:
    """What the page shows to this person."""
    user: Any = request.user
    others = Decision.objects.select_related("user").exclude(user=user.pk)
    return {
        "needs": needs(user),
        "charts": charts(),
        "decisions": others[:DECISIONS] if user.has_perm("articles.view_decision") else [],
    }


def needs(user: Any) -> list[dict[str, Any]]:
    """Headings with their number and where to go, those that this person may see."""
    now = timezone.now()
    offers = Offer.objects.filter(state=Offer.State.OPEN)
    feeds = Feed.objects.filter(enabled=True)
    rows: list[tuple[str, str, type[Model], QuerySet[Any], dict[str, str]]] = [
        (name, "feeds", Feed, feeds.filter(query), {"hand": str(key)}) for key, (name, query) in HANDS.items()
    ]
    rows += [
        ("outlets to review", "imported or proposed", Source, Source.objects.filter(needs_review=True),
         {"needs_review__exact": "1"}),
        ("labels not verified", "owner, kind or side", Source, SourceLabel.objects.filter(verified=False),
         {"labels__verified__exact": "0"}),
        ("proposals of readers", "outlets", Suggestion, Suggestion.objects.filter(state="open"),
         {"state__exact": "open"}),
        ("new names", "recur and are in no list", Offer, offers.filter(kind="name"), {"kind": "name"}),
        ("stories that may be one", "", Offer, offers.filter(kind="one"), {"kind": "one"}),
        ("stories that may be two", "", Offer, offers.filter(kind="two"), {"kind": "two"}),
        ("pinned stories", "now", Story, Story.objects.filter(pinned_until__gt=now), {"state": "pinned"}),
        ("jobs under way", "", Job, Job.objects.unfinished(), {}),
    ]  # fmt: skip
    shown = [row for row in rows if user.has_perm(f"articles.view_{right(row[2])}")]
    found = [
        {"name": name, "note": note, "count": few(query), "url": link(model, **filters)}
        for name, note, model, query, filters in shown
    ]
    low = {"name": "reports hardly sure", "note": "topics with a low score", "url": LOW, "count": None}
    return [*found, low] if user.has_perm("articles.view_article") else found


LOW = "articles/article/?sure=low&period=1"


def right(model: type[Model]) -> str:
    """Whose right of looking a heading asks for."""
    return "story" if model is Offer else str(model._meta.model_name)


def charts() -> dict[str, Any]:
    """The last day: new reports and fetches by hour, outcomes, countries and languages; kept for KEPT seconds."""
    found: dict[str, Any] | None = cache.get("desk-charts")
    if found is None:
        found = {"hours": by_hour(), "outcomes": outcomes(), **by_day()}
        cache.set("desk-charts", found, KEPT)
    return found


def by_hour() -> Chart:
    """New reports by the hour in which they were fetched."""
    now = timezone.localtime()
    start = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=HOURS - 1)
    rows = FetchEvent.objects.filter(at__gte=start, new_items__gt=0).order_by().annotate(hour=TruncHour("at"))
    counts = {row["hour"]: row["n"] for row in rows.values("hour").annotate(n=Sum("new_items"))}
    hours = [start + timedelta(hours=n) for n in range(HOURS)]
    return chart([(f"{hour:%H:00}", counts.get(hour, 0)) for hour in hours])


def outcomes() -> list[tuple[str, int, float]]:
    """How the fetches of the last day ended."""
    recent = FetchEvent.objects.filter(at__gte=timezone.now() - timedelta(hours=HOURS)).order_by("-at")
    counts = Counter(recent.values_list("outcome", flat=True)[:20_000])
    labels = dict(Feed.Outcome.choices)
    return shares({str(labels.get(key, key)): count for key, count in counts.items()}, limit=10)


def by_day() -> dict[str, Any]:
    """Reports of today and yesterday by country and by language, from the figures kept of each day."""
    days = DailyCount.objects.filter(day__gte=timezone.localdate() - timedelta(days=1)).order_by()
    countries: Counter[str] = Counter()
    for key, count in days.filter(kind=DailyCount.Kind.COUNTRY).values_list("key", "articles"):
        countries[key] += count
    languages: Counter[str] = Counter()
    for row in days.filter(kind=DailyCount.Kind.ALL).values_list("languages", flat=True):
        languages.update(row)
    names = {country.code: country.name for country in Country.objects.filter(code__in=list(countries))}
    return {
        "countries": shares({names.get(code, code): count for code, count in countries.items()}),
        "languages": shares(dict(languages)),
    }
