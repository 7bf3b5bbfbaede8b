"""Which articles hold the words of a query: folded as the store folds them, so that scripts meet."""

from __future__ import annotations

from articles.folding import skeleton
from articles.models import Article
from articles.models.article import ArticleQuerySet

MAX_CHARS = 500  # of a query that are read
MAX_WORDS = 12


def matching(query: str) -> ArticleQuerySet:
    """Articles whose title and summary hold every word; none when the query holds no word."""
    words = list(dict.fromkeys(skeleton(query[:MAX_CHARS]).split()))[:MAX_WORDS]
    if not words:
        return Article.objects.none()
    found = Article.objects.all()
    for word in words:
        found = found.filter(body__tokens__contains=word)
    return found
