"""Reports and stories as rows, made on demand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from articles.models import Article, ArticleCountry, Source, Story
from articles.store.stories import refresh_stories

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
OUTLETS = ("vlast", "kazinform", "tass", "asia-plus", "gazeta-uz", "24kg")

MakeArticle = Callable[..., Article]
MakeStory = Callable[..., Story]


@pytest.fixture
def make_article(db: None) -> MakeArticle:
    """A report of one outlet after the other, each a minute younger."""
    made: list[Article] = []

    def make(
        title: str, *, minutes: float | None = None, countries: tuple[str, ...] = ("TJ",), **fields: Any
    ) -> Article:
        number = len(made)
        outlet = fields.pop("outlet", OUTLETS[number % len(OUTLETS)])
        at = NOW - timedelta(hours=5) + timedelta(minutes=number if minutes is None else minutes)
        given: dict[str, Any] = {
            "source": Source.objects.get(slug=outlet), "url": f"https://{outlet}.example/{number}", "title": title,
            "language": "en", "digest": "", "published_at": at, "fetched_at": NOW, "updated_at": NOW, "at": at,
        }  # fmt: skip
        article = Article.objects.create(**{**given, **fields})
        for code in countries:
            ArticleCountry.objects.create(article=article, country_id=code, score=2, why=["name"], at=at)
        made.append(article)
        return article

    return make


@pytest.fixture
def make_story(db: None) -> MakeStory:
    """A story of these reports, as the grouper would leave it."""

    def make(*articles: Article) -> Story:
        first, last = articles[0], articles[-1]
        story = Story.objects.create(title=first.title, first_at=first.at, last_at=last.at, side_added_at=NOW)
        Article.objects.filter(pk__in=[article.pk for article in articles]).update(story=story, grouped_at=NOW)
        refresh_stories([story.pk], now=NOW)
        story.refresh_from_db()
        return story

    return make
