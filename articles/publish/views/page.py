"""What all pages share: addresses without unknown words, a clear page for bad filters, 304 when nothing changed."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Collection
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from articles.publish.page_cache import keep
from articles.publish.query import BadQuery, ListQuery

View = Callable[..., HttpResponseBase]
MADE = re.compile(rb'<time class="made".*?</time>', re.DOTALL)  # when the page was made is no news
SEEN = 24 * 3600  # seconds for which the first sight of a version is remembered


def no_list(**_: object) -> tuple[str, ...]:
    """A page that shows several lists: any change may change it."""
    return ()


def page(*names: str, lists: bool = False, of: Callable[..., tuple[str, ...]] = no_list) -> Callable[[View], View]:
    """Make a view a page: it takes these query names (and, with ``lists``, those of ListQuery), and answers 304.

    Every page takes the languages of the reader, since its links carry them on. What it shows is kept for others
    (page_cache.py); ``of``: the lists of which it is made, from the parts of its path.
    """
    known = frozenset(names) | {"language"} | (ListQuery.NAMES if lists else frozenset())

    def wrap(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if (target := without_unknown(request, known)) is not None:
                return redirect(target)
            try:
                response = view(request, *args, **kwargs)
            except BadQuery as error:
                return render(request, "articles/bad_query.html", {"why": str(error)}, status=400)
            response = validated(request, response)
            if response.status_code == 200:
                keep(response, *of(**kwargs))
            return response

        return wrapped

    return wrap


def without_unknown(request: HttpRequest, known: Collection[str]) -> str | None:
    """The same path with the query names that it knows; None when it has no others. Never another path or host."""
    given = [(name, value) for name, values in request.GET.lists() for value in values]
    kept = [(name, value) for name, value in given if name in known and value]
    if kept == given:
        return None
    path = "/" + request.path.lstrip("/")  # two slashes would name a host
    return f"{path}?{urlencode(kept)}" if kept else path


def validated(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Give a whole page ETag and Last-Modified, by which the page cache answers 304.

    The tag is made of the page but for the time at which it was made; the date is that of the first sight of this
    version in this process or cache, so it may be late and is never early.
    """
    if request.method not in {"GET", "HEAD"} or not isinstance(response, HttpResponse) or response.status_code != 200:
        return response
    etag = f'W/"{hashlib.blake2b(MADE.sub(b"", response.content), digest_size=12).hexdigest()}"'
    seen = int(cache.get_or_set(f"seen-{request.path}-{etag}", lambda: int(time.time()), SEEN) or time.time())
    response.headers["ETag"] = etag
    response.headers["Last-Modified"] = http_date(seen)
    response.headers.setdefault("Cache-Control", "public, max-age=15")
    return response


def not_sent_again(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """For what the page cache does not keep: an answer that the client has is 304 here."""
    validated(request, response)
    etag = response.headers.get("ETag")
    return get_conditional_response(request, etag=etag, response=response) or response


def feed_context(request: HttpRequest, query: str = "") -> dict[str, Any]:
    """Addresses of the feeds beside a list."""
    tail = f"?{query}" if query else ""
    kinds = (("atom", "Atom", "application/atom+xml"), ("rss", "RSS", "application/rss+xml"))
    return {
        "feeds": [
            {"name": name, "type": mime, "url": f"{request.path}feed.{kind}{tail}"}
            for kind, name, mime in (*kinds, ("json", "JSON", "application/feed+json"))
        ]
    }
