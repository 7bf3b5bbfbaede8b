"""The list pages stay within twelve queries, and none counts or scans a table that grows."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import FetchEvent
from tests.desk.people import person, signed_in
from tests.publish.newsroom import Newsroom

LISTS = (
    "article", "story", "source", "feed", "fetchevent", "term", "topic", "entity", "country", "decision", "job",
    "suggestion", "offer",
)  # fmt: skip
GROWING = "articles_(?:article|story|fetchevent|decision|articletext|feeditem|articlecountry|articletopic)"


@pytest.mark.parametrize("name", LISTS)
def test_a_list_takes_twelve_queries_at_most_and_counts_nothing_that_grows(
    newsroom: Newsroom, django_assert_max_num_queries: Any, name: str
) -> None:
    for number in range(60):
        newsroom.story(newsroom.article(f"Report {number}", at=timezone.now(), fetched_at=timezone.now()))
    feed = newsroom.article("x").feed
    FetchEvent.objects.bulk_create(FetchEvent(feed=feed, at=timezone.now(), outcome="ok") for _ in range(60))
    client = signed_in(person("administrator"))
    client.get("/admin/articles/topic/")  # the session is loaded once
    with (
        CaptureQueriesContext(
            connection,
        ) as queries,
        django_assert_max_num_queries(12),
    ):
        assert client.get(f"/admin/articles/{name}/").status_code == 200
    for query in queries:
        assert not re.search(rf'SELECT COUNT\(.*\) AS "\w+" FROM "{GROWING}"(?! LIMIT)', query["sql"]), query["sql"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's plans")
@pytest.mark.parametrize(
    "path", ["article/?period=365", "article/", "story/", "story/?state=hidden", "story/?state=locked", "fetchevent/"]
)
def test_a_list_of_what_grows_is_read_through_an_index(newsroom: Newsroom, path: str) -> None:
    client = signed_in(person("administrator"))
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/admin/articles/{path}")
    plain = [q["sql"] for q in queries if re.search(r'FROM "articles_(article|story|fetchevent)"', q["sql"])]
    with connection.cursor() as cursor:
        for sql in plain:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql.replace('%', '%%')}")
            plan = " / ".join(str(row[-1]) for row in cursor.fetchall())
            assert not re.search(r"SCAN articles_(article|story|fetchevent)(?! USING (?:COVERING )?INDEX)", plan), (
                sql,
                plan,
            )
            assert "USE TEMP B-TREE FOR ORDER BY" not in plan, sql
