"""Finding rows by words, numbers or addresses, through indexes alone."""

from __future__ import annotations

import re

from articles.models import Article, Story
from articles.publish.search import found_ids

MOST = 300  # reports that a search reads
ADDRESS = re.compile(r"(?:^|/)(stories|articles)/(\d{1,15})(?:/|$)")


def number_in(query: str, kind: str) -> int | None:
    """The id in "123" or in an address of this kind ("stories", "articles")."""
    if query.isdecimal() and len(query) < 16:
        return int(query)
    match = ADDRESS.search(query)
    return int(match[2]) if match and match[1] == kind else None


def find_article_ids(query: str) -> list[int]:
    """Reports that hold the words, newest first, at most MOST; a number or address finds its report."""
    number = number_in(query, "articles")
    if number is not None:
        return [number]
    return found_ids(query, most=MOST)


def find_story_ids(query: str) -> list[int]:
    """Stories with a report that holds the words, newest report first; a number or address finds its story."""
    number = number_in(query, "stories")
    if number is not None:
        return [number]
    found = Article.objects.filter(pk__in=find_article_ids(query), story__isnull=False).order_by("-at", "-pk")
    return list(dict.fromkeys(pk for pk in found.values_list("story_id", flat=True) if pk))


def find_stories(query: str) -> list[Story]:
    """The same as rows, those that stand."""
    ids = find_story_ids(query)
    found = Story.objects.filter(merged_into__isnull=True, article_count__gt=0).in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]
