"""Every list as Atom, RSS 2.0 and JSON Feed 1.1: one entry for each event, or for each article."""

from articles.publish.feeds.views import (
    FORMATS,
    archive,
    country,
    country_topic,
    entity,
    front,
    search,
    source,
    topic,
)

__all__ = ["FORMATS", "archive", "country", "country_topic", "entity", "front", "search", "source", "topic"]
