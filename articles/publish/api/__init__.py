"""The JSON API: read-only, no key, cursor paging; described at openapi.json, for people at docs."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from ninja import NinjaAPI
from ninja.errors import Throttled, ValidationError
from ninja.openapi.schema import OpenAPISchema

from articles.publish.api import docs, export, stats
from articles.publish.api.description import complete
from articles.publish.api.endpoints import router
from articles.publish.api.limits import PerAddress
from articles.publish.api.problems import problem
from articles.publish.api.surface import reading
from articles.publish.lists import BadQuery

PREFIX = "api/v1/"


class Api(NinjaAPI):
    def get_openapi_schema(self, *, path_prefix: str | None = None, **fields: Any) -> OpenAPISchema:
        """The description, with the problem documents that every operation may answer."""
        return complete(super().get_openapi_schema(path_prefix=path_prefix, **fields))


api = Api(title="Orta", version="1", urls_namespace="api-v1", docs_url=None, openapi_url=None, throttle=PerAddress())
api.add_router("", router)
api.add_router("", export.router)
api.add_router("", stats.router)


@api.exception_handler(BadQuery)
def _bad_query(request: HttpRequest, error: BadQuery) -> HttpResponse:
    return problem(request, 400, str(error))


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first = error.errors[0]
    return problem(request, 400, f"{first['loc'][-1]}: {first['msg']}.")


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(request, 404, "There is no such row, or it is not shown.")


@api.exception_handler(Throttled)
def _too_many(request: HttpRequest, error: Throttled) -> HttpResponse:
    response = problem(request, 429, "Too many requests in this minute; Retry-After says when to go on.")
    response["Retry-After"] = str(int(error.wait or 60) + 1)
    return response


def describe() -> OpenAPISchema:
    """The description of all operations."""
    return api.get_openapi_schema(path_prefix=PREFIX)


def patterns() -> list[URLPattern]:
    """The addresses under PREFIX."""
    found = [
        URLPattern(pattern.pattern, reading(pattern.callback), pattern.default_args)
        for pattern in api.urls[0]
        if isinstance(pattern, URLPattern) and pattern.name != "api-root"
    ]
    return [
        *found,
        path("openapi.json", reading(docs.openapi(describe))),
        path("docs", docs.page(describe), name="api-docs"),
    ]
