"""No page, feed or answer of the API makes a database read a table that grows from one end to the other."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from tests.servers import postgres
from tests.stack import Stack

pytestmark = pytest.mark.postgres
ARTICLES = 3_000
ASK = "from tests.publish.plan_cases import offences\nanswer = offences()"


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_every_question_is_answered_by_an_index(tmp_path: Path, database: str) -> None:
    with contextlib.ExitStack() as held:
        env = {"DATABASE_URL": held.enter_context(postgres())} if database == "postgres" else {}
        check(Stack(tmp_path, **env))


def check(stack: Stack) -> None:
    """Fill the set-up and look at every plan."""
    for command in (
        ("migrate", "--verbosity", "0"),
        ("load_catalogue", "--verbosity", "0"),
        ("grow", "--articles", str(ARTICLES)),
        ("collectstatic", "--no-input", "--verbosity", "0"),
    ):
        stack.manage(*command)
    counts = stack.ask(
        "answer = [Article.objects.count(), ArticleText.objects.count(), DailyCount.objects.count() > 0]"
    )
    assert counts == [ARTICLES, ARTICLES, True]
    assert stack.ask(ASK) == {}
