"""SQLite and PostgreSQL find the same, in the same order, also after reports were edited and deleted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.servers import empty_database
from tests.stack import Stack

pytestmark = pytest.mark.postgres
ASK = """
from tests.publish import search_cases
search_cases.fill()
before = search_cases.answers()
search_cases.change()
answer = [before, search_cases.answers()]
"""


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory, postgres_url: str) -> dict[str, list[dict[str, Any]]]:
    found = {}
    own = empty_database(postgres_url, "search")
    for name, env in (("sqlite", {}), ("postgres", {"DATABASE_URL": own})):
        stack = Stack(tmp_path_factory.mktemp(name), **env)
        stack.manage("migrate", "--verbosity", "0")
        found[name] = stack.ask(ASK)
    return found


def test_both_databases_give_the_same_answers(answered: dict[str, list[dict[str, Any]]]) -> None:
    for sqlite, postgres in zip(answered["sqlite"], answered["postgres"], strict=True):
        assert sqlite == postgres


def test_every_answer_is_a_list_or_a_sentence_in_time(answered: dict[str, list[dict[str, Any]]]) -> None:
    for name, told in answered["sqlite"][0].items():
        assert told != "slow", name
        assert isinstance(told, list) or told.startswith("Search: "), (name, told)


def test_names_meet_across_scripts_and_endings(answered: dict[str, list[dict[str, Any]]]) -> None:
    before, after = answered["sqlite"]
    found = {pk for page in before["articles 'Tokayev'"] for pk in page}
    assert {0, 1, 2, 3, 4, 5, 16, 17} <= found
    assert before["articles 'Tokayev'"] == before["articles 'Токаев'"] == before["articles 'Тоқаев'"]
    assert {7} <= {pk for page in before["articles '中国'"] for pk in page}
    left = {pk for page in after["articles 'Tokayev'"] for pk in page}
    assert not {1, 2, 3} & left
    assert left
    assert (before["articles 'Rahmon'"], after["articles 'Rahmon'"]) == ([[]], [[0]])


def test_no_story_stands_on_two_pages(answered: dict[str, list[dict[str, Any]]]) -> None:
    for name, told in answered["sqlite"][0].items():
        if isinstance(told, list):
            rows = [pk for page in told for pk in page]
            assert len(rows) == len(set(rows)), name
