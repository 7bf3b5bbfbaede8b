"""Pages that are a list of stories: front, country, topic, entity, source, archive, search."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from articles.models import ArticleRevision, Country, Entity, Feed, Source, Story, Topic
from articles.publish import rows
from articles.publish.lists import BadQuery, ListQuery, articles, of_day, page, stories

FRONT = 20  # leading stories
NEWEST = 20  # reports beside them
TODAY = timedelta(hours=36)  # how far back the front page looks
View = Callable[..., HttpResponseBase]


def clean_address(view: View) -> View:
    """Send an address with unknown query names on to the one without them, and bad values to a clear page."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        given = {name: value for name, value in request.GET.items() if value}
        known = {name: value for name, value in given.items() if name in ListQuery.NAMES}
        if len(known) != len(request.GET):
            query = urlencode(sorted(known.items()))
            return redirect(f"{request.path}?{query}" if query else request.path)
        try:
            return view(request, *args, **kwargs)
        except BadQuery as error:
            return render(request, "articles/bad_query.html", {"why": str(error)}, status=400)

    return wrapped


@clean_address
def front(request: HttpRequest) -> HttpResponse:
    """The day's stories of all five countries."""
    now = timezone.now()
    language = translation.get_language() or "en"
    query = ListQuery(sort="rank", since=now - TODAY)
    found = list(stories(query).ranked().select_related("lead__source")[: FRONT + 30])
    pinned = Story.objects.published().filter(pinned_until__gt=now).select_related("lead__source")
    leading = list({story.pk: story for story in [*pinned[:3], *found]}.values())
    if len(leading) < FRONT:  # a quiet day, or an old database: the best of what there is
        older = stories(ListQuery(sort="rank")).ranked().select_related("lead__source")[:FRONT]
        leading = list({story.pk: story for story in [*leading, *older]}.values())
    made = rows.cards(leading[: FRONT + 10], language=language)
    newest = articles(ListQuery()).select_related("source").order_by("-at", "-pk")[:NEWEST]
    one_sided = [card for card in made if card.one_sided][:3]
    context = {
        "lead": made[0] if made else None,
        "seconds": made[1:6],
        "also": made[6:15],
        "one_sided": one_sided,
        "columns": columns(made_of(leading), language),
        "newest": rows.lines(newest),
        "topics": Topic.objects.filter(retired=False),
        "alternate": "/feed",
        "page_title": _("Central Asia, reported from every side"),
        "built": timezone.localtime(),
        "outlets": Source.objects.public().count(),
    }
    return render(request, "articles/front.html", context)


def made_of(found: list[Story]) -> dict[str, list[Story]]:
    """The five countries side by side: their best stories, one query for all."""
    from articles.models import StoryCountry
    from articles.models.source import CORE

    known = {story.pk: story for story in found}
    columns: dict[str, list[Story]] = {code: [] for code in CORE}
    facets = StoryCountry.objects.filter(story_id__in=list(known), country_id__in=CORE).order_by("-rank")
    for facet in facets:
        columns[facet.country_id].append(known[facet.story_id])
    return columns


def columns(found: dict[str, list[Story]], language: str) -> list[dict[str, Any]]:
    """A heading and up to four cards for each of the five."""
    countries = {country.code: country for country in Country.objects.core()}
    return [
        {"country": countries[code], "cards": rows.cards(listed[:4], language=language)}
        for code, listed in found.items()
        if code in countries
    ]


def story_list(request: HttpRequest, query: ListQuery, *, title: str, base: str, **extra: Any) -> HttpResponse:
    """The page of any list of stories."""
    if query.kind == "articles":
        cut: Any = page(articles(query).select_related("source"), query)
        shown = {"lines": rows.lines(cut.rows)}
    else:
        cut = page(stories(query).select_related("lead__source"), query)
        shown = {"cards": rows.cards(cut.rows, language=translation.get_language() or "en")}  # type: ignore[dict-item]
    given = {name: value for name, value in request.GET.items() if name != "cursor"}
    context = {
        "page_title": title,
        "alternate": base.rstrip("/") + "/feed",
        "next": f"?{urlencode({**given, 'cursor': cut.next})}" if cut.next else "",
        "first": f"?{urlencode(given)}" if query.cursor else "",
        "query": query,
        **shown,
        **extra,
    }
    return render(request, "articles/list.html", context)


def read_query(request: HttpRequest, **fixed: Any) -> ListQuery:
    """The filters of this request."""
    return ListQuery.read(request.GET.dict(), **fixed)


@clean_address
def country(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Country, slug=slug)
    query = read_query(request, country=found.code)
    topics = Topic.objects.filter(retired=False)
    return story_list(
        request, query, title=found.name, base=request.path, country=found, topics=topics, alsos=found.names
    )


@clean_address
def topic(request: HttpRequest, slug: str) -> HttpResponseBase:
    found = get_object_or_404(Topic.objects.select_related("moved_to"), slug=slug)
    if found.moved_to:
        return redirect(found.moved_to, permanent=True)
    query = read_query(request, topic=found.slug)
    countries = Country.objects.core()
    return story_list(request, query, title=found.name, base=request.path, topic=found, countries=countries)


@clean_address
def country_topic(request: HttpRequest, slug: str, topic_slug: str) -> HttpResponse:
    country = get_object_or_404(Country, slug=slug)
    topic = get_object_or_404(Topic, slug=topic_slug)
    query = read_query(request, country=country.code, topic=topic.slug)
    title = f"{country.name}: {topic.name}"
    return story_list(request, query, title=title, base=request.path, country=country, topic=topic)


@clean_address
def entity(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Entity, slug=slug)
    query = read_query(request, entity=found.slug)
    return story_list(request, query, title=found.name, base=request.path, entity=found)


@clean_address
def source(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Source.objects.public().prefetch_related("labels", "feeds"), slug=slug)
    query = read_query(request, source=found.slug, kind="articles")
    edited = ArticleRevision.objects.filter(article__source=found).select_related("article")[:5]
    return story_list(
        request, query, title=found.name, base=request.path, outlet=found, feeds=found.feeds.all(), edited=edited
    )


@clean_address
def search(request: HttpRequest) -> HttpResponse:
    query = read_query(request)
    if query.q or any((query.country, query.topic, query.entity, query.source, query.language, query.perspective)):
        base = request.path
        found = replace(query, kind="articles")
        return story_list(request, found, title=_("Search"), base=base, search=True, said=query.q)
    return render(
        request, "articles/list.html", {"page_title": _("Search"), "search": True, "alternate": "", "said": ""}
    )


@clean_address
def archive(request: HttpRequest, year: int, month: int, day: int) -> HttpResponse:
    try:
        wanted = date(year, month, day)
    except ValueError:
        raise Http404("no such day") from None
    query = replace(of_day(wanted), cursor=request.GET.get("cursor", "")[:500])
    around = {"before": wanted - timedelta(days=1), "after": wanted + timedelta(days=1)}
    return story_list(
        request, query, title=f"{wanted:%Y-%m-%d}", base=request.path, archive=around, today=timezone.localdate()
    )


def archive_today(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    return redirect("archive", today.year, today.month, today.day)


def countries(request: HttpRequest) -> HttpResponse:
    found = [
        (country.name, country.get_absolute_url(), country.get_tier_display()) for country in Country.objects.all()
    ]
    return render(request, "articles/index.html", {"page_title": _("Countries"), "links": found})


def topics(request: HttpRequest) -> HttpResponse:
    found = [(topic.name, topic.get_absolute_url(), topic.description) for topic in Topic.objects.filter(retired=False)]
    return render(request, "articles/index.html", {"page_title": _("Topics"), "links": found})


def sources(request: HttpRequest) -> HttpResponse:
    found = [
        {
            "source": source,
            "colour": rows.COLOURS.get(source.perspective, "int"),
        }
        for source in Source.objects.public()
    ]
    return render(
        request, "articles/sources.html", {"page_title": _("The outlets and who owns them"), "outlets": found}
    )


def status(request: HttpRequest) -> HttpResponse:
    """How the feeds do, by last outcome."""
    feeds = Feed.objects.filter(source__in=Source.objects.public()).select_related("source").order_by("source__name")
    return render(
        request,
        "articles/status.html",
        {"page_title": _("Health of the feeds"), "feeds": feeds, "name": settings.SITE_NAME},
    )
