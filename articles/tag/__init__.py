"""Stage 4: entry → language, countries, topics, entities."""

from articles.tag.tagger import tag_entry

__all__ = ["tag_entry"]
