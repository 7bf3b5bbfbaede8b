"""Lists: filters that combine, pages by key that stay while news arrives, languages that the address carries on."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles.models import Story
from tests.publish.newsroom import Newsroom

pytestmark = pytest.mark.django_db
PAGES = ["/", "/countries/", "/countries/kazakhstan/", "/topics/energy/", "/entities/rogun-dam/", "/sources/vlast/",
         "/sources/", "/search/?q=gas", "/about/", "/about/method/", "/about/accuracy/", "/privacy/", "/contact/",
         "/corrections/", "/status/", "/feeds/", "/languages/"]  # fmt: skip
ABSURD = [
    "cursor=abc", "cursor=W10", "cursor=WyJsYXN0X2F0IiwiMjAyNiIsMV0", "cursor=" + "A" * 5000, "from=yesterday",
    "from=99999-01-01", "to=2026-02-30", "perspective=left", "owner=nobody%00", "limit=0", "limit=1e9", "kind=poems",
    "sort=worst", "language=" + "x" * 300, "language=kk+%3Cscript%3E", "country=atlantis", "story=-1",
]  # fmt: skip


@pytest.fixture
def stories(newsroom: Newsroom) -> list[Story]:
    """Seventy stories of one country, the newest first, every third also told in Russian by a Russian agency."""
    now, made = timezone.now(), []
    for number in range(70):
        at = now - timedelta(minutes=10 * number + 5)
        told = [newsroom.article(f"Story number {number}", at=at, fetched_at=now)]
        if number % 3 == 0:
            told.append(newsroom.article(f"Сюжет номер {number}", "tass", at=at, fetched_at=now, language="ru"))
        made.append(newsroom.story(*told))
    return made


def numbers(text: str) -> list[int]:
    section = text[text.index('id="h-list"') :]
    return [int(found) for found in re.findall(r"<h3[^>]*><a [^>]*>(?:Story number|Сюжет номер) (\d+)</a>", section)]


def test_pages_hold_every_story_once_while_news_arrives(
    client: Client, newsroom: Newsroom, stories: list[Story]
) -> None:
    address, seen = "/countries/kazakhstan/", []
    while address:
        text = client.get(address).content.decode()
        seen += numbers(text)
        now = timezone.now()
        newsroom.story(newsroom.article(f"Newcomer {len(seen)}", at=now, fetched_at=now))
        following = re.search(r'<a href="([^"]+)" rel="next">', text)
        address = following[1].replace("&amp;", "&") if following else ""
    assert seen == list(range(70))


def test_a_list_of_chosen_languages_pages_on(client: Client, stories: list[Story]) -> None:
    address, seen = "/countries/kazakhstan/?language=ru+kk", []
    while address:
        answer = client.get(address)
        assert answer.status_code == 200
        seen += numbers(answer.content.decode())
        following = re.search(r'<a href="([^"]+)" rel="next">', answer.content.decode())
        address = following[1].replace("&amp;", "&") if following else ""
    assert seen == list(range(0, 70, 3))


def test_filters_combine_and_each_can_be_taken_away(client: Client, stories: list[Story]) -> None:
    text = client.get("/countries/kazakhstan/?language=ru&perspective=ru&owner=state").content.decode()
    assert numbers(text) == list(range(0, 70, 3))
    taken = re.findall(r'<a class="x" href="([^"]+)"', text)
    assert len(taken) == 3
    assert numbers(client.get("/countries/kazakhstan/?language=ru&perspective=western").content.decode()) == []


@pytest.mark.parametrize("query", ABSURD)
def test_an_absurd_filter_gets_a_clear_page(client: Client, query: str) -> None:
    for path in ("/countries/kazakhstan/", "/search/"):
        answer = client.get(f"{path}?{query}")
        assert answer.status_code == 400, path
        assert "This address cannot be read" in answer.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_asked_for_again_for_nothing(client: Client, stories: list[Story], path: str) -> None:
    first = client.get(path)
    assert first["ETag"]
    assert first["Last-Modified"]
    assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert client.get(path, headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    assert "Cookie" not in first.get("Vary", "")
    assert not first.cookies


def test_the_languages_of_a_reader_go_along_with_every_link(client: Client, stories: list[Story]) -> None:
    text = client.get("/?language=ru&language=kk").content.decode()
    assert not re.search(r'<h[234] lang="en"', text)
    assert "Сюжет номер 0</a>" in text
    assert 'href="/countries/kyrgyzstan/?language=ru+kk"' in text
    assert re.search(r'href="/stories/\d+/[^"]*\?language=ru\+kk"', text)
    assert '<link rel="canonical" href="http://testserver/">' in text
    kept = client.get("/languages/?language=ru+kk").content.decode()
    assert re.findall(r'value="(\w+)" checked', kept) == ["ru", "kk"]


@pytest.mark.parametrize("address", ["//evil.example/?x=1", "/?next=//evil.example", "/languages/?next=//evil.example",
                                     "/archive/?day=//evil.example", "/%2F%2Fevil.example/?x=1"])  # fmt: skip
def test_no_address_leads_away_from_the_site(client: Client, address: str) -> None:
    answer = client.get(address)
    assert not answer.get("Location", "/").startswith(("//", "http"))


def test_what_is_missing_or_broken_has_a_page_of_ours_without_the_database(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    with django_assert_num_queries(0):
        missing = client.get("/fr/nowhere/at/all/")
    assert missing.status_code == 404
    assert 'action="/fr/search/"' in missing.content.decode()
    monkeypatch.setattr("articles.publish.views.texts.edition", lambda: 1 / 0)
    client.raise_request_exception = False
    with django_assert_num_queries(0):
        broken = client.get("/ru/about/")
    assert broken.status_code == 500
    assert 'lang="ru"' in broken.content.decode()
