"""Fixtures of the hub's tests: a public site, subscribers on loopback, and a small newsroom."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from articles import pipeline
from articles.fetch.addresses import parse_networks
from articles.fetch.settings import FetchSettings
from articles.hub import verify
from articles.models import HubSubscription
from tests.hub.subscribers import Subscribers
from tests.publish.newsroom import NOW, Newsroom

SITE = "https://news.example.org"
TOPIC = f"{SITE}/feed.atom"


@pytest.fixture
def newsroom(db: None) -> Newsroom:
    return Newsroom()


@pytest.fixture
def subscribers(settings: Any) -> Iterator[Subscribers]:
    with Subscribers() as server:
        settings.SITE_URL = SITE
        settings.FETCH_ALLOW_NETWORKS = [server.network]
        yield server


@pytest.fixture
def patience(subscribers: Subscribers) -> FetchSettings:
    """Settings that reach the subscribers and wait one second for them."""
    networks = parse_networks([subscribers.network])
    return replace(pipeline.fetch_settings(), allow_networks=networks, deadline=timedelta(seconds=1))


@pytest.fixture
def ask(client: Client) -> Callable[..., Any]:
    """Send a wish to the hub as a subscriber would."""

    def send(callback: str, *, address: str = "192.0.2.1", **fields: str) -> Any:
        form = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.callback": callback}
        form |= {f"hub.{name}": value for name, value in fields.items()}
        content_type = "application/x-www-form-urlencoded"
        return client.post("/hub", urlencode(form), content_type=content_type, REMOTE_ADDR=address, secure=True)

    return send


@pytest.fixture
def subscribe(
    ask: Callable[..., Any], subscribers: Subscribers, patience: FetchSettings
) -> Callable[..., HubSubscription]:
    """Subscribe a callback and let it confirm."""

    def go(path: str, **fields: str) -> HubSubscription:
        answer = ask(subscribers.url(path), **fields)
        assert answer.status_code == 202, answer.content
        verify.verify_all(patience, clock=lambda: NOW)
        return HubSubscription.objects.get(callback=subscribers.url(path))

    return go
