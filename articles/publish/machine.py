"""For programs: health, metrics, robots, site maps, the list of our feeds."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from redis import RedisError

from aggregator.middleware import within
from articles.models import Article, Country, Feed, Story, Topic
from articles.publish.outgoing import absolute, rfc3339

SITEMAP = 5000  # newest stories in the site map


def healthz(request: HttpRequest) -> HttpResponse:
    """200 when this process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """503 only without database or broker; ages are figures in the body, in seconds."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if settings.REDIS_URL:
            cache.get("readyz")
        return JsonResponse({"ready": True, **ages()})
    except (DatabaseError, RedisError, OSError) as error:
        return JsonResponse({"ready": False, "why": type(error).__name__}, status=503)


def ages() -> dict[str, Any]:
    """How long the oldest due feed and the oldest article in no story have waited, in seconds."""
    now = timezone.now()
    due = Feed.objects.due(now=now).values_list("next_fetch_at", flat=True).first()
    waiting = Article.objects.ungrouped().values_list("fetched_at", flat=True).first()
    return {
        "oldest_due_feed_seconds": round((now - due).total_seconds()) if due else 0,
        "oldest_ungrouped_article_seconds": round((now - waiting).total_seconds()) if waiting else 0,
    }


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format; loopback and METRICS_ALLOW only."""
    if not within(request.META.get("REMOTE_ADDR", ""), settings.METRICS_ALLOW):
        return HttpResponse("not for you\n", status=403, content_type="text/plain")
    outcomes: dict[str, int] = {}
    for outcome in Feed.objects.values_list("outcome", flat=True):
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    lines = ["# TYPE orta_feeds gauge", *(f'orta_feeds{{outcome="{o}"}} {n}' for o, n in sorted(outcomes.items()))]
    for name, value in ages().items():
        lines += [f"# TYPE orta_{name} gauge", f"orta_{name} {value}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def robots(request: HttpRequest) -> HttpResponse:
    """The sample edition is for nobody's index."""
    rule = "Disallow: /" if settings.SAMPLE_EDITION else f"Disallow: /{settings.ADMIN_PATH}\nDisallow: /search/"
    text = f"User-agent: *\n{rule}\nSitemap: {absolute('/sitemap.xml')}\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def llms(request: HttpRequest) -> HttpResponse:
    """What programs that read for people should know."""
    text = (
        f"# {settings.SITE_NAME}\n\n> News of Central Asia from all sides; one event is one story.\n\n"
        f"- API: {absolute('/api/v1/openapi.json')}\n- Feeds: {absolute('/feeds.opml')}\n"
        f"- How stories are made: {absolute('/about/method/')}\n"
    )
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def sitemap(request: HttpRequest) -> HttpResponse:
    """Lists and the newest stories."""
    root = Element("urlset", xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
    pages = ["/", "/countries/", "/topics/", "/sources/", "/about/"]
    pages += [country.get_absolute_url() for country in Country.objects.core()]
    pages += [topic.get_absolute_url() for topic in Topic.objects.filter(retired=False)]
    for address in pages:
        SubElement(SubElement(root, "url"), "loc").text = absolute(address)
    for story in Story.objects.published().newest().only("slug", "last_at")[:SITEMAP]:
        entry = SubElement(root, "url")
        SubElement(entry, "loc").text = absolute(story.get_absolute_url())
        SubElement(entry, "lastmod").text = rfc3339(story.last_at)
    return HttpResponse(tostring(root, xml_declaration=True, encoding="utf-8"), content_type="application/xml")


def feeds_opml(request: HttpRequest) -> HttpResponse:
    """All lists of ours as OPML."""
    root = Element("opml", version="2.0")
    SubElement(SubElement(root, "head"), "title").text = settings.SITE_NAME
    body = SubElement(root, "body")
    lists = [(settings.SITE_NAME, "/")]
    lists += [(country.name, country.get_absolute_url()) for country in Country.objects.all()]
    lists += [(topic.name, topic.get_absolute_url()) for topic in Topic.objects.filter(retired=False)]
    for name, address in lists:
        fields = {"type": "rss", "text": name, "xmlUrl": absolute(f"{address}feed.atom"), "htmlUrl": absolute(address)}
        SubElement(body, "outline", fields)
    return HttpResponse(
        tostring(root, xml_declaration=True, encoding="utf-8"), content_type="text/x-opml; charset=utf-8"
    )
