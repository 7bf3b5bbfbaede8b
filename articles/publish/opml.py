"""Lists of feeds as OPML: all of ours, and those of the outlets themselves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from articles.fetch.masking import mask_address
from articles.models import ArticleTopic, Entity, Feed, Source
from articles.publish.addresses import absolute
from articles.publish.feeds.records import plain
from articles.publish.names import Named, names
from articles.publish.views.page import not_sent_again

CONTENT_TYPE = "text/x-opml; charset=utf-8"
LATELY, OFTEN = timedelta(days=30), 3  # reports of a topic that make a feed one of the topic
KEPT = 600  # seconds


def ours(request: HttpRequest) -> HttpResponseBase:
    """The Atom feed of every list, in folders."""
    known = names()
    root, body = document(f"{settings.SITE_NAME}: all lists")
    outline(body, settings.SITE_NAME, "/")
    folder(body, "Countries", ((place.name, place.url) for place in known.countries.values()))
    folder(body, "Topics", ((topic.name, topic.url) for topic in known.topics.values()))
    for place in known.core:
        folder(body, f"{place.name} by topic", both(place, known.topics.values()))
    folder(body, "Outlets", ((row.name, row.get_absolute_url()) for row in Source.objects.public().order_by("name")))
    folder(body, "People, places and projects", ((row.name, row.get_absolute_url()) for row in Entity.objects.all()))
    return answer(request, root)


def both(place: Named, topics: Iterable[Named]) -> Iterable[tuple[str, str]]:
    return ((f"{place.name}: {topic.name}", f"{place.url}{topic.slug}/") for topic in topics)


def outlets(request: HttpRequest, slug: str = "") -> HttpResponseBase:
    """The outlets' own feeds, all or those that cover one country."""
    place = names().country(slug) if slug else None
    if slug and place is None:
        return nothing("There is no such country.")
    found = [feed for feed in followed() if place is None or place.key in feed.covers.split()]
    return feeds_of_outlets(request, found, place.name if place else "")


def outlets_on(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The outlets' own feeds that have lately brought at least OFTEN reports of one topic, the most first."""
    subject = names().topic(slug)
    if subject is None:
        return nothing("There is no such topic.")
    counts: dict[int, int] | None = cache.get(f"feeds-on-{slug}")
    if counts is None:
        tags = ArticleTopic.objects.filter(topic_id=int(subject.key), at__gte=timezone.now() - LATELY)
        counted = tags.order_by().values_list("article__feed").annotate(n=Count("pk"))
        counts = {feed: n for feed, n in counted if feed is not None and n >= OFTEN}
        cache.set(f"feeds-on-{slug}", counts, KEPT)
    found = followed().filter(pk__in=counts)
    return feeds_of_outlets(request, sorted(found, key=lambda feed: -counts[feed.pk]), subject.name)


def followed() -> QuerySet[Feed]:
    """The feeds of outlets that are shown."""
    found = Feed.objects.filter(enabled=True, source__in=Source.objects.public()).select_related("source")
    return found.order_by("source__name", "url")


def feeds_of_outlets(request: HttpRequest, found: Iterable[Feed], about: str) -> HttpResponseBase:
    """The document; addresses that hold a key are left out."""
    root, body = document(f"Outlets followed by {settings.SITE_NAME}{f': {about}' if about else ''}")
    for feed in found:
        if mask_address(feed.url) != feed.url:
            continue
        fields = {"type": "rss", "text": plain(feed.title or feed.source.name), "xmlUrl": feed.url}
        optional = {"htmlUrl": feed.source.homepage, "language": feed.language}
        SubElement(body, "outline", fields | {name: value for name, value in optional.items() if value})
    return answer(request, root)


def nothing(why: str) -> HttpResponse:
    return HttpResponse(f"{why}\n", status=404, content_type="text/plain; charset=utf-8")


def document(title: str) -> tuple[Element, Element]:
    root = Element("opml", version="2.0")
    SubElement(SubElement(root, "head"), "title").text = plain(title)
    return root, SubElement(root, "body")


def folder(body: Element, name: str, lists: Iterable[tuple[str, str]]) -> None:
    parent = SubElement(body, "outline", text=name)
    for told, path in lists:
        outline(parent, told, path)


def outline(parent: Element, name: str, path: str) -> None:
    fields = {"type": "rss", "text": plain(name), "xmlUrl": absolute(f"{path}feed.atom"), "htmlUrl": absolute(path)}
    SubElement(parent, "outline", fields)


def answer(request: HttpRequest, root: Element) -> HttpResponseBase:
    body = tostring(root, encoding="utf-8", xml_declaration=True)
    return not_sent_again(request, HttpResponse(body, content_type=CONTENT_TYPE))
