"""A follow-up leads to the story that it follows, and stays a story of its own."""

from __future__ import annotations

import pytest

from articles.grouping import group_new
from articles.models import Article, ArticleEntity, Entity, Story
from articles.regrouping import regroup
from tests.stories.conftest import MakeArticle

DAY = 24 * 60


@pytest.fixture
def tell(make_article: MakeArticle) -> MakeArticle:
    def make(title: str, *, entity: str = "rogun-dam", **fields: object) -> Article:
        article = make_article(title, **fields)
        ArticleEntity.objects.create(article=article, entity=Entity.objects.get(slug=entity), score=1, at=article.at)
        return article

    return make


def story(article: Article) -> Story:
    return Story.objects.get(articles=article)


@pytest.fixture
def follow_up(tell: MakeArticle) -> tuple[Article, Article]:
    first = tell("Tajikistan and World Bank sign loan of 350 million dollars for Rogun dam", minutes=-20 * DAY)
    tell("World Bank lends Tajikistan 350 million dollars for Rogun dam", minutes=-20 * DAY + 60)
    tell("Rogun dam workers vote for a new trade union leader", minutes=-9 * DAY)
    tell("Trade union leader elected by the Rogun dam workers", minutes=-9 * DAY + 30)
    second = tell("Tajikistan receives World Bank loan of 350 million dollars for Rogun dam", minutes=0)
    tell("World Bank loan of 350 million dollars for Rogun dam reaches Tajikistan", minutes=30)
    return first, second


def test_a_follow_up_is_linked_to_the_story_that_it_follows_and_not_merged(follow_up: tuple[Article, Article]) -> None:
    group_new()
    first, second = map(story, follow_up)
    assert first != second
    assert second.earlier == first
    assert first.earlier is None


def test_regroup_finds_the_same_links(follow_up: tuple[Article, Article]) -> None:
    group_new()
    Story.objects.update(earlier=None)
    regroup()
    first, second = map(story, follow_up)
    assert second.earlier == first
    assert Story.objects.exclude(earlier=None).count() == 1


def test_a_story_of_another_matter_at_the_same_place_is_no_earlier_one(tell: MakeArticle) -> None:
    tell("Rogun dam workers vote for a new trade union leader", minutes=-9 * DAY)
    tell("Trade union leader elected by the Rogun dam workers", minutes=-9 * DAY + 30)
    tell("World Bank lends Tajikistan 350 million dollars for Rogun dam")
    second = tell("Tajikistan gets 350 million dollars of World Bank for Rogun dam")
    group_new()
    assert story(second).earlier is None
