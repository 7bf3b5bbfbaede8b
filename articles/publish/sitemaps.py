"""What search engines and other programs that read pages should know: site maps, robots.txt, llms.txt."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from articles.models import Country, Entity, Source, Story, Topic
from articles.publish.addresses import absolute, utc
from articles.publish.feeds.records import plain
from articles.publish.views.page import not_sent_again

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
PART = 10_000  # ids of stories in one map; at most 50,000 addresses are allowed
NEWS_DAYS, NEWS_MOST = timedelta(days=2), 1000  # of a news site map, by its rules
ABOUT = ("/", "/countries/", "/topics/", "/sources/", "/feeds/", "/about/", "/about/method/", "/about/accuracy/")


def index(request: HttpRequest) -> HttpResponseBase:
    """The list of maps; stories stand in parts by id, so a part that is full hardly changes any more."""
    newest = Story.objects.aggregate(most=Max("pk"))["most"] or 0
    names = ["pages", "news", *(f"stories-{part}" for part in range(newest // PART + 1))]
    root = Element("sitemapindex", xmlns=NAMESPACE)
    for name in names:
        SubElement(SubElement(root, "sitemap"), "loc").text = absolute(f"/sitemaps/{name}.xml")
    return answer(request, root)


def pages(request: HttpRequest) -> HttpResponseBase:
    """Every list that has an address of its own."""
    rows = [*Country.objects.all(), *Topic.objects.filter(retired=False), *Source.objects.public()]
    entities = Entity.objects.only("slug")
    return answer(request, urls([*ABOUT, *(row.get_absolute_url() for row in [*rows, *entities])]))


def stories(request: HttpRequest, part: int) -> HttpResponseBase:
    """One part of the stories, by id."""
    if part > 10**12:
        raise Http404
    found = Story.objects.published().filter(pk__gte=part * PART, pk__lt=(part + 1) * PART)
    root = Element("urlset", xmlns=NAMESPACE)
    for story in found.order_by("pk").only("slug", "last_at"):
        entry = SubElement(root, "url")
        SubElement(entry, "loc").text = absolute(story.get_absolute_url())
        SubElement(entry, "lastmod").text = utc(story.last_at)
    return answer(request, root)


def news(request: HttpRequest) -> HttpResponseBase:
    """The stories of the last two days."""
    root = Element("urlset", {"xmlns": NAMESPACE, "xmlns:news": NEWS})
    found = Story.objects.published().filter(
        last_at__gte=timezone.now() - NEWS_DAYS, first_at__gte=timezone.now() - NEWS_DAYS
    )
    for story in found.newest()[:NEWS_MOST]:
        entry = SubElement(root, "url")
        SubElement(entry, "loc").text = absolute(story.get_absolute_url())
        told = SubElement(entry, "news:news")
        publication = SubElement(told, "news:publication")
        SubElement(publication, "news:name").text = settings.SITE_NAME
        SubElement(publication, "news:language").text = story.language or "en"
        SubElement(told, "news:publication_date").text = utc(story.first_at)
        SubElement(told, "news:title").text = plain(str(story))[:500]
    return answer(request, root)


def urls(paths: Iterable[str]) -> Element:
    root = Element("urlset", xmlns=NAMESPACE)
    for path in paths:
        SubElement(SubElement(root, "url"), "loc").text = absolute(path)
    return root


def answer(request: HttpRequest, root: Element) -> HttpResponseBase:
    body = tostring(root, encoding="utf-8", xml_declaration=True)
    return not_sent_again(request, HttpResponse(body, content_type="application/xml; charset=utf-8"))


def robots(request: HttpRequest) -> HttpResponseBase:
    """Everything but searches and the desk may be read; of the invented edition nothing may be kept."""
    closed = ["/"] if settings.SAMPLE_EDITION else [f"/{settings.ADMIN_PATH}", "/search/", "/fr/search/", "/ru/search/"]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), f"Sitemap: {absolute('/sitemap.xml')}"]
    return not_sent_again(request, HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8"))


def llms(request: HttpRequest) -> HttpResponseBase:
    """What programs that read for people should know before they read pages."""
    text = f"""# {settings.SITE_NAME}

> News of Central Asia from every side: one event is one story, with all outlets that report it, who owns them and
> which side they stand on. Titles and short extracts only; the full reports stand at the outlets, linked and named.

Cite the outlet of a report, not this site, for what the report says. Labels of outlets carry their source and date.

## For programs
- [API]({absolute("/api/v1/openapi.json")}): articles, stories, outlets, exports with citations; no key
- [The API for people]({absolute("/api/v1/docs")})
- [All feeds]({absolute("/feeds.opml")}): Atom, RSS and JSON Feed of every list
- [Site map]({absolute("/sitemap.xml")})

## How it is made
- [Method]({absolute("/about/method/")})
- [Accuracy]({absolute("/about/accuracy/")})
"""
    if settings.SAMPLE_EDITION:
        text = f"# {settings.SITE_NAME}\n\n> This is the sample edition: every outlet and event in it is invented.\n"
    return not_sent_again(request, HttpResponse(text, content_type="text/plain; charset=utf-8"))
