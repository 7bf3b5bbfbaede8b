"""A small newsroom for the tests of feeds and API: reports and stories of three outlets of the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from articles.models import (
    Article,
    ArticleCountry,
    ArticleEntity,
    ArticleTopic,
    Entity,
    Source,
    Story,
    Topic,
)
from articles.store.search import index_stored
from articles.store.stories import refresh_stories

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


class Newsroom:
    """Rows made on demand, each a minute older than the one before.

    Outlets: vlast (independent, kz), kazinform (state, kz), tass (state, ru).
    """

    def __init__(self) -> None:
        self.made = 0
        Source.objects.filter(slug="tass").update(headline_only=False)

    def article(self, title: str, outlet: str = "vlast", **fields: Any) -> Article:
        """A report in English of Kazakhstan's energy, unless ``fields`` say otherwise."""
        self.made += 1
        source = Source.objects.get(slug=outlet)
        at = fields.pop("at", NOW - timedelta(minutes=self.made))
        countries: Sequence[str] = fields.pop("countries", ("KZ",))
        given: dict[str, Any] = {
            "source": source, "feed": source.feeds.order_by("pk").first(), "url": f"https://{outlet}.example/{self.made}",
            "url_key": f"{self.made}", "title": title, "summary": f"{title}. More of it.", "language": "en",
            "digest": "", "published_at": at, "fetched_at": NOW, "updated_at": NOW, "at": at,
        }  # fmt: skip
        article = Article.objects.create(**{**given, **fields})
        for code in countries:
            ArticleCountry.objects.create(article=article, country_id=code, score=2, why=["Astana"], at=at)
        energy = Topic.objects.get(slug="energy")
        ArticleTopic.objects.create(article=article, topic=energy, score=1.5, why=["gas"], at=at)
        rogun = Entity.objects.get(slug="rogun-dam")
        ArticleEntity.objects.create(article=article, entity=rogun, score=1, why=["Rogun"], at=at)
        index_stored([article.pk])
        return article

    def story(self, *articles: Article, now: datetime = NOW, **fields: Any) -> Story:
        """An event of these reports, with the facts that the store works out."""
        times = [article.at for article in articles]
        story = Story.objects.create(
            title=articles[0].title, first_at=min(times), last_at=max(times), side_added_at=NOW, **fields
        )
        self.add(story, *articles, now=now)
        story.refresh_from_db()
        return story

    def add(self, story: Story, *articles: Article, now: datetime = NOW) -> None:
        """Put more reports into the story."""
        Article.objects.filter(pk__in=[article.pk for article in articles]).update(story=story, grouped_at=now)
        refresh_stories([story.pk], now=now)
