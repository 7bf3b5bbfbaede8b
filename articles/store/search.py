"""What the search index knows of a report: its words, and marks for whatever lists are narrowed by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from articles.finding import words_of
from articles.models import Article, ArticleCountry, ArticleEntity, ArticleText, ArticleTopic
from articles.models.article import BEFORE_ALL, place_of

TEXT_CHARS = 4_000  # of title and summary that are found
STEP = 200  # rows in one statement
DAYS = {"qd": 0, "qg": 3, "qb": 6, "qa": 9}  # marks of a day and of the 8, 64 and 512 days that it is one of, as bits
Tagged = Mapping[int, Sequence[str]]


def country_mark(code: str) -> str:
    return f"qc{code.lower()}"


def topic_mark(pk: int) -> str:
    return f"qt{pk}"


def entity_mark(pk: int) -> str:
    return f"qe{pk}"


def outlet_mark(pk: int) -> str:
    return f"qs{pk}"


def language_mark(code: str) -> str:
    return "ql" + "".join(char for char in code.lower() if char.isascii() and char.isalnum())


def day_number(at: datetime) -> int:
    """Days in UTC since the beginning of places."""
    return max((at - BEFORE_ALL).days, 0)


def index_articles(articles: Sequence[Article], tags: Tagged) -> None:
    """Write what is found of these articles; ``tags``: marks of countries, topics and entities by article id."""
    rows = [
        ArticleText(
            article=article,
            tokens=tokens_of(article.title, article.summary, marks_of(article, tags.get(article.pk, ()))),
            place=place_of(article.at, article.pk),
        )
        for article in articles
    ]
    ArticleText.objects.bulk_create(
        rows, batch_size=STEP, update_conflicts=True, unique_fields=["article"], update_fields=["tokens", "place"]
    )


def tokens_of(title: str, summary: str, marks: Iterable[str]) -> str:
    """The column of tokens: words in their order, then marks."""
    return " ".join([*words_of(f"{title} {summary}"[:TEXT_CHARS]), *marks])


def marks_of(article: Article, tags: Iterable[str]) -> list[str]:
    """Outlet, language, day and tags."""
    day = day_number(article.at)
    days = [f"{name}{day >> bits}" for name, bits in DAYS.items()]
    language = [language_mark(article.language)] if article.language else []
    return [outlet_mark(article.source_id), *language, *days, *tags]


def index_stored(ids: Sequence[int]) -> int:
    """Index these articles again from what is stored; return how many there were."""
    found: dict[int, list[str]] = defaultdict(list)
    for pk, code in ArticleCountry.objects.filter(article_id__in=ids).values_list("article_id", "country_id"):
        found[pk].append(country_mark(code))
    for pk, topic in ArticleTopic.objects.filter(article_id__in=ids).values_list("article_id", "topic_id"):
        found[pk].append(topic_mark(topic))
    for pk, entity in ArticleEntity.objects.filter(article_id__in=ids).values_list("article_id", "entity_id"):
        found[pk].append(entity_mark(entity))
    articles = list(Article.objects.filter(pk__in=ids))
    index_articles(articles, found)
    return len(articles)


def index_missing(*, limit: int = 5_000) -> int:
    """Index reports of an older database that are in no index yet, in small steps; return how many there were."""
    done = 0
    while done < limit:
        ids = list(
            ArticleText.objects.filter(place__isnull=True).order_by("article_id").values_list("pk", flat=True)[:STEP]
        )
        if not ids:
            break
        done += index_stored(ids)
    return done
