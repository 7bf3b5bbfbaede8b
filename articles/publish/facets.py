"""What stories are about: countries, topics, entities, the most certain first, in one query for a whole list."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast

from articles.models import StoryCountry, StoryEntity, StoryTopic
from articles.publish.names import Named

TEXT = CharField()
KINDS: tuple[tuple[Any, str, str], ...] = (
    (StoryCountry, "country", "names"),
    (StoryTopic, "topic", "titles"),
    (StoryEntity, "entity", "names"),
)


@dataclass(slots=True)
class Facets:
    """Keys of what one story is about."""

    countries: list[str] = field(default_factory=list)  # ISO2
    topics: list[str] = field(default_factory=list)  # ids, as names() keys them
    entities: list[str] = field(default_factory=list)  # ids


PLACES = {"country": "countries", "topic": "topics", "entity": "entities"}


def facets_of(story_ids: Collection[int], *, entities: bool = False) -> dict[int, Facets]:
    """Countries and topics (and entities) of these stories, in one query."""
    parts = [
        model.objects.filter(story_id__in=story_ids)
        .order_by()
        .values_list("story_id", Value(kind, TEXT), Cast(F(f"{kind}_id"), TEXT), "weight")
        for model, kind, _ in (KINDS if entities else KINDS[:2])
    ]
    found: dict[int, Facets] = {pk: Facets() for pk in story_ids}
    if story_ids:
        rows = parts[0].union(*parts[1:], all=True)
        for story_id, kind, key, _weight in sorted(rows, key=lambda row: (-row[3], str(row[2]))):
            getattr(found[story_id], PLACES[kind]).append(str(key).strip())
    return found


@dataclass(frozen=True, slots=True)
class About:
    """What one story is about, with the names: a page of one story needs no list of all names."""

    countries: list[Named]
    topics: list[Named]
    entities: list[Named]

    @property
    def facets(self) -> Facets:
        """The keys alone."""
        return Facets(*([each.key for each in found] for found in (self.countries, self.topics, self.entities)))


def about(story_id: int) -> About:
    """Countries, topics and entities of one story, in one query."""
    parts = [
        model.objects.filter(story_id=story_id)
        .order_by()
        .values_list(Value(kind, TEXT), Cast(F(f"{kind}_id"), TEXT), f"{kind}__slug", f"{kind}__{told}", "weight")
        for model, kind, told in KINDS
    ]
    found: dict[str, list[Named]] = {kind: [] for _, kind, _ in KINDS}
    for named in ordered(parts[0].union(*parts[1:], all=True)):
        found[named.kind].append(named)
    return About(found["country"], found["topic"], found["entity"])


def ordered(rows: Iterable[tuple[str, str, str, dict[str, Any], float]]) -> Iterable[Named]:
    """Rows of (kind, key, slug, names, weight), the heaviest first."""
    for kind, key, slug, names, _weight in sorted(rows, key=lambda row: (-row[4], row[2])):
        yield Named(kind, key.strip(), slug, names)
