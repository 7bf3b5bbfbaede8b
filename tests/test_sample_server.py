"""The sample edition is served as real outlets serve, and moves: it grows, corrects itself, breaks and heals."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import feedparser
import pytest

from articles.sample.edition import load_edition
from articles.sample.records import Edition
from articles.sample.render import document_at, documents_at
from articles.sample.server import BREAK_CYCLE, serve

START = datetime(2026, 11, 25, 12, tzinfo=UTC)


class Clock:
    """A time that the test sets."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def at_minute(self, minute: float) -> None:
        self.now = START + timedelta(minutes=minute)


@pytest.fixture(scope="module")
def edition() -> Edition:
    return load_edition()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def address(edition: Edition, clock: Clock) -> Iterator[str]:
    server, base_url = serve(edition=edition, started_at=START, clock=clock)
    yield base_url
    server.shutdown()
    server.server_close()


def ask(address: str, path: str, method: str = "GET", **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=10)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


def titles(edition: Edition, now: datetime) -> dict[str, list[str]]:
    """Titles of every feed as a feed reader sees them."""
    found = {}
    for feed in edition.feeds.values():
        document = document_at(edition, feed, now=now, started_at=START)
        if feed.format == "json":
            found[feed.slug] = [item["title"] for item in json.loads(document.body)["items"]]
        else:
            parsed = feedparser.parse(document.body, response_headers={"content-type": document.content_type})
            assert not parsed.bozo, feed.slug
            found[feed.slug] = [entry.title for entry in parsed.entries]
    return found


def test_a_feed_reader_reads_every_document_whole(edition: Edition) -> None:
    wanted: dict[str, set[str]] = {slug: set() for slug in edition.feeds}
    for report in edition.reports:
        if report.offset <= timedelta():
            wanted[report.feed].add(report.title)
    found = titles(edition, START)
    for slug, expected in wanted.items():
        assert {title.replace("&lt;", "<").replace("&amp;", "&") for title in found[slug]} == expected


def test_feeds_come_in_three_formats_and_two_encodings(edition: Edition) -> None:
    assert {feed.format for feed in edition.feeds.values()} == {"rss", "atom", "json"}
    old = next(feed for feed in edition.feeds.values() if feed.encoding == "windows-1251")
    document = document_at(edition, old, now=START, started_at=START)
    assert "charset=windows-1251" in document.content_type
    assert "Казахстан" in document.body.decode("windows-1251")


def test_something_new_comes_out_every_minute_and_goes_on_when_the_written_reports_are_out(edition: Edition) -> None:
    seen: set[tuple[str, str]] = set()
    for minute in [*range(61), *range(300, 320)]:
        now = {
            (slug, title) for slug, all_ in titles(edition, START + timedelta(minutes=minute)).items() for title in all_
        }
        assert now - seen, minute
        seen |= now


def test_a_document_stays_the_same_between_two_minutes(edition: Edition) -> None:
    quiet = START + timedelta(minutes=20, seconds=5)
    first = documents_at(edition, now=quiet, started_at=START)
    assert documents_at(edition, now=quiet + timedelta(seconds=40), started_at=START) == first


def test_a_headline_changes_under_the_same_address(edition: Edition) -> None:
    report = next(report for report in edition.reports if report.edited_title and report.feed == "steppe-en")
    feed = edition.feeds[report.feed]
    before, after = (
        feedparser.parse(document_at(edition, feed, now=now, started_at=START).body).entries
        for now in (START, START + report.edited_offset)
    )
    changed = {entry.id: entry for entry in after if report.edited_title == entry.title}
    assert len(changed) == 1
    old = next(entry for entry in before if entry.id in changed)
    new = changed[old.id]
    assert (old.title, old.link, old.published) == (report.title, new.link, new.published)
    assert new.updated > old.updated


def test_one_feed_breaks_and_heals(edition: Edition, clock: Clock, address: str) -> None:
    feed = next(feed for feed in edition.feeds.values() if feed.breaks)
    seen = []
    for minute in (0, 4, 6, 8):
        clock.at_minute(minute)
        response, body = ask(address, feed.path)
        seen.append((response.status, body.lstrip().startswith(b"<?xml")))
    assert seen == [(200, True), (500, False), (200, False), (200, True)]
    clock.at_minute(BREAK_CYCLE / timedelta(minutes=1) + 4)
    assert ask(address, feed.path)[0].status == 500


def test_an_unchanged_feed_answers_304_by_tag_and_by_date(edition: Edition, clock: Clock, address: str) -> None:
    path = edition.feeds["wire-en"].path
    first, body = ask(address, path)
    tag, date = first.headers["ETag"], first.headers["Last-Modified"]
    for held in ({"If_None_Match": tag}, {"If_Modified_Since": date}):
        again, nothing = ask(address, path, **held)
        assert (again.status, nothing) == (304, b"")
    clock.at_minute(16)  # Sample Wire has a new item then
    grown, more = ask(address, path, If_None_Match=tag, If_Modified_Since=date)
    assert grown.status == 200
    assert len(more) > len(body)


def test_a_date_that_cannot_be_read_gets_the_whole_feed(edition: Edition, address: str) -> None:
    response, body = ask(address, edition.feeds["wire-en"].path, If_Modified_Since="yesterday, about noon")
    assert response.status == 200
    assert body


def test_head_and_unknown_paths_are_answered(edition: Edition, address: str) -> None:
    response, body = ask(address, edition.feeds["ulgi-kk"].path, "HEAD")
    assert (response.status, body) == (200, b"")
    assert int(response.headers["Content-Length"]) > 1000
    assert ask(address, "/feeds/real.xml")[0].status == 404


def test_the_same_start_gives_the_same_items_again(edition: Edition) -> None:
    now = START + timedelta(hours=2)
    assert documents_at(edition, now=now, started_at=START) == documents_at(load_edition(), now=now, started_at=START)
