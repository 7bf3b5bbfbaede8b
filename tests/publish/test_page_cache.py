"""Pages are kept for everybody, a change shows in time, and a reader who has the page gets 304."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from articles.models import Decision, ListChange, Source, Story
from articles.publish import page_cache
from articles.store.changes import KEPT, forget
from articles.store.stories import refresh_stories
from tests.publish.newsroom import Newsroom

ADDRESSES = [
    "/",
    "/countries/kazakhstan/",
    "/topics/energy/",
    "/sources/vlast/",
    "/search/?q=gas",
    "/feed.atom",
    "/ru/",
]


class Clock:
    """The time that the page cache sees."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return timezone.now() + self.ahead


@pytest.fixture
def clock(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """A page cache in memory, and its clock."""
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "kept"}
    settings.CACHES = {**settings.CACHES, "pages": memory}
    clock = Clock()
    monkeypatch.setattr(page_cache, "now", clock.now)
    caches["pages"].clear()
    yield clock
    caches["pages"].clear()


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_kept_page_asks_the_database_nothing(
    client: Client, newsroom: Newsroom, clock: Clock, django_assert_num_queries: DjangoAssertNumQueries, address: str
) -> None:
    newsroom.story(newsroom.article("Gas deal"))
    first = client.get(address)
    client.cookies["anything"] = "of a reader"
    with django_assert_num_queries(0):
        again = client.get(address)
        same = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.content, again["ETag"], again["Content-Type"]) == (
        first.content,
        first["ETag"],
        first["Content-Type"],
    )
    assert (same.status_code, same.content) == (304, b"")
    assert "Cookie" not in again.get("Vary", "")
    assert not again.cookies


def test_a_change_shows_within_a_minute(client: Client, newsroom: Newsroom, clock: Clock) -> None:
    ListChange.objects.all().delete()
    story = newsroom.story(newsroom.article("Gas deal"))
    ListChange.objects.all().delete()  # the story is old
    assert "Gas deal" in client.get("/countries/kazakhstan/").content.decode()
    Story.objects.filter(pk=story.pk).update(headline="Gas deal signed")
    clock.ahead = page_cache.FRESH
    assert "Gas deal signed" not in client.get("/countries/kazakhstan/").content.decode()  # nobody noted a change
    refresh_stories([story.pk], now=timezone.now())
    clock.ahead = page_cache.FRESH * 2
    assert "Gas deal signed" in client.get("/countries/kazakhstan/").content.decode()


def test_what_an_editor_decides_shows_within_a_minute(client: Client, newsroom: Newsroom, clock: Clock) -> None:
    assert "Vlast renamed" not in client.get("/sources/").content.decode()
    Source.objects.filter(slug="vlast").update(name="Vlast renamed")
    Decision.objects.create(action="label", target="source", target_id="vlast")
    clock.ahead = page_cache.FRESH
    assert "Vlast renamed" in client.get("/sources/").content.decode()


def test_quiet_pages_are_kept_for_minutes(client: Client, newsroom: Newsroom, clock: Clock) -> None:
    ListChange.objects.all().delete()
    body = client.get("/about/method/").content
    clock.ahead = page_cache.QUIET - timedelta(seconds=1)
    assert client.get("/about/method/").content == body


def test_bad_addresses_and_the_desk_are_not_kept(client: Client, newsroom: Newsroom, clock: Clock) -> None:
    for address in ("/countries/nowhere/", "/search/?q=%22", "/search/?unknown=1", "/admin/", "/healthz"):
        client.get(address)
    assert caches["pages"]._cache == {}  # type: ignore[attr-defined]
    assert client.get("/", headers={"Host": "elsewhere.example"}).status_code == 400
    client.get("/")
    assert client.get("/", headers={"Host": "elsewhere.example"}).status_code == 400


def test_old_changes_are_forgotten(newsroom: Newsroom) -> None:
    newsroom.story(newsroom.article("Gas deal"))
    assert forget(now=timezone.now()) == 0
    assert forget(now=timezone.now() + KEPT + timedelta(seconds=1)) > 0
    assert not ListChange.objects.exists()
