"""Stored articles as the grouper reads them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from articles.models import Article, ArticleCountry, ArticleEntity, ArticleTopic
from articles.records import Report

TEXT_CHARS = 1500  # of summary and body that the grouper reads
STEP = 1000  # articles in memory at once


def each_report(articles: QuerySet[Article]) -> Iterable[tuple[Report, Article]]:
    """Articles with their records, in the order of the query, in steps so that memory stays flat."""
    step: list[Article] = []
    for article in articles.select_related("source", "body").iterator(chunk_size=STEP):
        step.append(article)
        if len(step) == STEP:
            yield from make_reports(step)
            step = []
    yield from make_reports(step)


def make_reports(articles: Sequence[Article]) -> list[tuple[Report, Article]]:
    """Records for the grouper; three queries for the tags of all."""
    ids = [article.pk for article in articles]
    tags: list[dict[int, list[str]]] = []
    for rows in (
        ArticleCountry.objects.filter(article_id__in=ids).values_list("article_id", "country_id"),
        ArticleTopic.objects.filter(article_id__in=ids).values_list("article_id", "topic__slug"),
        ArticleEntity.objects.filter(article_id__in=ids).values_list("article_id", "entity__slug"),
    ):
        found: dict[int, list[str]] = {}
        for article_id, key in rows.order_by("article_id", "-score", "pk"):
            found.setdefault(article_id, []).append(key)
        tags.append(found)
    return [(_report(article, *(tuple(found.get(article.pk, ())) for found in tags)), article) for article in articles]


def _report(article: Article, countries: tuple[str, ...], topics: tuple[str, ...], entities: tuple[str, ...]) -> Report:
    body = getattr(article, "body", None)
    text = article.summary
    if body and len(text) < TEXT_CHARS:
        text = f"{text}\n{body.text}"
    return Report(
        id=article.pk,
        title=article.title,
        text=text[:TEXT_CHARS].strip(),
        language=article.language,
        at=article.at,
        source=article.source.slug,
        owner=article.source.owner,
        countries=countries,
        topics=topics,
        entities=entities,
    )
