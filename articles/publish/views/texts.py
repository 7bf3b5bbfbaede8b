"""What people must be able to read: how to subscribe, how good the tags are, what was corrected."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.models import Country, Decision, Topic
from articles.models.source import Perspective

FILTERS = ("country", "topic", "language", "perspective", "q")


def subscribe(request: HttpRequest) -> HttpResponse:
    """How to subscribe, and a form that makes one address of many filters."""
    chosen = {name: request.GET.get(name, "").strip()[:200] for name in FILTERS if request.GET.get(name, "").strip()}
    address = (
        f"{settings.SITE_URL}/search/feed.atom?{urlencode(chosen)}" if chosen else f"{settings.SITE_URL}/feed.atom"
    )
    context = {
        "countries": Country.objects.all(),
        "topics": Topic.objects.filter(retired=False),
        "perspectives": Perspective.choices,
        "address": address,
        "chosen": chosen,
    }
    return render(request, "articles/subscribe.html", context)


def accuracy(request: HttpRequest) -> HttpResponse:
    """The last measured figures, from the table that the tests compare."""
    path = settings.BASE_DIR / "docs" / "accuracy.md"
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    rows = [
        [cell.strip(" `*") for cell in line.strip().strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("|") and not set(line) <= set("|-: ")
    ]
    return render(request, "articles/about/accuracy.html", {"rows": rows})


def corrections(request: HttpRequest) -> HttpResponse:
    """What editors changed of what readers saw, without their names."""
    found = Decision.objects.filter(public=True)[:100]
    return render(request, "articles/about/corrections.html", {"decisions": found})
