"""A form with which readers propose an outlet; no account, nothing kept of the reader, few tries from one address."""

from __future__ import annotations

import hashlib
from urllib.parse import urlsplit

from django.core.cache import cache
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from articles.models import Feed, Source, Suggestion

TRIES = 5  # from one address in an hour
HOUR = 3600
OPEN = 2000  # proposals that may wait at once: a flood ends here


@csrf_exempt  # nobody is signed in here, and no page of readers sets a cookie
def suggest(request: HttpRequest) -> HttpResponse:
    """Show the form; take a proposal into the queue of the editors."""
    context = {"page_title": _("Propose an outlet"), "given": {}, "error": "", "thanks": False}
    status = 200
    if request.method == "POST":
        given = {name: request.POST.get(name, "").strip() for name in ("url", "name", "why")}
        error, status = take(request, given)
        context |= {"given": given, "error": error, "thanks": not error}
    response = render(request, "articles/suggest.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def take(request: HttpRequest, given: dict[str, str]) -> tuple[str, int]:
    """Store a proposal; return ("", 200), or why not with the status."""
    if request.POST.get("website"):  # people do not see this field
        return "", 200
    url = web_address(given["url"])
    if not url:
        return _("This is no web address; write one such as https://example.org/."), 400
    if len(given["name"]) > 200 or len(given["why"]) > 1000:
        return _("Please say it in fewer words."), 400
    if not within_limit(request):
        return _("You have proposed several already; please come back in an hour."), 429
    if Feed.objects.filter(url=url).exists() or Source.objects.filter(homepage__in=[url, url + "/"]).exists():
        return _("This outlet is read here already."), 400
    known = Suggestion.objects.filter(url=url).update(times=F("times") + 1)
    if not known:
        if Suggestion.objects.filter(state=Suggestion.State.OPEN)[:OPEN].count() >= OPEN:
            return _("The queue is full; please come back in some days."), 503
        Suggestion.objects.get_or_create(url=url, defaults={"name": given["name"], "why": given["why"]})
    return "", 200


def web_address(text: str) -> str:
    """The address with its scheme; "" when it is none that could be on the public net."""
    text = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(text)
        good = parts.scheme in {"http", "https"} and "." in (parts.hostname or "") and not parts.username
    except ValueError:
        return ""
    return text if good and len(text) <= 500 and text.isprintable() and " " not in text else ""


def within_limit(request: HttpRequest) -> bool:
    """Whether this address has tries left; it is kept as a hash, for an hour."""
    who = hashlib.blake2b(request.META.get("REMOTE_ADDR", "").encode(), digest_size=12).hexdigest()
    cache.add(f"suggest-{who}", 0, HOUR)
    try:
        return int(cache.incr(f"suggest-{who}")) <= TRIES
    except ValueError:  # it ended between the two
        return True
