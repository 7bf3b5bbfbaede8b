"""What a reader sees of search and archive."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from articles.finding import question
from articles.models import Story
from articles.publish.marking import marked
from articles.store import statistics
from tests.publish.newsroom import Newsroom


def test_words_are_marked_in_every_script_and_nothing_else_is_markup() -> None:
    assert marked(question("Tokayev газ"), "<b>Токаева</b> & gas, газ") == (
        "&lt;b&gt;<mark>Токаева</mark>&lt;/b&gt; &amp; gas, <mark>газ</mark>"
    )
    assert marked(question("中国"), "访问中国与哈萨克斯坦") == "访问<mark>中国</mark>与哈萨克斯坦"
    assert marked(question('"Silk Road"'), "Silk Road, silk of the road") == "<mark>Silk Road</mark>, silk of the road"


def test_search_shows_marks_and_the_page_of_the_person(client: Client, newsroom: Newsroom) -> None:
    newsroom.story(newsroom.article("Токаев прибыл в <Ташкент>", language="ru"), newsroom.article("Gas"))
    for address in ("/search/?q=Tokayev", "/search/?q=Tokayev&kind=stories", "/search/?q=Tokayev&sort=fit"):
        page = client.get(address).content.decode()
        assert "<mark>Токаев</mark> прибыл в &lt;Ташкент&gt;" in page, address
        assert "/entities/kassym-jomart-tokayev/" in page
    assert "Nothing here" in client.get("/search/?q=Tokayev+-прибыл").content.decode()


@pytest.mark.parametrize("text", ["%22", "-gas", "%F0%9F%99%82", "*", "%00", "(" * 300])
def test_what_cannot_be_looked_for_gets_a_sentence(client: Client, newsroom: Newsroom, text: str) -> None:
    for address in (f"/search/?q={text}", f"/search/feed.atom?q={text}", f"/api/v1/articles?q={text}"):
        answer = client.get(address)
        assert answer.status_code == 400
        assert answer.content


def test_the_archive_shows_a_day_as_it_was_and_the_way_on(client: Client, newsroom: Newsroom) -> None:
    at = timezone.now() - timedelta(days=40)
    day = timezone.localtime(at).date()
    fields: dict[str, Any] = {"at": at, "fetched_at": at}
    large = newsroom.story(newsroom.article("Large", **fields), newsroom.article("Large too", "tass", **fields))
    small = newsroom.story(newsroom.article("Small", countries=("UZ",), **fields))
    newsroom.add(
        small, *[newsroom.article(f"Later {n}", outlet) for n, outlet in enumerate(("vlast", "kazinform", "tass"))]
    )
    statistics.catch_up(now=timezone.now() + timedelta(minutes=20))
    page = client.get(f"/archive/{day:%Y/%m/%d}/").content.decode()
    assert 0 < page.index(large.get_absolute_url()) < page.index(small.get_absolute_url())
    assert f"/archive/{day - timedelta(days=1):%Y/%-m/%-d}/" in page
    assert f"/archive/{day + timedelta(days=1):%Y/%-m/%-d}/" in page
    narrowed = client.get(f"/archive/{day:%Y/%m/%d}/?country=kazakhstan").content.decode()
    assert large.get_absolute_url() in narrowed
    month = client.get(f"/archive/{day:%Y/%m}/").content.decode()
    assert month.index(large.get_absolute_url()) < month.index(small.get_absolute_url())
    assert "3 reports" in month
    assert large.get_absolute_url() in client.get(f"/archive/{day:%Y/%m}/?country=kazakhstan").content.decode()
    assert Story.objects.get(pk=small.pk).rank > Story.objects.get(pk=large.pk).rank
    feed = client.get(f"/archive/{day:%Y/%m/%d}/feed.json").json()
    assert [item["title"] for item in feed["items"]] == [large.title, Story.objects.get(pk=small.pk).title]


@pytest.mark.parametrize("path", ["2026/13/", "1989/12/", "9999/1/", "2026/2/30/", "0/1/"])
def test_what_is_no_day_is_not_found(client: Client, newsroom: Newsroom, path: str) -> None:
    assert client.get(f"/archive/{path}").status_code == 404
