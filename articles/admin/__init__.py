"""The editors' desk: every model, registered for the work that is done on it."""

from articles.admin import articles, decisions, feeds, jobs, lexicon, offers, sources, stories

__all__ = ["articles", "decisions", "feeds", "jobs", "lexicon", "offers", "sources", "stories"]
