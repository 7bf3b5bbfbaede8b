"""Search, and the archive of one day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.publish import filters, when
from articles.publish.lists import of_day
from articles.publish.views import page as pages
from articles.publish.views.lists import read_query, story_list

FIRST_DAY = date(1990, 1, 1)  # nothing that we follow is older


@pages.page(lists=True)
def search(request: HttpRequest) -> HttpResponse:
    """Reports (or stories) that hold the words, narrowed by filters; without any, the newest ones."""
    query = read_query(request)
    query = replace(query, kind=request.GET.get("kind", "articles"), beyond=True)
    title = _("Search: %(words)s") % {"words": query.q[:80]} if query.q else _("Search")
    return story_list(
        request,
        query,
        title=title,
        search=True,
        said=query.q,
        form=filters.form(query, request.GET.dict(), whole=True),
        noindex=True,
    )


@pages.page("cursor", "sort", "kind")
def archive(request: HttpRequest, year: int, month: int, day: int) -> HttpResponse:
    """The stories of one day in TIME_ZONE, the best first."""
    try:
        wanted = date(year, month, day)
    except ValueError:
        raise Http404("no such day") from None
    if not FIRST_DAY <= wanted <= timezone.localdate() + timedelta(days=1):
        raise Http404("no such day")
    query = replace(of_day(wanted), cursor=request.GET.get("cursor", "")[:500])
    return story_list(
        request,
        query,
        title=when.long_day(wanted),
        archive=around(wanted),
        form=[],
        chips=[],
        noindex=wanted > timezone.localdate(),
    )


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
