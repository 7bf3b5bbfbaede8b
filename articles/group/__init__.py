"""Stage 6: articles to stories. One event is one story, whatever the outlet, the language and the script."""

from articles.group.batch import final, group_all
from articles.group.cluster import Grouper
from articles.group.embedding import Embedder, load_embedder
from articles.group.settings import Assignment, Constraints, GroupSettings, Merge

__all__ = [
    "Assignment",
    "Constraints",
    "Embedder",
    "GroupSettings",
    "Grouper",
    "Merge",
    "final",
    "group_all",
    "load_embedder",
]
