"""Finished pages and feeds, kept by address: what one reader made another one gets, cookies or not.

The key is path and query (the path says the language). What was kept is given without a question for FRESH seconds;
then until MOST as long as its own lists did not change, and until QUIET as long as nothing at all did.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import BaseCache, caches
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import parse_http_date_safe

from articles.store.changes import ALL, changed_since

FRESH, MOST, QUIET = timedelta(seconds=10), timedelta(seconds=45), timedelta(minutes=10)
MAKING = 5  # seconds in which others get the older page while one makes the new one
MAX_QUERY = 300  # characters: longer addresses are not kept
MAX_BYTES = 1_000_000
LEFT_OUT = {"set-cookie", "date", "connection"}


@dataclass(slots=True)
class Kept:
    """One finished answer."""

    content: bytes
    headers: list[tuple[str, str]]
    lists: tuple[str, ...]  # that it shows, as changes.note() names them
    made: datetime
    checked: datetime


now = timezone.now  # tests move it


def keep(response: HttpResponseBase, *names: str) -> None:
    """Let this answer be kept; ``names``: the lists that it shows (none: whatever changes, changes it)."""
    response.kept_for = names  # type: ignore[attr-defined]


class PageCache:
    """Middleware: answers from what was kept, keeps what a view lets be kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        query = request.META.get("QUERY_STRING", "")
        if request.method not in {"GET", "HEAD"} or len(query) > MAX_QUERY:
            return self.get_response(request)
        cache, key = caches["pages"], key_of(request)
        found: Kept | None = cache.get(key)
        if found is not None and (good(found, cache, key) or not cache.add(f"{key}-making", 1, MAKING)):
            request.get_host()  # a host that is not ours is refused here too
            return answer(request, found)
        began = now()
        response = self.get_response(request)
        if not isinstance(response, HttpResponse) or getattr(response, "kept_for", None) is None:
            return response
        store(response, cache, key, began=began)
        return conditional(request, response)


def key_of(request: HttpRequest) -> str:
    """Path and query names with their values in one order."""
    given = sorted((name, value) for name, values in request.GET.lists() for value in values)
    told = f"{settings.SITE_URL} {request.path} {urlencode(given)}"
    return f"page-{hashlib.blake2b(told.encode('utf-8', 'surrogatepass'), digest_size=16).hexdigest()}"


def good(found: Kept, cache: BaseCache, key: str) -> bool:
    """Whether what was kept may still be given."""
    present = now()
    if present - found.checked < FRESH:
        return True
    age = present - found.made
    if age >= QUIET or timezone.localdate(found.made) != timezone.localdate(present):
        return False  # pages say "today"
    if changed_since(found.made, found.lists if age < MOST and found.lists else [ALL]):
        return False
    found.checked = present
    cache.set(key, found, QUIET.seconds)
    return True


def store(response: HttpResponse, cache: BaseCache, key: str, *, began: datetime) -> None:
    """Keep a whole answer whose view allowed it; what changed since the view began makes it old."""
    lists: tuple[str, ...] = response.kept_for  # type: ignore[attr-defined]
    if response.status_code != 200 or response.cookies:
        return
    if len(response.content) > MAX_BYTES or "Cookie" in response.headers.get("Vary", ""):
        return
    headers = [(name, value) for name, value in response.items() if name.lower() not in LEFT_OUT]
    cache.set(key, Kept(response.content, headers, lists, began, began), QUIET.seconds)
    cache.delete(f"{key}-making")


def answer(request: HttpRequest, found: Kept) -> HttpResponse:
    """The kept answer as it was made."""
    response = HttpResponse(found.content)
    del response.headers["Content-Type"]
    for name, value in found.headers:
        response.headers[name] = value
    return conditional(request, response)


def conditional(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer, or 304 where the reader has it already."""
    seen = response.headers.get("Last-Modified")
    found = get_conditional_response(
        request,
        etag=response.headers.get("ETag"),
        last_modified=parse_http_date_safe(seen) if seen else None,
        response=response,
    )
    return found if isinstance(found, HttpResponse) else response
