"""A grouper that is killed at any moment loses nothing: real processes, SIGKILL, both databases."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stack import Stack

NEWS = """
from datetime import UTC, datetime, timedelta
from tests.benchmarks.group import reports
source, _ = Source.objects.get_or_create(slug="one", defaults={"name": "One"})
start = datetime(2026, 11, 1, tzinfo=UTC)
rows = [
    Article(source=source, title=r.title, summary=r.text, language=r.language, digest=str(r.id), at=r.at,
            fetched_at=start + timedelta(days=9), updated_at=r.at)
    for r in reports(400, start=start, span=timedelta(days=3), seed=5)
]
answer = len(Article.objects.bulk_create(rows))
"""
GROUP = """
import os, signal
from datetime import timedelta
from django.db import connection
from articles import grouping
grouping.HELD = timedelta(seconds=1)
left = {statements}
def count(execute, sql, params, many, context):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, params, many, context)
globals()["left"] = left
with connection.execute_wrapper(count):
    grouping.group_new(wait=True)
"""
STORIES = """
from articles.regrouping import regroup
def stories():
    found = {}
    for pk, story in Article.objects.values_list("pk", "story"):
        found.setdefault(story, []).append(pk)
    return sorted(sorted(members) for members in found.values())
before = stories()
facts = sorted(Story.objects.published().values_list("pk", "article_count"))
regroup()
empty = Story.objects.filter(articles=None, merged_into=None).count()
same = sorted(Story.objects.published().values_list("pk", "article_count"))
answer = [Article.objects.filter(story=None).count(), before == stories(), facts == same, empty, len(before)]
"""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def stack(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stack]:
    env = {"DATABASE_URL": request.getfixturevalue("postgres_url")} if request.param == "postgres" else {}
    found = Stack(tmp_path, **env)
    found.manage("migrate", "--verbosity", "0")
    if env:
        found.manage("flush", "--noinput", "--verbosity", "0")
    yield found
    found.end()


def test_a_grouper_killed_at_any_moment_loses_nothing(stack: Stack) -> None:
    assert stack.ask(NEWS) == 400
    settings = {"DJANGO_SETTINGS_MODULE": "aggregator.settings"}
    for statements in (12, 27, 41):
        process = stack.start("django", "shell", "-c", GROUP.format(statements=statements), **settings)
        assert process.wait(60) == -signal.SIGKILL, stack.logs()
    process = stack.start("django", "shell", "-c", GROUP.format(statements=0), **settings)
    assert process.wait(60) == 0, stack.logs()
    *figures, stories = stack.ask(STORIES)
    assert figures == [0, True, True, 0]
    assert stories < 400
