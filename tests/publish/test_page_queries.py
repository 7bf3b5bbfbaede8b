"""A page names its querysets: how many it asks when nothing is kept, for each kind of page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles.models import Article, ArticleRevision, Story
from tests.publish.newsroom import Newsroom

pytestmark = pytest.mark.django_db
MOST = 8
WINDOWS = "articles_articletext"  # PostgreSQL is asked window by window, in which days are marked
LISTS = "?language=en&perspective=kz&owner=independent"
QUERIES = {
    "/": 8,
    "/?language=en": 8,
    "/countries/": 3,
    "/countries/kazakhstan/": 8,
    f"/countries/kazakhstan/{LISTS}": 6,
    "/countries/kazakhstan/?kind=articles": 7,
    "/countries/russia/": 6,
    "/topics/": 3,
    "/topics/energy/": 7,
    "/countries/kazakhstan/energy/": 6,
    "/entities/rogun-dam/": 8,
    "/countries/kazakhstan/?language=en": 5,
    f"/topics/energy/{LISTS}": 7,
    "/entities/rogun-dam/?language=en": 7,
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
def test_no_page_asks_more_than_it_names(client: Client, story: Story, address: str) -> None:
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    asked = [
        query["sql"] for query in captured if query["sql"].lstrip("(").startswith("SELECT")
    ]  # not what a session is set to
    searching = connection.vendor == "postgresql" and any(WINDOWS in sql for sql in asked)
    found = [sql for sql in asked if not (searching and WINDOWS in sql)] + ["the windows of a search"] * searching
    assert len(found) == QUERIES[address], found


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
