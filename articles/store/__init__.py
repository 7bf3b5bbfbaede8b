"""Stage 5: the only place where stage results become rows."""

from articles.store.articles import Matched, match_entries, save_entries
from articles.store.feeds import Ingested, Unchanged, save_deferred, save_failure, save_success, save_unchanged
from articles.store.tags import replace_tags

__all__ = [
    "Ingested",
    "Matched",
    "Unchanged",
    "match_entries",
    "replace_tags",
    "save_deferred",
    "save_entries",
    "save_failure",
    "save_success",
    "save_unchanged",
]
