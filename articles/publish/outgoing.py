"""Atom, RSS 2.0 and JSON Feed 1.1 of every list."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.views.decorators.http import condition

from articles.models import Article, Country, Entity, Source, Story, Topic
from articles.models.source import Perspective
from articles.publish.lists import BadQuery, ListQuery, articles, of_day, page, stories

FORMATS = ("atom", "rss", "json")
LIMIT, MAX_LIMIT = 50, 100
REPORTS = 20  # named in one entry


def absolute(path: str) -> str:
    """An address of ours; built from SITE_URL, never from the Host header."""
    return f"{settings.SITE_URL}{path}"


def serve(request: HttpRequest, kind: str, title: str, query: ListQuery | None = None, **fixed: Any) -> HttpResponse:
    """One list as one feed."""
    try:
        wanted = query or ListQuery.read({"limit": str(LIMIT), **request.GET.dict()}, **fixed)
    except BadQuery as error:
        return HttpResponse(str(error), status=400, content_type="text/plain; charset=utf-8")
    entries = _articles(wanted) if wanted.kind == "articles" else _stories(wanted)
    updated = max(
        (entry["updated"] for entry in entries), default=datetime(2026, 1, 1, tzinfo=timezone.get_current_timezone())
    )
    name = f"{settings.SITE_NAME}: {title}" if title else settings.SITE_NAME
    home, own = absolute(request.path.rpartition("/")[0] + "/"), absolute(request.get_full_path())

    def etag(_: HttpRequest) -> str:
        return f'"{kind}-{len(entries)}-{updated.timestamp():.0f}-{hash_of(entries)}"'

    @condition(etag_func=etag, last_modified_func=lambda _: updated)
    def answer(_: HttpRequest) -> HttpResponse:
        if kind == "json":
            return _json(name, home, own, entries)
        return _xml(kind, name, home, own, entries)

    return answer(request)


def hash_of(entries: list[dict[str, Any]]) -> str:
    """Changes whenever an entry does."""
    import hashlib

    return hashlib.sha256(repr([(e["id"], e["updated"], e["title"]) for e in entries]).encode()).hexdigest()[:16]


def _stories(query: ListQuery) -> list[dict[str, Any]]:
    found = page(stories(query).select_related("lead__source"), query).rows[:MAX_LIMIT]
    reports: dict[int, list[Article]] = {}
    rows = Article.objects.filter(story_id__in=[s.pk for s in found], hidden=False, relevant=True)
    for article in rows.filter(source__in=Source.objects.public()).select_related("source").order_by("at", "pk"):
        reports.setdefault(article.story_id or 0, []).append(article)
    return [_story(story, reports.get(story.pk, [])) for story in found]


def _story(story: Story, reports: list[Article]) -> dict[str, Any]:
    sides = ", ".join(f"{Perspective(side).label} {count}" for side, count in story.perspectives.items())
    lines = [
        f"{article.source.name} ({article.source.get_ownership_display()}, {article.language or '?'}): "
        f"{article.title[:300]} {article.url}"
        for article in reports[:REPORTS]
    ]
    return {
        "id": absolute(f"/stories/{story.pk}/"),
        "url": absolute(story.get_absolute_url()),
        "title": (story.headline or story.title)[:500],
        "text": "\n".join([f"{story.source_count} outlets: {sides}", *lines]),
        "published": story.first_at,
        "updated": story.side_added_at,
        "language": story.language,
        "author": story.lead.source.name if story.lead else "",
    }


def _articles(query: ListQuery) -> list[dict[str, Any]]:
    found = page(articles(query).select_related("source"), query).rows[:MAX_LIMIT]
    return [
        {
            "id": absolute(f"/articles/{article.pk}/"),
            "url": article.url or absolute(article.get_absolute_url()),
            "title": article.title[:500] or article.url,
            "text": article.extract,
            "published": article.at,
            "updated": article.updated_at,
            "language": article.language,
            "author": article.source.name,
        }
        for article in found
    ]


def _xml(kind: str, name: str, home: str, own: str, entries: list[dict[str, Any]]) -> HttpResponse:
    maker = Atom1Feed if kind == "atom" else Rss201rev2Feed
    feed = maker(title=name, link=home, description=name, feed_url=own, language=None, feed_guid=own)
    for entry in entries:
        feed.add_item(
            title=entry["title"],
            link=entry["url"],
            description=entry["text"],
            unique_id=entry["id"],
            unique_id_is_permalink=entry["id"] == entry["url"],
            pubdate=entry["published"],
            updateddate=entry["updated"],
            author_name=entry["author"] or settings.SITE_NAME,
        )
    content = {"atom": "application/atom+xml", "rss": "application/rss+xml"}[kind]
    return HttpResponse(feed.writeString("utf-8"), content_type=f"{content}; charset=utf-8")


def _json(name: str, home: str, own: str, entries: list[dict[str, Any]]) -> HttpResponse:
    items = [
        {
            "id": entry["id"],
            "url": entry["url"],
            "title": entry["title"],
            "content_text": entry["text"],
            "date_published": rfc3339(entry["published"]),
            "date_modified": rfc3339(entry["updated"]),
            "language": entry["language"] or "und",
            "authors": [{"name": entry["author"] or settings.SITE_NAME}],
        }
        for entry in entries
    ]
    body = {"version": "https://jsonfeed.org/version/1.1", "title": name, "home_page_url": home, "feed_url": own}
    return JsonResponse(
        {**body, "items": items}, content_type="application/feed+json", json_dumps_params={"ensure_ascii": False}
    )


def rfc3339(at: datetime | None) -> str | None:
    """A time in UTC."""
    return at.astimezone(tz=timezone.get_fixed_timezone(0)).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def front(request: HttpRequest, kind: str) -> HttpResponse:
    return serve(request, kind, "")


def country(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    found = get_object_or_404(Country, slug=slug)
    return serve(request, kind, found.name, country=found.code)


def country_topic(request: HttpRequest, kind: str, slug: str, topic_slug: str) -> HttpResponse:
    place, subject = get_object_or_404(Country, slug=slug), get_object_or_404(Topic, slug=topic_slug)
    return serve(request, kind, f"{place.name}: {subject.name}", country=place.code, topic=subject.slug)


def topic(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    found = get_object_or_404(Topic, slug=slug)
    return serve(request, kind, found.name, topic=found.slug)


def entity(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    found = get_object_or_404(Entity, slug=slug)
    return serve(request, kind, found.name, entity=found.slug)


def source(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    found = get_object_or_404(Source.objects.public(), slug=slug)
    return serve(request, kind, found.name, source=found.slug)


def search(request: HttpRequest, kind: str) -> HttpResponse:
    return serve(request, kind, request.GET.get("q", "")[:100])


def archive(request: HttpRequest, kind: str, year: int, month: int, day: int) -> HttpResponse:
    try:
        wanted = date(year, month, day)
    except ValueError:
        raise Http404("no such day") from None
    return serve(request, kind, f"{wanted:%Y-%m-%d}", query=of_day(wanted))
