"""The JSON API: read-only, no key, cursor paging; described at /api/v1/openapi.json."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from articles.fetch.masking import mask_address
from articles.models import Article, Country, Entity, Feed, Source, Story, Topic
from articles.publish.lists import BadQuery, ListQuery, Page, articles, page, stories
from articles.publish.outgoing import absolute, rfc3339

PER_MINUTE = 1200  # requests of one address
FILTERS = (
    "country", "topic", "entity", "source", "language", "story", "feed_url", "relevant", "from", "to", "q", "sort",
    "limit", "cursor",
)  # fmt: skip


class Problem(Exception):
    """Becomes a problem document (RFC 9457)."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail


TITLES = {400: "Bad request", 404: "Not found", 405: "Method not allowed", 429: "Too many requests"}


def endpoint(view: Callable[..., dict[str, Any]]) -> Callable[..., HttpResponse]:
    """Answer with JSON that everybody may read; faults become problem documents."""

    @wraps(view)
    def wrapped(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            if request.method not in {"GET", "HEAD"}:
                raise Problem(405, "This API is read-only: use GET.")
            _count(request)
            response = JsonResponse(view(request, **kwargs), json_dumps_params={"ensure_ascii": False})
        except BadQuery as error:
            response = problem(400, str(error))
        except Problem as error:
            response = problem(error.status, error.detail)
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return wrapped


def problem(status: int, detail: str) -> JsonResponse:
    """A problem document."""
    body = {"type": "about:blank", "title": TITLES.get(status, "Error"), "status": status, "detail": detail}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def _count(request: HttpRequest) -> None:
    key = f"api-{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, 60)
    try:
        used = cache.incr(key)
    except ValueError:  # it ran out between the two calls
        used = 1
    if used > PER_MINUTE:
        raise Problem(429, f"More than {PER_MINUTE} requests in a minute; wait a little.")


def _listed(request: HttpRequest, cut: Page[Any], items: list[dict[str, Any]]) -> dict[str, Any]:
    given = {name: value for name, value in request.GET.items() if name != "cursor"}
    following = absolute(f"{request.path}?{urlencode({**given, 'cursor': cut.next})}") if cut.next else None
    return {"next": following, "items": items}


def _query(request: HttpRequest) -> ListQuery:
    unknown = [name for name in request.GET if name not in ListQuery.NAMES]
    if unknown:
        raise Problem(400, f"Unknown filter: {', '.join(unknown)[:200]}.")
    return ListQuery.read(request.GET.dict())


@endpoint
def article_list(request: HttpRequest) -> dict[str, Any]:
    cut = page(articles(query := _query(request)).with_tags(), query)
    return _listed(request, cut, [article_json(article) for article in cut.rows])


@endpoint
def story_list(request: HttpRequest) -> dict[str, Any]:
    cut = page(with_facets(stories(query := _query(request))), query)
    return _listed(request, cut, [story_json(story) for story in cut.rows])


@endpoint
def story(request: HttpRequest, story_id: int) -> dict[str, Any]:
    found = with_facets(Story.objects.filter(hidden=False)).filter(pk=story_id).first()
    if found is None:
        raise Problem(404, f"There is no story {story_id}.")
    shown = found.articles.filter(hidden=False, source__in=Source.objects.public()).with_tags().order_by("at", "pk")
    return {**story_json(found), "articles": [article_json(article) for article in shown[:1000]]}


def with_facets(found: Any) -> Any:
    """Stories with the rows that name their countries, topics and entities."""
    return found.prefetch_related("country_facets", "topic_facets__topic", "entity_facets__entity")


def article_json(article: Article) -> dict[str, Any]:
    """One article as the contract of the API names its fields."""
    source, feed = article.source, article.feed
    return {
        "id": article.pk,
        "url": article.url,
        "title": article.title,
        "summary": article.extract,
        "language": article.language,
        "published_at": rfc3339(article.published_at),
        "fetched_at": rfc3339(article.fetched_at),
        "updated_at": rfc3339(article.updated_at),
        "relevant": article.relevant,
        "source": {
            "slug": source.slug, "name": source.name, "owner": source.owner, "ownership": source.ownership,
            "perspective": source.perspective,
        },
        "feed_url": mask_address(feed.url) if feed else None,
        "feed_current_url": mask_address(feed.current_url) if feed else None,
        "countries": [{"code": tag.key, **_tag(tag)} for tag in article.country_tags.all()],
        "topics": [{"slug": tag.key, **_tag(tag)} for tag in article.topic_tags.all()],
        "entities": [{"slug": tag.key, "type": tag.entity.type} for tag in article.entity_tags.all()],
        "story_id": article.story_id,
        "sample": settings.SAMPLE_EDITION,
    }  # fmt: skip


def _tag(tag: Any) -> dict[str, Any]:
    return {"score": tag.score, "manual": tag.manual, "why": tag.why}


def story_json(story: Story) -> dict[str, Any]:
    """One story as the contract of the API names its fields."""
    return {
        "id": story.pk,
        "url": absolute(story.get_absolute_url()),
        "title": story.headline or story.title,
        "first_published_at": rfc3339(story.first_at),
        "last_published_at": rfc3339(story.last_at),
        "article_count": story.article_count,
        "source_count": story.source_count,
        "languages": story.languages,
        "perspectives": story.perspectives,
        "ownerships": story.ownerships,
        "countries": [f.country_id for f in sorted(story.country_facets.all(), key=lambda f: -f.weight)],
        "topics": [f.topic.slug for f in sorted(story.topic_facets.all(), key=lambda f: -f.weight)],
        "entities": [f.entity.slug for f in sorted(story.entity_facets.all(), key=lambda f: -f.weight)],
        "score": round(story.rank, 4),
        "lead_article_id": story.lead_id,
        "merged_into": story.merged_into_id,
        "sample": settings.SAMPLE_EDITION,
    }


@endpoint
def sources(request: HttpRequest) -> dict[str, Any]:
    fields = ("slug", "name", "homepage", "owner", "ownership", "perspective", "kind", "base_country", "headline_only")
    return {"next": None, "items": list(Source.objects.public().values(*fields))}


@endpoint
def countries(request: HttpRequest) -> dict[str, Any]:
    return {"next": None, "items": list(Country.objects.values("code", "slug", "tier", "names"))}


@endpoint
def topics(request: HttpRequest) -> dict[str, Any]:
    return {"next": None, "items": list(Topic.objects.filter(retired=False).values("slug", "titles", "description"))}


@endpoint
def entities(request: HttpRequest) -> dict[str, Any]:
    found = Entity.objects.prefetch_related("countries")
    items = [
        {"slug": e.slug, "type": e.type, "subtype": e.subtype, "names": e.names,
         "countries": [country.code for country in e.countries.all()]}
        for e in found
    ]  # fmt: skip
    return {"next": None, "items": items}


@endpoint
def feeds(request: HttpRequest) -> dict[str, Any]:
    found = Feed.objects.filter(source__in=Source.objects.public()).select_related("source").order_by("pk")
    return {"next": None, "items": [feed_json(feed) for feed in found]}


def feed_json(feed: Feed) -> dict[str, Any]:
    """One feed of an outlet and how it does."""
    return {
        "url": mask_address(feed.url),
        "current_url": mask_address(feed.current_url),
        "source": feed.source.slug,
        "outcome": feed.outcome,
        "status": feed.status,
        "message": feed.message,
        "last_fetched_at": rfc3339(feed.last_fetched_at),
        "next_fetch_at": rfc3339(feed.next_fetch_at),
        "articles": feed.articles_count,
    }


@endpoint
def missing(request: HttpRequest, rest: str = "") -> dict[str, Any]:
    raise Problem(404, "There is nothing at this address; /api/v1/openapi.json tells what there is.")


PATHS = {
    "/api/v1/articles": ("Articles, newest first", True),
    "/api/v1/stories": ("Stories, by last report", True),
    "/api/v1/stories/{id}": ("One story with its articles", False),
    "/api/v1/sources": ("Outlets", False),
    "/api/v1/countries": ("Countries", False),
    "/api/v1/topics": ("Topics", False),
    "/api/v1/entities": ("People, places, organisations, projects", False),
    "/api/v1/feeds": ("Feeds of the outlets and how they do", False),
}


@endpoint
def openapi(request: HttpRequest) -> dict[str, Any]:
    """The description of this API, OpenAPI 3.1."""
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{settings.SITE_NAME} API", "version": "1"},
        "servers": [{"url": settings.SITE_URL}],
        "paths": {address: {"get": _operation(address, *told)} for address, told in PATHS.items()},
    }


def _operation(address: str, summary: str, filtered: bool) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "query", "required": False, "schema": {"type": "string"}}
        for name in (FILTERS if filtered else [])
    ]
    if "{id}" in address:
        parameters.append({"name": "id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 0}})
    good = {"description": summary, "content": {"application/json": {"schema": {"type": "object"}}}}
    bad = {"description": "Problem", "content": {"application/problem+json": {"schema": {"type": "object"}}}}
    responses = {"200": good, "400": bad, "429": bad} | ({"404": bad} if "{id}" in address else {})
    return {"summary": summary, "parameters": parameters, "responses": responses}


def docs(request: HttpRequest) -> HttpResponse:
    """The same for people."""
    context = {"paths": [(a, told[0]) for a, told in PATHS.items()], "filters": FILTERS, "page_title": "API"}
    return render(request, "articles/api_docs.html", context)
