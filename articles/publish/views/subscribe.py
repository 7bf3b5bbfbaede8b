"""How to subscribe: one address of everything that a reader ticks, what it brings, and readers that take it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from articles.models import Article
from articles.models.source import Ownership, Perspective
from articles.publish import lists, when
from articles.publish.addresses import absolute
from articles.publish.feeds.entries import headline, sides
from articles.publish.filters import LANGUAGES, in_words, told
from articles.publish.lists import ListQuery
from articles.publish.names import Names, language_name, names
from articles.publish.views.page import page

TICKED = ("country", "topic", "language", "perspective", "owner")
SINGLE = ("q", "one_sided", "kind")
PREVIEW = 5  # entries
FORMATS = (("atom", "Atom"), ("rss", "RSS"), ("json", "JSON Feed"))
# How programs in the browser take an address; the first is for programs on this device.
READERS = (
    ("", "feed:{}"),
    ("Feedly", "https://feedly.com/i/subscription/feed/{}"),
    ("Inoreader", "https://www.inoreader.com/?add_feed={}"),
    ("NewsBlur", "https://www.newsblur.com/?url={}"),
    ("The Old Reader", "https://theoldreader.com/feeds/subscribe?url={}"),
)


@dataclass(frozen=True, slots=True)
class Ticks:
    """A group of boxes: name of the filter, what it is called, and each value with its words and whether it is set."""

    name: str
    label: str
    boxes: list[tuple[str, str, bool]]

    @property
    def count(self) -> int:
        return sum(set_ for _value, _text, set_ in self.boxes)


@page(*TICKED, *SINGLE)
def subscribe(request: HttpRequest) -> HttpResponse:
    """A form of boxes; its answer is the address, its first entries, and ways into a reader."""
    chosen = {name: " ".join(dict.fromkeys(" ".join(request.GET.getlist(name)).split())) for name in TICKED}
    chosen |= {name: request.GET.get(name, "").strip() for name in SINGLE}
    chosen = {name: value[:300] for name, value in chosen.items() if value}
    base, fields = address_of(chosen, names())
    query = ListQuery.read({**chosen, "limit": str(PREVIEW)}, beyond=base == reverse("search"))
    atom = absolute(f"{base}feed.atom", fields)
    context = {
        "page_title": _("Subscribe"),
        "ticks": ticks(chosen, names()),
        "chosen": chosen,
        "said": said(chosen),
        "addresses": [(name, absolute(f"{base}feed.{kind}", fields)) for kind, name in FORMATS],
        "listed": f"{base}?{urlencode(fields)}" if fields else base,
        "readers": [
            (name or _("Program on this device"), link.format(quote(atom, safe="") if name else atom))
            for name, link in READERS
        ],
        "preview": preview(query),
        "public": not settings.SITE_IS_LOCAL,
    }
    return render(request, "articles/subscribe.html", context)


def address_of(chosen: Mapping[str, str], known: Names) -> tuple[str, dict[str, str]]:
    """The shortest list of ours that these filters narrow, and the filters that its path does not say."""
    rest = {name: value for name, value in chosen.items() if (name, value) != ("kind", "stories")}
    narrowing = rest.keys() - {"kind"}
    place, subject = known.country(rest.get("country", "")), known.topic(rest.get("topic", ""))
    if place and subject and narrowing == {"country", "topic"}:
        path = reverse("country-topic", args=[place.slug, subject.slug])
    elif place and narrowing == {"country"}:
        path = reverse("country", args=[place.slug])
    elif subject and narrowing == {"topic"}:
        path = reverse("topic", args=[subject.slug])
    elif not narrowing:
        path = reverse("front")
    else:
        return reverse("search"), rest
    return path, {name: value for name, value in rest.items() if name == "kind"}


def ticks(chosen: Mapping[str, str], known: Names) -> list[Ticks]:
    """Every box that can be ticked."""
    near = [(found.slug, found.name) for found in known.countries.values() if found.tier != "other"]
    far = [(found.slug, found.name) for found in known.countries.values() if found.tier == "other"]
    groups = (
        ("country", _("Countries"), near),
        ("country", _("Other countries"), far),
        ("topic", _("Topics"), [(found.slug, found.name) for found in known.topics.values()]),
        ("language", _("Languages"), [(code, language_name(code)) for code in LANGUAGES]),
        ("perspective", _("Sides"), told(Perspective.choices)),
        ("owner", _("Kinds of owner"), told(Ownership.choices)),
    )
    found = []
    for name, label, options in groups:
        words = chosen.get(name, "").split()
        found.append(Ticks(name, label, [(value, text, value in words) for value, text in options]))
    return found


def said(chosen: Mapping[str, str]) -> str:
    """What was ticked, in words."""
    parts = [in_words(name, chosen[name]) for name in (*TICKED, "one_sided") if name in chosen]
    if "q" in chosen:
        parts.append(_("“%(words)s”") % {"words": chosen["q"][:80]})
    return " · ".join(filter(None, parts))


def preview(query: ListQuery) -> list[dict[str, Any]]:
    """The first entries as the feed will have them: headline, language, who reports, when."""
    now = timezone.localtime()
    if query.kind == "articles":
        reports: lists.Page[Article] = lists.page(lists.articles(query).select_related("source"), query)
        return [
            {
                "title": row.title or row.url,
                "language": row.language,
                "url": row.get_absolute_url(),
                "who": f"{row.source.name} ({row.source.get_ownership_display()})",
                "at": when.short(row.at, now=now),
            }
            for row in reports.rows
        ]
    found = []
    for story in lists.page(lists.stories(query), query).rows:
        title, language = headline(story, get_language() or "en")
        url, at = story.get_absolute_url(), when.short(story.last_at, now=now)
        found.append({"title": title, "language": language, "url": url, "who": sides(story), "at": at})
    return found
