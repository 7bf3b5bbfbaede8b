"""Figures by day are what counting would say, whatever happened to the reports, and days keep their order."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone

from articles.models import (
    Article,
    ArticleCountry,
    ArticleEntity,
    ArticleTopic,
    ChangedDay,
    DailyCount,
    Source,
    StoryDay,
    Topic,
)
from articles.publish import volumes
from articles.rank.score import HOURS_PER_POINT
from articles.records import Tag, Tags
from articles.store import statistics
from articles.store.stories import refresh_stories
from articles.store.tags import TagRows, replace_tags
from tests.publish.newsroom import NOW, Newsroom

TODAY = date(2026, 11, 25)  # of NOW in Asia/Almaty
NONE = timedelta()
ROWS = TagRows(frozenset({"KZ", "UZ"}), {}, {})


@pytest.fixture
def newsroom(db: None) -> Newsroom:
    return Newsroom()


def counted() -> dict[tuple[str, str, date], int]:
    """Articles by kind, key and day, counted in the tables themselves."""
    shown = Article.objects.published()
    found: dict[tuple[str, str, date], int] = {}

    def add(kind: str, key: str, rows: Any) -> None:
        days = rows.order_by().annotate(day=TruncDate("at")).values_list("day", *([key] if key else []))
        for day, *rest in days.annotate(n=Count("pk")):
            *name, n = rest
            found[kind, str(name[0]) if name else "", day] = n

    add("all", "", shown)
    add("source", "source_id", shown)
    add("country", "country_id", ArticleCountry.objects.filter(article__in=shown))
    add("topic", "topic_id", ArticleTopic.objects.filter(article__in=shown))
    add("entity", "entity_id", ArticleEntity.objects.filter(article__in=shown))
    return found


def kept() -> dict[tuple[str, str, date], int]:
    rows = DailyCount.objects.values_list("kind", "key", "day", "articles")
    return {(kind, key, day): n for kind, key, day, n in rows if n}


def agree() -> None:
    statistics.catch_up(now=timezone.now(), settle=NONE)
    assert kept() == counted()
    assert not ChangedDay.objects.exists()


def test_rows_follow_grouping_retagging_hiding_and_deleting(newsroom: Newsroom) -> None:
    reports = [
        newsroom.article(f"Report {n}", outlet, at=NOW - timedelta(hours=7 * n))
        for n, outlet in enumerate(["vlast", "kazinform", "tass", "vlast", "tass"])
    ]
    story = newsroom.story(*reports[:3])
    newsroom.story(*reports[3:])
    agree()
    assert kept()["all", "", TODAY] == 3  # at 14:00, 07:00 and 00:00 in Almaty
    replace_tags([reports[0]], {reports[0].pk: Tags("en", countries=(Tag("UZ", 1.0, ("Tashkent",)),))}, ROWS)
    agree()
    assert kept()["country", "UZ", TODAY] == 1
    Article.objects.filter(pk=reports[1].pk).update(hidden=True)
    refresh_stories([story.pk], now=NOW)
    agree()
    Article.objects.get(pk=reports[3].pk).delete()
    agree()
    tass = Source.objects.get(slug="tass")
    Source.objects.filter(pk=tass.pk).update(hidden=True)
    statistics.mark_outlets([tass.pk], now=NOW)
    agree()
    assert not [key for key in kept() if key[:2] == ("source", str(tass.pk))]


def test_a_row_tells_stories_languages_sides_and_outlets_of_states(newsroom: Newsroom) -> None:
    newsroom.story(newsroom.article("A"), newsroom.article("Б", "tass", language="ru"))
    newsroom.story(newsroom.article("C", "kazinform", language="kk"))
    statistics.catch_up(now=NOW)
    row = DailyCount.objects.get(kind="country", key="KZ")
    assert (row.day, row.articles, row.steered, row.stories) == (TODAY, 3, 2, 2)
    assert row.languages == {"en": 1, "ru": 1, "kk": 1}
    assert row.sides == {"kz": 2, "ru": 1}


def test_a_chart_shows_what_the_rows_say(newsroom: Newsroom) -> None:
    now = timezone.now()
    newsroom.story(newsroom.article("A", at=now, fetched_at=now), newsroom.article("B", "tass", at=now, fetched_at=now))
    statistics.catch_up(now=now)
    days = volumes.by_day("topic", Topic.objects.get(slug="energy").pk)
    assert (len(days), days[-1].state, days[-1].others) == (volumes.DAYS, 1, 1)
    assert volumes.of_the_five()["KZ"][-1] == 2


def test_today_is_counted_at_once_and_older_days_when_they_have_settled(newsroom: Newsroom) -> None:
    newsroom.article("A", at=NOW - timedelta(days=3))
    statistics.mark_days([NOW, NOW - timedelta(days=3)], now=NOW)
    assert statistics.catch_up(now=NOW) == 2, "a day that was never counted does not wait"
    statistics.mark_days([NOW, NOW - timedelta(days=3)], now=NOW)
    assert statistics.catch_up(now=NOW) == 1
    assert list(ChangedDay.objects.values_list("day", flat=True)) == [TODAY - timedelta(days=3)]
    assert statistics.catch_up(now=NOW + statistics.SETTLE) == 1


def test_a_day_keeps_the_order_that_its_stories_had_at_its_end(newsroom: Newsroom) -> None:
    noon = datetime(2026, 11, 20, 7, tzinfo=UTC)
    first = newsroom.article("First", at=noon)
    large = newsroom.story(first, newsroom.article("Second", "tass", at=noon))
    small = newsroom.story(newsroom.article("Alone", at=noon + timedelta(minutes=5)))
    later = [newsroom.article(f"Later {n}", outlet, at=noon + timedelta(days=1)) for n, outlet in
             enumerate(["kazinform", "tass", "vlast"])]  # fmt: skip
    newsroom.add(small, *later)  # the next day it overtakes the other, and that day must not change
    statistics.catch_up(now=NOW, settle=NONE)
    days = {
        day: list(StoryDay.objects.filter(day=day).order_by("place").values_list("story_id", "articles"))
        for day in (date(2026, 11, 20), date(2026, 11, 21))
    }
    assert days == {date(2026, 11, 20): [(large.pk, 2), (small.pk, 1)], date(2026, 11, 21): [(small.pk, 3)]}
    then = StoryDay.objects.get(day=date(2026, 11, 20), story=small)
    small.refresh_from_db()
    assert small.rank - then.rank > 24 / HOURS_PER_POINT
    large.hidden = True
    large.save()
    statistics.mark_days([noon], now=NOW)
    statistics.catch_up(now=NOW, settle=NONE)
    assert list(StoryDay.objects.filter(day=date(2026, 11, 20)).values_list("story_id", "place")) == [(small.pk, 1)]
