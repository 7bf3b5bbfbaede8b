"""Feeds that need a hand are shown to everybody and told to editors once."""

from __future__ import annotations

import email.message
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from articles import health
from articles.models import Feed, FetchEvent
from tests.desk.people import person, signed_in
from tests.polling import make_feed
from tests.servers import free_port

DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


class Letters:
    """What a mail server was given."""

    def __init__(self) -> None:
        self.received: list[email.message.EmailMessage] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content or b""
        message = message_from_bytes(content, policy=policy.default)
        self.received.append(message)
        return "250 taken"


@pytest.fixture
def letters(settings: object) -> Iterator[Letters]:
    """A real mail server on loopback, and the site set up to use it."""
    found = Letters()
    controller = Controller(found, hostname="127.0.0.1", port=free_port())
    controller.start()
    values = {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_HOST": "127.0.0.1"}
    for name, value in (values | {"EMAIL_PORT": controller.port, "EMAIL_TIMEOUT": 5}).items():
        setattr(settings, name, value)
    yield found
    controller.stop()


@pytest.fixture
def editor(db: None) -> None:
    Feed.objects.all().delete()
    get_user_model().objects.create_user("editor@desk.example", is_staff=True)
    get_user_model().objects.create_user("reader@home.example")


def good(**fields: object) -> Feed:
    """A feed that answers and brings something every hour."""
    now = timezone.now()
    given = {"outcome": "ok", "rhythm": timedelta(hours=1), "last_item_at": now, "last_success_at": now}
    name = str(fields.pop("name", "Steppe Wire"))
    return make_feed(f"http://{name.replace(' ', '-').lower()}.example/feed", name=name, **given | fields)


def body(letter: email.message.EmailMessage) -> str:
    return str(letter.get_content())


def test_a_feed_in_order_is_told_to_nobody(letters: Letters, editor: None) -> None:
    good()
    good(name="Weekly Review", rhythm=7 * DAY, last_item_at=timezone.now() - 20 * DAY)
    good(name="New One", rhythm=None, last_item_at=timezone.now() - 20 * DAY)
    assert health.report() == 0
    assert letters.received == []


def test_each_kind_of_trouble_goes_to_the_editors_once(letters: Letters, editor: None) -> None:
    now = timezone.now()
    good(name="Silent Post", last_item_at=now - 8 * DAY)
    good(name="Failing Times", outcome="http_error", failing_since=now - 4 * DAY, message="the server refused")
    good(name="Ended Herald", outcome="gone")
    good(name="Moved Mail", current_url="http://elsewhere.example/feed?key=geheim")
    good(name="Paged Press", outcome="html_page", suggestion="http://paged-press.example/atom")
    assert health.report() == 5
    [letter] = letters.received
    assert letter["To"] == "editor@desk.example"
    assert "5 feeds need a hand" in letter["Subject"]
    for words in (
        "Silent Post, http://silent-post.example/feed: nothing new for 8 days, against its own rhythm",
        "failing for 4 days: the server refused",
        "Ended Herald, http://ended-herald.example/feed: ended by the outlet",
        "moved for good to http://elsewhere.example/feed?key=***",
        "a web page now; it advertises the feed http://paged-press.example/atom",
    ):
        assert words in body(letter)
    assert health.report() == 0
    Feed.objects.filter(source__name="Moved Mail").update(last_success_at=now, failures=0)
    assert health.report() == 0
    assert len(letters.received) == 1


def test_a_trouble_that_passes_and_comes_back_is_told_again(letters: Letters, editor: None) -> None:
    feed = good(last_item_at=timezone.now() - 9 * DAY)
    assert health.report() == 1
    Feed.objects.filter(pk=feed.pk).update(last_item_at=timezone.now())
    assert health.report() == 0
    Feed.objects.filter(pk=feed.pk).update(last_item_at=timezone.now() - 9 * DAY)
    assert health.report() == 1


def test_what_could_not_be_sent_is_sent_the_next_time(letters: Letters, editor: None, settings: object) -> None:
    good(outcome="gone")
    port = settings.EMAIL_PORT  # type: ignore[attr-defined]
    settings.EMAIL_PORT = free_port()  # type: ignore[attr-defined]
    with pytest.raises(OSError, match="refused"):
        health.report()
    settings.EMAIL_PORT = port  # type: ignore[attr-defined]
    assert health.report() == 1
    assert len(letters.received) == 1


def test_nothing_is_lost_while_there_is_no_editor(letters: Letters) -> None:
    Feed.objects.all().delete()
    good(outcome="gone")
    assert health.report() == 0
    get_user_model().objects.create_user("editor@desk.example", is_staff=True)
    assert health.report() == 1


def our_network_breaks() -> None:
    feed = Feed.objects.all()[0]
    at = timezone.now() - timedelta(seconds=30)
    FetchEvent.objects.bulk_create([FetchEvent(feed=feed, at=at, outcome="timeout") for _ in range(9)])


def test_while_our_own_network_is_down_nobody_is_accused(letters: Letters, editor: None, client: Client) -> None:
    good(outcome="timeout", failing_since=timezone.now() - 4 * DAY)
    assert "our own network" not in client.get("/status/").content.decode()
    our_network_breaks()
    assert health.report() == 0
    assert letters.received == []
    assert "the trouble is our own network" in client.get("/status/").content.decode()


def test_the_status_page_and_the_desk_show_what_needs_a_hand(editor: None) -> None:
    desk = signed_in(person(is_superuser=True))
    good(name="Silent Post", last_item_at=timezone.now() - 8 * DAY)
    feed = good(name="Paged Press", outcome="html_page", suggestion="http://paged-press.example/atom")
    page = desk.get("/status/").content.decode()
    assert "nothing new for 8 days, against its own rhythm" in page
    assert "it advertises the feed http://paged-press.example/atom" in page
    assert "http://paged-press.example/atom" in desk.get(f"/admin/articles/feed/{feed.pk}/change/").content.decode()
    listed = {"action": "take_move", "_selected_action": [str(feed.pk)]}
    assert desk.post("/admin/articles/feed/", listed).status_code == 302
    feed.refresh_from_db()
    assert (feed.current_url, feed.suggestion) == ("http://paged-press.example/atom", "")
