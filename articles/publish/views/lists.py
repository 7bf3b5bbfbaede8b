"""Pages of one country, topic, both, or entity: what leads, what is new, how much, and what goes with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.models import ArticleTopic, Country, Entity, Topic
from articles.publish import filters, rows, schema, volumes
from articles.publish.beside import beside
from articles.publish.facets import facets_of
from articles.publish.lists import ListQuery, Page, articles, opening, page, stories
from articles.publish.names import Named, names
from articles.publish.outlets import outlets_in, outlets_on
from articles.publish.reader import Reader, given, reader_of
from articles.publish.views import page as pages
from articles.publish.views.front import country_map

LEADING = 4
LEADING_FROM = timedelta(days=3)
Mark = Callable[[str], SafeString]  # a text with the words of the search marked in it
Above = Sequence[tuple[str, str]]  # name and path of the pages above a list


def shown(query: ListQuery, reader: Reader, mark: Mark | None = None) -> tuple[dict[str, Any], str]:
    """The rows of a list, as cards or as lines under their days, and the cursor of the next page."""
    if query.kind == "articles":
        cut: Page[Any] = page(articles(query).select_related("source"), query)
        lines = rows.lines(cut.rows)
        if mark is not None:
            lines = [rows.with_marks(line, mark) for line in lines]
        return {"days": [("", lines)] if query.sort == "fit" and lines else rows.by_day(lines)}, cut.next
    cut = page(stories(query).select_related("lead__source"), query)
    cards = rows.cards(cut.rows, facets_of([story.pk for story in cut.rows]), reader=reader)
    if mark is not None:
        cards = [rows.card_with_marks(card, mark) for card in cards]
    return {"cards": cards}, cut.next


def shown_first(query: ListQuery, reader: Reader) -> tuple[dict[str, Any], str]:
    """The first page of stories, with what leads the list, in two queries."""
    since = timezone.now() - LEADING_FROM
    best, cut = opening(stories(query).select_related("lead__source"), query, leading=LEADING, since=since)
    about = facets_of({story.pk for story in (*best, *cut.rows)})
    leading, cards = (rows.cards(found, about, reader=reader) for found in (best, cut.rows))
    return {"leading": leading, "cards": cards}, cut.next


def story_list(
    request: HttpRequest,
    query: ListQuery,
    *,
    title: str,
    around: Callable[[], Mapping[str, Any]] | None = None,
    above: Above = (),
    **extra: Any,
) -> HttpResponse:
    """The page of any list, with its filters, its feeds and the way on.

    ``around``: what stands around a list as long as nobody narrows it or turns its pages: volume, companions, outlets;
    such a list begins with its best stories.
    """
    reader = reader_of(request, on_list=True)
    whole = around is not None and not set(request.GET) - {"kind"}
    alone = whole and query.kind == "stories"
    listed, after = shown_first(query, reader) if alone else shown(query, reader, extra.get("mark"))
    kept = {name: value for name, value in given(request).items() if name != "cursor"}
    context = {
        "page_title": title,
        "query": query,
        "form": filters.form(query, kept),
        "chips": filters.chips(kept, request.path),
        "kinds": kinds(kept, query.kind),
        "next": f"{request.path}?{urlencode({**kept, 'cursor': after})}" if after else "",
        "first": f"{request.path}?{urlencode(kept)}".rstrip("?") if query.cursor else "",
        **listed,
        "schema": schema.packed(schema.listing(title, request.path, listed.get("cards", ()), above)),
        "description": described(title),
        **pages.feed_context(request, urlencode({k: v for k, v in kept.items() if k != "kind"})),
        **(around() if around and whole else {}),
        **extra,
    }
    return render(request, "articles/list.html", context)


def described(title: str) -> str:
    """One line for those who list this page elsewhere."""
    return _("%(what)s in the news of Central Asia: who reports it, from which side, and who does not.") % {
        "what": title
    }


def kinds(kept: Mapping[str, str], chosen: str) -> list[tuple[str, str, bool]]:
    """The list as stories and as single reports, with the filters kept: name, address, whether it is this one."""
    told = (("stories", _("stories")), ("articles", _("single reports")))
    return [(name, f"?{urlencode({**kept, 'kind': kind})}", kind == chosen) for kind, name in told]


def read_query(request: HttpRequest, **fixed: Any) -> ListQuery:
    """The filters of this request."""
    return ListQuery.read(given(request), **fixed)


def country_named(slug: str) -> Named:
    found = names().country(slug)
    if found is None:
        raise Http404(slug)
    return found


def its_lists(slug: str, topic_slug: str = "") -> tuple[str, ...]:
    """The lists of which the page of a country, or of a topic in it, is made."""
    found = [names().country(slug) or names().topic(slug), names().topic(topic_slug) if topic_slug else None]
    kinds = {True: "country", False: "topic"}
    return tuple(f"{kinds[len(one.key) == 2 and not one.key.isdigit()]}:{one.key}" for one in found if one)


@pages.page(lists=True, of=its_lists)
def country(request: HttpRequest, slug: str) -> HttpResponse:
    """Eight queries cold: names, stories, their facets, its days, the five, what goes with it, outlets, the edition."""
    place = country_named(slug)
    query = read_query(request, country=place.key)
    core = place.tier == Country.Tier.CORE
    return story_list(
        request,
        query,
        title=place.name,
        around=lambda: {
            "chart": volumes.chart(volumes.by_day("country", place.key)),
            "beside": beside(ListQuery(country=place.key)),
            "map": country_map(volumes.of_the_five(), place.key) if core else None,
            "outlets": outlets_in(place.key),
        },
        above=[(_("Countries"), reverse("countries"))],
        country=place,
        natives=natives(place),
    )


def natives(place: Named) -> list[tuple[str, str]]:
    """Its name in the languages of the five and in Russian, as far as they differ from the name above."""
    told = ((code, place.names.get(code, "")) for code in ("kk", "ky", "uz", "tg", "tk", "ru"))
    return list({name: (code, name) for code, name in told if name and name != place.name}.values())[:4]


@pages.page(lists=True, of=its_lists)
def topic(request: HttpRequest, slug: str) -> HttpResponseBase:
    subject = names().topic(slug)
    if subject is None:  # retired ones keep their address
        old = get_object_or_404(Topic.objects.select_related("moved_to"), slug=slug)
        if old.moved_to:
            return redirect(old.moved_to, permanent=True)
        subject = Named("topic", str(old.pk), old.slug, old.titles)
    query = read_query(request, topic=subject.slug)
    return story_list(
        request,
        query,
        title=subject.name,
        around=lambda: {
            "chart": volumes.chart(volumes.by_day("topic", int(subject.key))),
            "beside": beside(ListQuery(topic=subject.slug)),
            "outlets": outlets_on(ArticleTopic.objects.filter(topic_id=subject.key), f"topic-{subject.key}"),
        },
        above=[(_("Topics"), reverse("topics"))],
        topic=subject,
    )


@pages.page(lists=True, of=its_lists)
def country_topic(request: HttpRequest, slug: str, topic_slug: str) -> HttpResponse:
    place, subject = country_named(slug), names().topic(topic_slug)
    if subject is None:
        raise Http404(topic_slug)
    query = read_query(request, country=place.key, topic=subject.slug)
    return story_list(
        request,
        query,
        title=_("%(country)s: %(topic)s") % {"country": place.name, "topic": subject.name},
        around=lambda: {
            "chart": volumes.chart(volumes.stories_by_day(place.key, int(subject.key)), stories=True),
            "beside": beside(ListQuery(country=place.key, topic=subject.slug)),
        },
        above=[(place.name, place.url)],
        country=place,
        topic=subject,
    )


@pages.page(lists=True)
def entity(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Entity, slug=slug)
    query = read_query(request, entity=found.slug)
    return story_list(
        request,
        query,
        title=found.name,
        around=lambda: {
            "places": places_of(found),
            "chart": volumes.chart(volumes.by_day("entity", found.pk)),
            "beside": beside(ListQuery(entity=found.slug)),
        },
        entity=found,
        kind_name=entity_kind(found),
        roles=found.roles,
        natives=other_names(found),
    )


def places_of(found: Entity) -> list[Named]:
    """The countries that it belongs to."""
    known = names().countries
    return [known[place.code] for place in found.countries.all() if place.code in known]


def other_names(found: Entity) -> list[tuple[str, str]]:
    """What others call it, as far as that differs from the name above."""
    told = ((code, found.names.get(code, "")) for code in ("en", "ru", "kk", "ky", "uz", "tg", "tk", "zh", "fa"))
    return list({name: (code, name) for code, name in told if name and name != found.name}.values())[:5]


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
