"""Names of countries, topics and languages for pages: one query for all, kept for a minute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from articles.models import Country, Topic
from articles.models.lexicon import in_language

KEPT = 60  # seconds


@dataclass(frozen=True, slots=True)
class Named:
    """A country, a topic or an entity: enough to name it and to link to it."""

    kind: str  # country, topic or entity, as the addresses call it
    key: str  # ISO2 of a country, else the id
    slug: str
    names: dict[str, Any]
    tier: str = ""  # of a country: core, neighbour …

    @property
    def name(self) -> str:
        """In the language of the page."""
        return in_language(self.names) or self.slug

    @property
    def url(self) -> str:
        return reverse(self.kind, args=[self.slug])


@dataclass(frozen=True, slots=True)
class Names:
    """Both lists in their order."""

    countries: dict[str, Named]
    topics: dict[str, Named]

    def country(self, slug: str) -> Named | None:
        return next((found for found in self.countries.values() if found.slug == slug), None)

    def topic(self, slug: str) -> Named | None:
        return next((found for found in self.topics.values() if found.slug == slug), None)

    @property
    def core(self) -> list[Named]:
        """The five."""
        return [found for found in self.countries.values() if found.tier == Country.Tier.CORE]


def names() -> Names:
    """All countries and the topics in use."""
    found = cache.get("names")
    if found is None:
        text = CharField()
        topics = Topic.objects.filter(retired=False).order_by()
        rows = (
            Country.objects.order_by()
            .values_list(Value("country", text), "position", "code", "slug", "names", "tier")
            .union(
                topics.values_list(
                    Value("topic", text), "position", Cast(F("pk"), text), "slug", "titles", Value("", text)
                ),
                all=True,
            )
        )
        ordered = sorted(rows, key=lambda row: (row[1], row[2]))
        kinds: dict[str, dict[str, Named]] = {"country": {}, "topic": {}}
        for kind, _position, key, slug, told, tier in ordered:
            kinds[kind][str(key).strip()] = Named(kind, str(key).strip(), slug, told, tier)
        found = Names(kinds["country"], kinds["topic"])
        cache.set("names", found, KEPT)
    return found


def language_name(code: str) -> str:
    """The name of a language in the language of the page; the code where nobody knows it."""
    if not code:
        return _("language not known")
    if code == "zh":
        return _("Chinese")  # Django knows its two ways of writing alone
    try:
        return str(get_language_info(code)["name_translated"]).capitalize()
    except KeyError:
        return code
