"""Search, and the archive by day and by month."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.finding import question
from articles.models import DailyCount, Story, StoryCountry, StoryDay
from articles.publish import filters, headlines, when
from articles.publish.lists import of_day
from articles.publish.marking import marked
from articles.publish.names import names
from articles.publish.query import ListQuery
from articles.publish.reader import given
from articles.publish.suggestions import meant
from articles.publish.views import page as pages
from articles.publish.views.lists import read_query, story_list

FIRST_DAY = date(1990, 1, 1)  # nothing that we follow is older
OF_A_DAY = 3  # stories of each day of a month
SOUGHT = 60  # places of a day among which those of one country are sought


@pages.page(lists=True)
def search(request: HttpRequest) -> HttpResponse:
    """Reports (or stories) that hold the words, narrowed by filters; without any, the newest ones."""
    query = read_query(request)
    query = replace(query, kind=request.GET.get("kind", "articles"), beyond=True)
    title = _("Search: %(words)s") % {"words": query.q[:80]} if query.q else _("Search")
    asked = question(query.q)

    def mark(text: str) -> SafeString:
        return marked(asked, text)

    return story_list(
        request,
        query,
        title=title,
        search=True,
        said=query.q,
        mark=mark if asked.wanted else None,
        meant=meant(query.q),
        orders=orders(request, query) if query.q else [],
        form=filters.form(query, given(request), whole=True),
        noindex=True,
    )


def orders(request: HttpRequest, query: ListQuery) -> list[tuple[str, str, bool]]:
    """Ways to sort what was found: name, address, whether it is this one."""
    kept = {name: value for name, value in given(request).items() if name not in {"cursor", "sort"}}
    best = query.sort == "fit"
    return [
        (_("newest first"), f"?{urlencode(kept)}", not best),
        (_("best fit first"), f"?{urlencode({**kept, 'sort': 'fit'})}", best),
    ]


@pages.page("cursor", "country")
def archive(request: HttpRequest, year: int, month: int, day: int) -> HttpResponse:
    """The stories of one day in TIME_ZONE in the order that they had at its end; of one country, if so asked."""
    wanted = day_of(year, month, day)
    narrowed = ListQuery.read({name: request.GET.get(name, "") for name in ("country", "cursor")})
    query = replace(of_day(wanted), country=narrowed.country, cursor=narrowed.cursor)
    return story_list(
        request,
        query,
        title=when.long_day(wanted),
        archive=around(wanted),
        tail=tail(request),
        form=[country_field(request)],
        noindex=wanted > timezone.localdate(),
    )


def day_of(year: int, month: int, day: int) -> date:
    """A day of the archive; 404 for what is none."""
    try:
        wanted = date(year, month, day)
    except ValueError:
        raise Http404("no such day") from None
    if not FIRST_DAY <= wanted <= timezone.localdate() + timedelta(days=1):
        raise Http404("no such day")
    return wanted


def tail(request: HttpRequest) -> str:
    """What other days of the archive keep of the query."""
    country = request.GET.get("country", "")
    return f"?{urlencode({'country': country})}" if country else ""


def country_field(request: HttpRequest) -> filters.Field:
    """The one filter of the archive."""
    places = [(place.slug, place.name) for place in names().countries.values()]
    return filters.Field("country", _("Country"), _("Any country"), places, request.GET.get("country", ""))


@pages.page("country")
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Each day of a month: how much was reported, and its first stories."""
    first = day_of(year, month, 1)
    end = first.replace(day=monthrange(year, month)[1])
    before, after = first - timedelta(days=1), end + timedelta(days=1)
    query = ListQuery.read({"country": request.GET.get("country", "")})
    context = {
        "page_title": when.month(first),
        "days": days_of(first, min(end, timezone.localdate()), query.country),
        "before": before if before >= FIRST_DAY else None,
        "after": after if after <= timezone.localdate() else None,
        "tail": tail(request),
        "form": [country_field(request)],
        "chips": filters.chips(given(request), request.path),
        "query": query,
    }
    return render(request, "articles/month.html", context)


def days_of(first: date, last: date, country: str) -> list[dict[str, Any]]:
    """Days, newest first; three queries, each of one month at most."""
    counted = DailyCount.objects.of(DailyCount.Kind.COUNTRY, *country.split())
    counted = counted if country else DailyCount.objects.of(DailyCount.Kind.ALL, "")
    counts = dict(counted.filter(day__range=(first, last)).values_list("day", "articles"))
    placed = StoryDay.objects.filter(day__range=(first, last), place__lte=SOUGHT if country else OF_A_DAY)
    if country:
        placed = placed.filter(story__country_facets__in=StoryCountry.objects.filter(country_id__in=country.split()))
    by_day: dict[date, list[int]] = {}
    for day, pk in placed.order_by("day", "place").values_list("day", "story_id"):
        by_day.setdefault(day, []).append(pk)
    best = {day: list(dict.fromkeys(pks))[:OF_A_DAY] for day, pks in by_day.items()}
    found = Story.objects.published().in_bulk([pk for pks in best.values() for pk in pks])
    return [
        {
            "day": day,
            "name": when.long_day(day),
            "count": counts.get(day, 0),
            "stories": [
                {"url": found[pk].get_absolute_url(), "head": headlines.headlines(found[pk])[0]}
                for pk in best.get(day, [])
                if pk in found
            ],
        }
        for day in (last - timedelta(days=n) for n in range((last - first).days + 1))
    ]


def around(wanted: date) -> dict[str, object]:
    """The days before and after, and the week that the day stands in."""
    today = timezone.localdate()
    monday = wanted - timedelta(days=wanted.weekday())
    week = [monday + timedelta(days=n) for n in range(7)]
    return {
        "before": wanted - timedelta(days=1),
        "after": wanted + timedelta(days=1) if wanted < today else None,
        "week": [(when.brief_day(day), day, day == wanted) for day in week if day <= today],
        "wanted": wanted,
        "today": today,
    }


def archive_today(request: HttpRequest) -> HttpResponse:
    """To the archive of today, or of the day asked for by the small form: always to an address of ours."""
    told = request.GET.get("day", "")[:10]
    try:
        day = datetime.strptime(told, "%Y-%m-%d").date() if told else timezone.localdate()  # noqa: DTZ007
    except ValueError:
        raise Http404("no such day") from None
    return redirect("archive", day.year, day.month, day.day)
