"""What the queue may do to us: lose messages, bring them twice, late, or for rows that are gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from aggregator.celery import app
from articles import pipeline, tasks
from articles.models import Article, Feed, Source, Story
from tests.feed_server import FeedServer
from tests.test_fetch_command import rss

pytestmark = pytest.mark.django_db


@pytest.fixture
def feed(settings: Any) -> Iterator[Feed]:
    """A due feed of two reports; messages are run where they are sent."""
    Feed.objects.all().delete()
    app.conf.task_always_eager = True
    with FeedServer() as server:
        settings.FETCH_ALLOW_NETWORKS = [f"127.0.0.1/32:{server.port}"]
        pipeline.fetch_settings.cache_clear()
        source = Source.objects.create(slug="paper", name="Paper", owner="paper")
        url = server.put("/feed", rss("Tashkent opens a bridge", "Dushanbe counts bees"))
        yield source.feeds.create(url=url, all_relevant=True)
    app.conf.task_always_eager = False
    pipeline.fetch_settings.cache_clear()


def test_polling_fetches_and_groups_what_is_due(feed: Feed) -> None:
    assert tasks.poll_due_feeds() == 1
    assert Article.objects.count() == 2
    assert Story.objects.count() == 2
    assert tasks.poll_due_feeds() == 0


def test_a_message_that_comes_twice_fetches_once(feed: Feed) -> None:
    tasks.fetch_feeds([feed.pk])
    tasks.fetch_feeds([feed.pk])
    assert feed.events.count() == 1


def test_a_message_for_a_feed_that_is_gone_does_nothing(feed: Feed) -> None:
    pk = feed.pk
    feed.delete()
    tasks.fetch_feeds([pk])
    assert not Article.objects.exists()


def test_a_worker_that_died_with_a_lease_holds_a_feed_for_a_while_only(feed: Feed) -> None:
    now = timezone.now()
    assert [leased.pk for leased in Feed.objects.lease([feed.pk], now=now)] == [feed.pk]
    tasks.fetch_feeds([feed.pk])
    assert feed.events.count() == 0
    Feed.objects.filter(pk=feed.pk).update(leased_until=now - timedelta(seconds=1))
    assert tasks.poll_due_feeds() == 1
    assert Article.objects.count() == 2


def test_a_lost_message_of_the_grouper_loses_nothing(feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.group_articles, "delay", lambda: None)
    tasks.poll_due_feeds()
    assert Article.objects.ungrouped().count() == 2
    tasks.group_articles()
    assert not Article.objects.ungrouped().exists()


def test_beat_asks_for_everything_that_the_database_may_hold(feed: Feed) -> None:
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert {"articles.tasks.poll_due_feeds", "articles.tasks.group_articles"} <= scheduled
    assert all(name in app.tasks for name in scheduled)


def test_messages_are_json_only() -> None:
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_serializer == "json"
