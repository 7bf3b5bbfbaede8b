"""People, places and bodies that the words of a search may mean, by their names in any script."""

from __future__ import annotations

from articles.finding import MAX_CHARS, words_of
from articles.models import Entity, EntityName

MOST = 3
WORDS = 8  # of the search that are tried
LONGEST = 5  # words of a name


def meant(text: str) -> list[Entity]:
    """Entities with a name that stands in the search, longer names first; one query."""
    words = words_of(text[:MAX_CHARS])[:WORDS]
    spans = {
        " ".join(words[start : start + size])
        for size in range(1, LONGEST + 1)
        for start in range(len(words) - size + 1)
    }
    if not spans:
        return []
    found = EntityName.objects.filter(words__in=spans).select_related("entity").order_by("entity_id")
    longest = sorted(found[:40], key=lambda name: -len(name.words))
    return list({name.entity_id: name.entity for name in longest}.values())[:MOST]
