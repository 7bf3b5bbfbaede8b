"""What a page says to machines in the words of schema.org: JSON-LD, a block of data that runs nothing.

The pages show what outlets wrote, so a story is a list of their articles and never an article of ours.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from articles.models import Source
from articles.publish.addresses import absolute
from articles.publish.facets import About
from articles.publish.names import Named
from articles.publish.rows import Card, Line

CONTEXT = "https://schema.org"
MOST = 100  # reports of a story
TYPES = {"person": "Person", "place": "Place", "organisation": "Organization", "company": "Corporation"}
# No letter of these may end the block or begin markup (as in Django's json_script).
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def packed(data: Mapping[str, Any]) -> SafeString:
    """JSON that may stand in a page: every letter that could end the block is escaped."""
    told = json.dumps({"@context": CONTEXT, **data}, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(told.translate(ESCAPES))  # noqa: S308  # nosec B308 B703


def site() -> dict[str, Any]:
    """The front page: who we are and where to search."""
    search = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": absolute("/search/") + "?q={search_term_string}"},
        "query-input": "required name=search_term_string",
    }
    return {
        "@type": "WebSite",
        "name": settings.SITE_NAME,
        "url": absolute("/"),
        "publisher": {"@type": "Organization", "name": settings.SITE_NAME, "url": absolute("/")},
        "potentialAction": search,
    }


def listing(title: str, path: str, cards: Iterable[Card], trail: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """A list of stories, and the way to it from the front page: (name, path) of each page above."""
    return {
        "@type": "CollectionPage",
        "name": title,
        "url": absolute(path),
        "breadcrumb": crumbs([*trail, (title, path)]),
        "mainEntity": {
            "@type": "ItemList",
            "itemListElement": [
                {"@type": "ListItem", "position": place, "url": absolute(card.url.partition("?")[0])}
                for place, card in enumerate(cards, 1)
            ],
        },
    }


def crumbs(trail: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The way from the front page."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": absolute(path)}
            for place, (name, path) in enumerate(trail, 1)
        ],
    }


def story(
    title: str, path: str, lines: Sequence[Line], about: About, *, first_at: str, last_at: str, picture: str
) -> dict[str, Any]:
    """An event as the list of its reports, each of its outlet."""
    return {
        "@type": "CollectionPage",
        "name": title,
        "url": absolute(path),
        "image": picture,
        "datePublished": first_at,
        "dateModified": last_at,
        "about": [thing(named) for named in (*about.countries, *about.entities)],
        "keywords": [topic.name for topic in about.topics],
        "mainEntity": {
            "@type": "ItemList",
            "numberOfItems": len(lines),
            "itemListElement": [
                {"@type": "ListItem", "position": place, "item": report(line)}
                for place, line in enumerate(lines[:MOST], 1)
            ],
        },
    }


def thing(named: Named) -> dict[str, str]:
    """A country or an entity."""
    kind = "Country" if named.kind == "country" else "Thing"
    return {"@type": kind, "name": named.name, "url": absolute(named.url)}


def report(line: Line) -> dict[str, Any]:
    """One article of an outlet."""
    found = {
        "@type": "NewsArticle",
        "headline": line.head.title[:110],
        "url": line.link or absolute(line.url),
        "inLanguage": line.head.language,
        "datePublished": line.at,
        "publisher": {"@type": "NewsMediaOrganization", "name": line.outlet.name, "url": absolute(line.outlet.url)},
    }
    return {name: value for name, value in found.items() if value}


def outlet(found: Source) -> dict[str, Any]:
    """A newsroom, and where we say whom it belongs to."""
    told = {
        "@type": "NewsMediaOrganization",
        "name": found.name,
        "url": found.homepage,
        "ownershipFundingInfo": absolute(found.get_absolute_url()),
    }
    return {name: value for name, value in told.items() if value}
