"""Tags as editors type them: a code, a slug, or a name in any language of the site."""

from __future__ import annotations

import re

from articles.curation import Refused
from articles.models import Country, Topic

IN_BRACKETS = re.compile(r"\(([\w-]{1,80})\)\s*$")


def offers() -> list[str]:
    """What the field offers while one types: every country and topic as "Name (key)"."""
    topics = [f"{topic.name} ({topic.slug})" for topic in Topic.objects.filter(retired=False)]
    return [*topics, *[f"{country.name} ({country.code})" for country in Country.objects.all()]]


def read_tag(text: str) -> tuple[str, str]:
    """Return (kind, key) of "Energy (energy)", "energy", "KZ", "Kasachstan" … Raises Refused."""
    text = " ".join(text.split())
    if not text:
        raise Refused("Write a country or a topic into the field.")
    match = IN_BRACKETS.search(text)
    wanted = (match[1] if match else text).casefold()
    countries, topics = list(Country.objects.all()), list(Topic.objects.filter(retired=False))
    for country in countries:
        if country.code.casefold() == wanted:
            return "country", country.code
    for topic in topics:
        if topic.slug == wanted:
            return "topic", topic.slug
    for country in countries:
        if wanted in {name.casefold() for name in country.names.values()} | {country.slug}:
            return "country", country.code
    for topic in topics:
        if wanted in {str(name).casefold() for name in topic.titles.values()}:
            return "topic", topic.slug
    raise Refused(f"There is no country and no topic “{text[:80]}”.")
