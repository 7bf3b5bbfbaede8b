"""A page names its querysets: how many it asks when nothing is kept, for each kind of page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles.models import Article, ArticleRevision, Story
from tests.publish.newsroom import Newsroom

pytestmark = pytest.mark.django_db
MOST = 8
LISTS = "?language=en&perspective=kz&owner=independent"
QUERIES = {
    "/": 8,
    "/?language=en": 8,
    "/countries/": 3,
    "/countries/kazakhstan/": 8,
    f"/countries/kazakhstan/{LISTS}": 8,
    "/countries/kazakhstan/?kind=articles": 7,
    "/countries/russia/": 6,
    "/topics/": 3,
    "/topics/energy/": 7,
    "/countries/kazakhstan/energy/": 6,
    "/entities/rogun-dam/": 8,
    "/sources/": 3,
    "/sources/vlast/": 8,
    "/search/?q=gas": 5,
    "/about/": 1,
    "/about/method/": 1,
    "/about/accuracy/": 1,
    "/privacy/": 1,
    "/contact/": 1,
    "/corrections/": 2,
    "/status/": 3,
}


@pytest.fixture
def story(newsroom: Newsroom) -> Story:
    """A story with an edit, a copy, an earlier one, a related one, and neighbours in its lists."""
    now = timezone.now()

    def report(title: str, outlet: str = "vlast", *, hours: int) -> Article:
        return newsroom.article(title, outlet, at=now - timedelta(hours=hours), fetched_at=now)

    outlets = ("vlast", "kazinform", "tass")
    told = [report(f"Gas pipeline opens, report {n}", outlet, hours=5 - n) for n, outlet in enumerate(outlets)]
    ArticleRevision.objects.create(article=told[0], seen_at=now, title="Gas pipeline closes near Aktobe")
    told[2].copy_of = told[1]
    told[2].save(update_fields=["copy_of"])
    earlier = newsroom.story(report("Gas pipeline planned", hours=48))
    newsroom.story(report("Rogun dam grows", hours=9))
    return newsroom.story(*told, earlier=earlier)


@pytest.mark.parametrize("address", QUERIES)
def test_no_page_asks_more_than_it_names(
    client: Client, story: Story, django_assert_num_queries: DjangoAssertNumQueries, address: str
) -> None:
    cache.clear()
    with django_assert_num_queries(QUERIES[address]):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("query", ["", "?in=countries/kazakhstan&order=side", "?in=topics/energy&language=en+ru"])
def test_a_story_asks_seven_times(
    client: Client, story: Story, django_assert_num_queries: DjangoAssertNumQueries, query: str
) -> None:
    cache.clear()
    with django_assert_num_queries(7):
        assert client.get(f"{story.get_absolute_url()}{query}").status_code == 200


def test_the_record_of_a_report_asks_seven_times(
    client: Client, story: Story, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cache.clear()
    with django_assert_num_queries(7):
        assert client.get(f"/articles/{story.lead_id}/").status_code == 200


def test_no_kind_of_page_asks_more_than_eight_times() -> None:
    assert max(QUERIES.values()) <= MOST
