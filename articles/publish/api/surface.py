"""What every answer of the API has in common: reading from anywhere, validators, problem documents, no cookies."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response

from articles.publish.api.problems import problem

View = Callable[..., HttpResponseBase]
METHODS = "GET, HEAD, OPTIONS"
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Retry-After",
    "X-Content-Type-Options": "nosniff",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "If-None-Match, Accept, Content-Type",
    "Access-Control-Max-Age": "86400",
    "Allow": METHODS,
}
FRESH = "public, max-age=30"


def reading(view: View) -> View:
    """Wrap a view so that it only reads: GET, HEAD and OPTIONS; 304 for who has the answer; open to other origins."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.method == "OPTIONS":
            response: HttpResponseBase = HttpResponse(status=204, headers=PREFLIGHT)
        elif request.method not in ("GET", "HEAD"):
            response = problem(request, 405, "The API is read-only: use GET.")
            response["Allow"] = METHODS
        else:
            request.method = "GET"  # the server leaves the body of a HEAD out
            response = conditional(request, view(request, *args, **kwargs))
        for name, value in CORS.items():
            response[name] = value
        return response

    return wrapped


def conditional(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Give a whole answer its ETag, and answer 304 to who has it."""
    if not isinstance(response, HttpResponse) or response.status_code != 200:
        return response
    etag = f'"{hashlib.blake2b(response.content, digest_size=12).hexdigest()}"'
    response["ETag"] = etag
    response.headers.setdefault("Cache-Control", FRESH)
    return get_conditional_response(request, etag=etag, response=response) or response
