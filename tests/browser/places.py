"""An address of every kind of page; what stands in braces is chosen from what the edition holds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.browser.conftest import Edition

PLACES = {
    "front": "/",
    "countries": "/countries/",
    "country": "/countries/kazakhstan/",
    "country by report": "/countries/uzbekistan/?kind=articles",
    "neighbour": "/countries/russia/",
    "topics": "/topics/",
    "topic": "/topics/{topic}/",
    "country and topic": "/countries/{country}/{topic}/",
    "entity": "/entities/{entity}/",
    "outlets": "/sources/",
    "outlet": "/sources/{source}/",
    "story": "{story}",
    "story by side": "{story}?order=side",
    "story with an endless title": "{endless}",
    "story whose titles attack": "{attack}",
    "story with an edit": "{edited}",
    "report": "/articles/{article}/",
    "search": "/search/",
    "search that finds": "/search/?q=rogun",
    "search that finds nothing": "/search/?q=zzzzqqqq&language=ru&perspective=kz",
    "archive": "/archive/{day}/",
    "subscribe": "/feeds/?country=kazakhstan&q=water",
    "suggest an outlet": "/sources/suggest/",
    "languages to read": "/languages/",
    "about": "/about/",
    "method": "/about/method/",
    "accuracy": "/about/accuracy/",
    "privacy": "/privacy/",
    "contact": "/contact/",
    "corrections": "/corrections/",
    "status": "/status/",
    "no such page": "/countries/atlantis/",
    "bad filter": "/countries/kazakhstan/?from=never",
}
STATUS = {"no such page": 404, "bad filter": 400}  # of all others 200


def choose(edition: Edition) -> dict[str, str]:
    """What the braces of ``PLACES`` stand for."""
    stories = edition.items("stories?limit=200")
    articles = edition.items("articles?limit=200")
    widest = max(stories, key=lambda story: (len(story["perspectives"]), story["article_count"]))
    attack = next(article for article in edition.items("articles?q=rogun+gate") if "script" not in article["title"])
    paths = {story["id"]: path_of(story["url"]) for story in stories}
    countries = {item["code"]: item["slug"] for item in edition.items("countries?limit=200")}
    return {
        "topic": widest["topics"][0],
        "country": countries[widest["countries"][0]],
        "entity": next(story["entities"][0] for story in stories if story["entities"]),
        "source": most_common(articles),
        "story": path_of(widest["url"]),
        "endless": path_of(max(stories, key=lambda story: len(story["title"]))["url"]),
        "attack": paths[attack["story_id"]],
        "edited": paths[edition.items("articles?q=Alat+uranium")[0]["story_id"]],
        "article": next(article["id"] for article in articles if len(article["countries"]) > 1),
        "day": f"{datetime.now(UTC):%Y/%m/%d}",
    }


def path_of(url: str) -> str:
    """The path of an address of ours."""
    return "/" + url.split("/", 3)[3]


def most_common(articles: list[dict[str, Any]]) -> str:
    """The outlet with the most reports."""
    slugs = [str(article["source"]["slug"]) for article in articles]
    return max(sorted(set(slugs)), key=slugs.count)
