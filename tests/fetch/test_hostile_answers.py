"""Every named answer of the hostile server comes to the outcome that its row says, and hurts no other feed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

import pytest

from articles.errors import IngestError
from articles.fetch.batch import fetch_many
from articles.fetch.settings import FetchSettings
from articles.records import FeedRequest, Response
from tests.hostile_server import FEED, ROWS, HostileServer, Row

SettingsFor = Callable[..., FetchSettings]
SHORT = 0.4  # seconds; only for answers that can end in no other way than at the deadline


def outcome_of(answer: Response | IngestError) -> str:
    if isinstance(answer, IngestError):
        return answer.outcome
    return "unchanged" if answer.unchanged else "ok"


def fetch_one(url: str, settings: FetchSettings, *, etag: str = "") -> Response | IngestError:
    [(_, answer)] = fetch_many([FeedRequest(1, url, etag=etag)], settings, None, wait=True)
    return answer


def test_there_are_more_than_eighty_answers_with_names_of_their_own() -> None:
    assert len({row.name for row in ROWS}) == len(ROWS) >= 80


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_hostile_answer_comes_to_its_outcome(
    row: Row, hostile_server: HostileServer, settings_for: SettingsFor
) -> None:
    settings = settings_for(hostile_server, deadline=SHORT) if row.slow else settings_for(hostile_server)
    answer = fetch_one(hostile_server.url(row.path), settings, etag=row.etag)

    assert outcome_of(answer) == row.outcome, answer
    if isinstance(answer, IngestError):
        assert answer.message
        assert answer.message.isprintable()
        assert answer.status == row.status
        assert answer.retry_after == timedelta(seconds=row.retry_after)
    else:
        assert answer.permanent_url == (hostile_server.url(row.moved) if row.moved else "")
    if row.outcome == "ok" and row.body is not None:
        assert isinstance(answer, Response)
        assert answer.body == row.body
        assert answer.body_hash == hashlib.sha256(row.body).hexdigest()

    good = fetch_one(hostile_server.url("/answers/good"), settings_for(hostile_server))
    assert isinstance(good, Response), good
    assert good.body == FEED


def test_good_feeds_among_all_hostile_ones_are_fetched(
    hostile_server: HostileServer, settings_for: SettingsFor
) -> None:
    paths = [path for row in ROWS for path in (row.path, "/answers/good")]
    requests = [FeedRequest(number, hostile_server.url(path)) for number, path in enumerate(paths)]
    answers = dict(fetch_many(requests, settings_for(hostile_server, deadline=6), None, wait=True))

    assert len(answers) == len(requests)
    for request, answer in answers.items():
        if request.feed_id % 2:
            assert isinstance(answer, Response), answer
            assert answer.body == FEED
