"""Users, passwords and keys of feeds' addresses stand on no page, in no answer, list, log or mail."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from aggregator.logs import JsonFormatter, TextFormatter
from articles import health
from articles.models import Feed
from tests.desk.people import person
from tests.hostile_server import HostileServer, reply
from tests.polling import item, make_feed, poll, rss

SECRETS = ("eve-the-user", "geheim-4711", "k3y-of-the-house", "t0ken-of-the-move")
PLACES = (
    "/",
    "/status/",
    "/fr/status/",
    "/sources/",
    "/sources/steppe-wire/",
    "/sources/quiet-post/",
    "/sources/steppe-wire/feed.atom",
    "/sources/steppe-wire/feed.json",
    "/api/v1/feeds",
    "/api/v1/feeds?limit=200",
    "/api/v1/sources?limit=200",
    "/api/v1/articles?relevant=any",
    "/feeds.opml",
    "/sources/outlets.opml",
    "/metrics",
    "/readyz",
)


def with_secrets(url: str) -> str:
    return f"{url.replace('http://', f'http://{SECRETS[0]}:{SECRETS[1]}@')}?key={SECRETS[2]}&lang=ru"


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """All that is logged, in both formats."""
    written = io.StringIO()
    handlers = [logging.StreamHandler(written) for _ in range(2)]
    for handler, formatter in zip(handlers, (TextFormatter(), JsonFormatter()), strict=True):
        handler.setFormatter(formatter)
        logging.getLogger().addHandler(handler)
    yield written
    for handler in handlers:
        logging.getLogger().removeHandler(handler)


def told_nothing(text: str) -> bool:
    return not any(secret in text for secret in SECRETS)


@pytest.fixture
def feeds(outlet: HostileServer) -> list[Feed]:
    """Feeds with secrets in their addresses: one that moved and works, one that fails, one that became a page."""
    Feed.objects.all().delete()
    target = f"/new?token={SECRETS[3]}"
    outlet.serve("/new", rss(item("Canal")))
    outlet.play("/feed", [reply(status="301 Moved Permanently", headers={"Location": target})])
    page = f'<html><link rel="alternate" type="application/rss+xml" href="/rss?access_token={SECRETS[3]}"></html>'
    outlet.serve("/page", page.encode())
    working = make_feed(with_secrets(outlet.url("/feed")))
    broken = make_feed(with_secrets(outlet.url("/missing")), name="Quiet Post")
    paged = make_feed(with_secrets(outlet.url("/page")), name="Paged Press")
    sent_away = make_feed(with_secrets(outlet.url("/away")), name="Sent Away")
    away = with_secrets("http://10.0.0.1/private")
    outlet.play("/away", [reply(status="302 Found", headers={"Location": away})])
    return [working, broken, paged, sent_away]


def test_secrets_of_feeds_are_told_nowhere(feeds: list[Feed], logged: io.StringIO, client: Client) -> None:
    outcomes = [[poll(feed).outcome for _ in range(2)][-1] for feed in feeds]
    assert outcomes == ["unchanged", "http_error", "html_page", "refused"]
    assert SECRETS[3] in feeds[0].current_url
    Feed.objects.filter(pk=feeds[1].pk).update(failing_since=timezone.now() - timedelta(days=9))
    for place in PLACES:
        answer = client.get(place)
        assert answer.status_code in (200, 404), place
        assert told_nothing(b"".join(answer).decode()), place
    feeds_told = {row["source"]: row for row in json.loads(client.get("/api/v1/feeds?limit=200").content)["items"]}
    assert "***" in feeds_told["steppe-wire"]["url"]
    person(is_superuser=True)
    assert health.report() == 3
    [letter] = mail.outbox
    assert "key=***" in str(letter.body)
    assert told_nothing(str(letter.message()))
    logging.getLogger("articles").warning("cannot read %s", feeds[1].url, extra={"url": feeds[1].url})
    assert "key=***" in logged.getvalue()
    assert told_nothing(logged.getvalue())


def test_secrets_of_feeds_are_not_printed_by_commands(feeds: list[Feed], capsys: pytest.CaptureFixture[str]) -> None:
    out = io.StringIO()
    call_command("fetch", "--all", "--dry-run", stdout=out)
    call_command("fetch", *[feed.url for feed in feeds], "--json", stdout=out)
    call_command("export_opml", stdout=out)
    printed = capsys.readouterr()
    assert "key=***" in out.getvalue()
    assert told_nothing(out.getvalue() + printed.out + printed.err)
