"""What has served its term goes, in small steps, and what readers see stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from articles import retention
from articles.models import ArticleRevision, ArticleText, Feed, FetchEvent
from tests.publish.newsroom import Newsroom

NOW = timezone.now()


@pytest.fixture
def newsroom(db: None) -> Newsroom:
    return Newsroom()


def test_what_is_old_goes_and_the_rest_stays(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "STEP", 2)
    feed = Feed.objects.order_by("pk")[0]
    articles = [newsroom.article(f"Report {n}") for n in range(5)]
    for number, article in enumerate(articles):
        body = ArticleText.objects.filter(article=article)
        body.update(text="a long text", kept_until=NOW + timedelta(days=1 if number == 4 else -1))
        for days in (1, 4 * 365):
            ArticleRevision.objects.create(article=article, seen_at=NOW - timedelta(days=days), title=f"{days}")
            FetchEvent.objects.create(feed=feed, at=NOW - timedelta(days=days), outcome="ok")
    pauses: list[float] = []
    assert retention.run(now=NOW, rest=pauses.append) == 4 + 5 + 5
    assert len(pauses) == 2 + 3 + 3
    assert [body.text for body in ArticleText.objects.order_by("pk")] == ["", "", "", "", "a long text"]
    assert all(body.tokens for body in ArticleText.objects.all())
    assert {revision.title for revision in ArticleRevision.objects.all()} == {"1"}
    assert FetchEvent.objects.count() == 5
    assert retention.run(now=NOW, rest=pauses.append) == 0
