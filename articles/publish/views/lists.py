"""Pages of one country, topic, both, or entity: what leads, what is new, how much, and what goes with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Entity, Source, StoryCountry, StoryCountryTopic, StoryEntity, Topic
from articles.publish import filters, rows, volumes
from articles.publish.edition import edition
from articles.publish.lists import ListQuery, Page, articles, page, stories
from articles.publish.names import Named, names
from articles.publish.views import page as pages
from articles.publish.views.front import country_map

LEADING = 4
BY_RANK = ("-list_rank", "-list_id")
LEADING_FROM = timedelta(days=3)
BESIDE = timedelta(days=7)  # how far back "what goes with it" looks
KEPT = 120  # seconds


def shown(query: ListQuery) -> tuple[dict[str, Any], str]:
    """The rows of a list, as cards or as lines under their days, and the cursor of the next page."""
    if query.kind == "articles":
        cut: Page[Any] = page(articles(query).select_related("source"), query)
        return {"days": rows.by_day(rows.lines(cut.rows))}, cut.next
    cut = page(stories(query).select_related("lead__source"), query)
    return {"cards": rows.cards(cut.rows, rows.facets_of([story.pk for story in cut.rows]))}, cut.next


def story_list(request: HttpRequest, query: ListQuery, *, title: str, **extra: Any) -> HttpResponse:
    """The page of any list, with its filters, its feeds and the way on."""
    listed, after = shown(query)
    given = {name: str(value) for name, value in request.GET.items() if name != "cursor"}
    context = {
        "page_title": title,
        "query": query,
        "form": filters.form(query, given),
        "chips": filters.chips(given, request.path),
        "next": f"{request.path}?{urlencode({**given, 'cursor': after})}" if after else "",
        "first": f"{request.path}?{urlencode(given)}".rstrip("?") if query.cursor else "",
        **listed,
        **pages.feed_context(request, urlencode({k: v for k, v in given.items() if k != "kind"})),
        **extra,
    }
    return render(request, "articles/list.html", context)


def read_query(request: HttpRequest, **fixed: Any) -> ListQuery:
    """The filters of this request."""
    return ListQuery.read(request.GET.dict(), **fixed)


def leading(query: ListQuery, request: HttpRequest) -> list[rows.Card]:
    """What leads a list of its own: nothing on further pages and where the reader filters."""
    if request.GET:
        return []
    since = timezone.now() - LEADING_FROM
    found = stories(ListQuery(country=query.country, topic=query.topic, entity=query.entity, since=since))
    best = list(found.select_related("lead__source").order_by(*BY_RANK)[:LEADING])
    return rows.cards(best, rows.facets_of([story.pk for story in best]))


def country_named(slug: str) -> Named:
    found = names().country(slug)
    if found is None:
        raise Http404(slug)
    return found


@pages.page(lists=True)
def country(request: HttpRequest, slug: str) -> HttpResponse:
    place = country_named(slug)
    query = read_query(request, country=place.key)
    core = place.tier == "core"
    return story_list(
        request,
        query,
        title=place.name,
        country=place,
        natives=natives(place),
        leading=leading(query, request),
        chart=volumes.chart(volumes.by_day("country", place.key)),
        beside=beside(StoryCountryTopic, "topic_id", "country_id", place.key, within=place),
        people=people_of(place.key),
        map=country_map(place.key) if core else None,
        outlets=outlets_in(place.key),
    )


def natives(place: Named) -> list[tuple[str, str]]:
    """Its name in the languages of the five and in Russian, as far as they differ from the name above."""
    told = ((code, place.names.get(code, "")) for code in ("kk", "ky", "uz", "tg", "tk", "ru"))
    return list({name: (code, name) for code, name in told if name and name != place.name}.values())[:4]


@pages.page(lists=True)
def topic(request: HttpRequest, slug: str) -> HttpResponseBase:
    subject = names().topic(slug)
    if subject is None:  # retired ones keep their address
        old = get_object_or_404(Topic.objects.select_related("moved_to"), slug=slug)
        if old.moved_to:
            return redirect(old.moved_to, permanent=True)
        subject = Named(str(old.pk), old.slug, old.titles, "")
    query = read_query(request, topic=subject.slug)
    return story_list(
        request,
        query,
        title=subject.name,
        topic=subject,
        leading=leading(query, request),
        chart=volumes.chart(volumes.by_day("topic", int(subject.key))),
        beside=beside(StoryCountryTopic, "country_id", "topic_id", int(subject.key), within=subject),
    )


@pages.page(lists=True)
def country_topic(request: HttpRequest, slug: str, topic_slug: str) -> HttpResponse:
    place, subject = country_named(slug), names().topic(topic_slug)
    if subject is None:
        raise Http404(topic_slug)
    query = read_query(request, country=place.key, topic=subject.slug)
    title = _("%(country)s: %(topic)s") % {"country": place.name, "topic": subject.name}
    return story_list(
        request,
        query,
        title=title,
        country=place,
        topic=subject,
        leading=leading(query, request),
        beside=beside(StoryCountryTopic, "topic_id", "country_id", place.key, within=place),
    )


@pages.page(lists=True)
def entity(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Entity.objects.prefetch_related("countries"), slug=slug)
    query = read_query(request, entity=found.slug)
    known = names()
    return story_list(
        request,
        query,
        title=found.name,
        entity=found,
        kind_name=entity_kind(found),
        roles=found.roles,
        places=[known.countries[place.code] for place in found.countries.all() if place.code in known.countries],
        leading=leading(query, request),
        chart=volumes.chart(volumes.by_day("entity", found.pk)),
    )


def entity_kind(found: Entity) -> str:
    """What it is, in the language of the page."""
    return {
        "person": _("person"),
        "place": _("place"),
        "organisation": _("organisation"),
        "company": _("company"),
        "infrastructure": _("infrastructure"),
        "treaty": _("treaty"),
        "format": _("format of talks"),
        "event": _("event"),
    }.get(found.type, found.type)


def beside(model: Any, key: str, fixed: str, value: object, *, within: Named) -> list[dict[str, Any]]:
    """What goes with it: topics of a country or countries of a topic, by stories of the last days."""
    name = f"beside-{fixed}-{value}"
    counted = cache.get(name)
    if counted is None:
        recent = model.objects.filter(**{fixed: value, "last_at__gte": timezone.now() - BESIDE}).order_by()
        counted = list(recent.values_list(key).annotate(n=Count("pk")).order_by("-n", key)[:9])
        cache.set(name, counted, KEPT)
    known = names().topics if key == "topic_id" else names().countries
    most = max((count for _, count in counted), default=1)
    found = []
    for other, count in counted:
        named = known.get(str(other))
        if named and named.slug != within.slug:
            pair = (within.slug, named.slug) if within.tier else (named.slug, within.slug)
            found.append({"name": named.name, "pair": pair, "count": count, "width": round(100 * count / most)})
    return found


def people_of(code: str) -> list[tuple[Entity, int]]:
    """People, places and bodies in the country's stories of the last days."""
    name = f"people-{code}"
    found = cache.get(name)
    if found is None:
        recent = StoryCountry.objects.filter(country_id=code, last_at__gte=timezone.now() - BESIDE).values("story_id")
        counted = (
            StoryEntity.objects.filter(story_id__in=recent).order_by().values_list("entity").annotate(n=Count("pk"))
        )
        best = Entity.objects.filter(pk__in=[key for key, _ in counted.order_by("-n")[:10]]).in_bulk()
        found = [(best[key], count) for key, count in counted.order_by("-n")[:10] if key in best]
        cache.set(name, found, KEPT)
    return list(found)


def outlets_in(code: str) -> dict[str, Any]:
    """The outlets whose newsroom is in the country, as marks and as a list."""
    found = [rows.outlet(source) for source in Source.objects.public().filter(base_country=code)]
    return {"list": found, "followed": edition().followed(code.lower())}
