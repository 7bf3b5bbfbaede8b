"""What the hub takes and what it refuses, before and while it asks the callback."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from articles.fetch.settings import FetchSettings
from articles.hub import verify
from articles.models import HubRequest, HubSubscription, HubTopic
from articles.publish.addresses import is_reachable
from tests.hub.conftest import SITE, TOPIC
from tests.hub.subscribers import Subscribers
from tests.publish.newsroom import NOW, Newsroom

Ask = Callable[..., Any]
Subscribe = Callable[..., HubSubscription]
CALLBACK = "https://reader.example.net/callback?id=1"


def test_a_wish_is_taken_asked_back_and_followed(
    ask: Ask, subscribers: Subscribers, newsroom: Newsroom, patience: FetchSettings
) -> None:
    callback = subscribers.url("good/one?key=a%20b&hub.mode=mine")
    assert ask(callback, lease_seconds="86400", secret="s" * 199).status_code == 202
    assert not HubSubscription.objects.exists()
    before = timezone.now()
    assert verify.verify_all(patience, clock=timezone.now) == 1
    [asked] = subscribers.asked
    assert (asked["key"], asked["hub.mode"], asked["hub.topic"]) == ("a b", "mine", TOPIC)
    assert asked["hub.lease_seconds"] == "86400"
    assert len(asked["hub.challenge"]) > 30
    found = HubSubscription.objects.get()
    assert (found.callback, found.secret) == (callback, "s" * 199)
    assert timedelta(0) <= found.expires_at - before - timedelta(days=1) < timedelta(minutes=1)
    assert HubRequest.objects.get().secret == ""


@pytest.mark.parametrize("manner", ["refuse", "wrong", "long", "slow", "endless", "moved"])
def test_a_callback_that_does_not_confirm_is_not_subscribed(
    ask: Ask, subscribers: Subscribers, newsroom: Newsroom, patience: FetchSettings, manner: str
) -> None:
    ask(subscribers.url(f"{manner}/x"))
    assert verify.verify_all(patience, clock=timezone.now) == 0
    assert len(subscribers.asked) == 1
    assert not HubSubscription.objects.exists()
    assert not HubRequest.objects.pending(now=timezone.now()).exists()


def test_a_subscription_can_be_renewed_with_another_secret_and_ended(
    ask: Ask, subscribe: Subscribe, subscribers: Subscribers, newsroom: Newsroom, patience: FetchSettings
) -> None:
    first = subscribe("good/one", secret="old")
    assert subscribe("good/one", secret="new", lease_seconds="2592000").pk == first.pk
    renewed = HubSubscription.objects.get()
    assert (renewed.secret, renewed.expires_at) == ("new", NOW + timedelta(days=30))
    assert ask(subscribers.url("good/one"), mode="unsubscribe").status_code == 202
    verify.verify_all(patience, clock=lambda: NOW)
    assert not HubSubscription.objects.exists()


def test_nobody_ends_the_subscription_of_another(
    ask: Ask, subscribers: Subscribers, newsroom: Newsroom, patience: FetchSettings
) -> None:
    topic = HubTopic.objects.create(address=TOPIC, changed_at=NOW)
    callback = subscribers.url("refuse/x")
    lasting = {"expires_at": timezone.now() + timedelta(days=1), "delivered_until": NOW}
    HubSubscription.objects.create(topic=topic, callback=callback, **lasting)
    assert ask(callback, mode="unsubscribe").status_code == 202
    verify.verify_all(patience, clock=timezone.now)
    assert HubSubscription.objects.count() == 1


@pytest.mark.parametrize(
    "callback",
    [
        "", "http://reader.example.net/x", "ftp://reader.example.net/", "https://127.0.0.1/x", "https://10.0.0.1/",
        "https://[::1]/", "https://169.254.169.254/latest", "https://[::ffff:10.0.0.1]/", "https://2130706433/",
        "https://user:secret@reader.example.net/", "https://reader.example.net/#part", "https:///x", "https://a b/",
        "https://reader.example.net/\r\nX-Evil: 1", f"https://reader.example.net/{'x' * 1000}", "//reader.example.net",
        "https://reader.example.net:0/", "https://reader.example.net:99999/", "https://0x7f.1/", "https://[::1%25eth0]/",
    ],
)  # fmt: skip
def test_only_https_callbacks_at_public_addresses_are_taken(
    ask: Ask, subscribers: Subscribers, newsroom: Newsroom, patience: FetchSettings, callback: str
) -> None:
    answer = ask(callback)
    if answer.status_code == 202:  # a name that leads nowhere public is found out when it is called
        assert verify.verify_all(patience, clock=timezone.now) == 0
    else:
        assert (answer.status_code, answer["Content-Type"]) == (400, "text/plain; charset=utf-8")
        assert answer.content.startswith(b"hub.callback")
    assert not HubSubscription.objects.exists()


@pytest.mark.parametrize(
    "topic",
    [
        "https://elsewhere.example.org/feed.atom", f"{SITE}/", f"{SITE}/nothing/feed.atom", f"{SITE}/feed.atom#x",
        f"{SITE}.evil.example/feed.atom", f"{SITE}/countries/atlantis/feed.atom", f"{SITE}/feed.atom?cursor=abc",
        f"{SITE}/feed.atom?utm_source=x", f"{SITE}/feed.atom?limit=1000", f"{SITE}/api/v1/articles", "x" * 2000,
        f"{SITE}/en/feed.atom", f"{SITE}/search/feed.atom?q=a%20b", f"{SITE}/feed.atom?{'a=1&' * 50}",
    ],
)  # fmt: skip
def test_only_our_own_feeds_are_topics(ask: Ask, subscribers: Subscribers, newsroom: Newsroom, topic: str) -> None:
    answer = ask(CALLBACK, topic=topic)
    assert answer.status_code in {400, 404}
    assert answer.content.startswith(b"hub.topic")
    assert not HubRequest.objects.exists()


@pytest.mark.parametrize(
    "path",
    ["/ru/feed.rss", "/countries/kazakhstan/energy/feed.json", "/search/feed.atom?q=a+b&kind=articles",
     "/feed.atom?language=ru+kk&limit=20"],
)  # fmt: skip
def test_every_feed_is_a_topic_by_the_address_that_it_names(
    client: Client, ask: Ask, subscribers: Subscribers, newsroom: Newsroom, path: str
) -> None:
    named = client.get(path, secure=True)["Link"]
    assert named == f'<{SITE}/hub>; rel="hub", <{SITE}{path}>; rel="self"'
    assert ask(CALLBACK, topic=f"{SITE}{path}").status_code == 202


@pytest.mark.parametrize(
    "fields",
    [
        {"mode": "publish"}, {"mode": ""}, {"secret": "ә" * 100}, {"secret": "a\0b"}, {"lease_seconds": "-1"},
        {"lease_seconds": "ten"},
    ],
)  # fmt: skip
def test_a_wish_that_cannot_be_read_is_refused_in_words(
    ask: Ask, subscribers: Subscribers, newsroom: Newsroom, fields: dict[str, str]
) -> None:
    answer = ask(CALLBACK, **fields)
    assert (answer.status_code, answer["Content-Type"]) == (400, "text/plain; charset=utf-8")


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{}", "application/json", 415), (b"a=1", "application/x-www-form-urlencoded", 400),
        (b"a" * 20_000, "application/x-www-form-urlencoded", 413),
        (b"\xff=%ff&hub.mode=%00", "application/x-www-form-urlencoded", 400),
        (b"a=1&" * 3000, "application/x-www-form-urlencoded", 400), (b"x", "multipart/form-data; boundary=x", 415),
    ],
)  # fmt: skip
def test_forged_requests_end_in_a_plain_refusal(
    client: Client, subscribers: Subscribers, newsroom: Newsroom, body: bytes, content_type: str, status: int
) -> None:
    assert client.generic("POST", "/hub", body, content_type=content_type, secure=True).status_code == status
    assert client.get("/hub", secure=True).status_code == 405


def test_at_most_five_of_one_host_wait_for_verification(
    ask: Ask, subscribers: Subscribers, newsroom: Newsroom, patience: FetchSettings
) -> None:
    statuses = [ask(subscribers.url(f"good/{n}"), address=f"192.0.2.{n}").status_code for n in range(7)]
    assert statuses == [202] * 5 + [429] * 2
    assert ask(CALLBACK).status_code == 202
    verify.verify_all(patience, clock=timezone.now)
    assert ask(subscribers.url("good/8")).status_code == 202


def test_one_address_asks_at_most_twenty_times_an_hour(ask: Ask, subscribers: Subscribers, newsroom: Newsroom) -> None:
    statuses = [ask(f"https://reader{n}.example.net/", address="2001:db8::1").status_code for n in range(21)]
    assert statuses == [202] * 20 + [429]
    refused = ask(CALLBACK, address="2001:db8::2")
    assert (refused.status_code, refused["Retry-After"]) == (429, "600")
    assert ask(CALLBACK, address="2001:db8:0:1::1").status_code == 202
    HubRequest.objects.update(asked_at=timezone.now() - timedelta(hours=2))
    assert ask(CALLBACK, address="2001:db8::1").status_code == 202
    assert verify.forget(now=timezone.now()) == 21


def test_the_hub_is_off_where_no_subscriber_could_reach_the_site(
    client: Client, ask: Ask, newsroom: Newsroom, settings: Any
) -> None:
    assert ask(CALLBACK).status_code == 404
    answer = client.get("/feed.atom")
    assert "Link" not in answer
    assert b'rel="hub"' not in answer.content
    settings.SITE_URL = SITE
    assert client.get("/feed.atom").has_header("Link")
    settings.SAMPLE_EDITION = True
    assert "Link" not in client.get("/feed.atom")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("https://orta.example.org", True), ("http://93.184.216.34", True), ("http://127.0.0.1:8000", False),
        ("http://localhost:8000", False), ("https://orta", False), ("https://orta.local", False),
        ("http://192.168.1.4", False), ("http://[::1]:8000", False), ("https://orta.test.", False),
        ("http://10.1.2.3:8000", True),
    ],
)  # fmt: skip
def test_which_sites_are_public(address: str, public: bool) -> None:
    assert is_reachable(address, ("10.0.0.0/8:8000",)) is public
