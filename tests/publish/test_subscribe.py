"""The builder of feeds: what is ticked becomes one address that works, with a preview, also without JavaScript."""

from __future__ import annotations

import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import ConsoleMessage, sync_playwright

from articles.models import Feed, Story
from tests.publish.feed_rules import check_json
from tests.publish.newsroom import Newsroom


def built(client: Client, address: str) -> str:
    """The address of the JSON feed that the builder shows."""
    answer = client.get(address, follow=True)
    assert answer.status_code == 200, answer.content
    found = re.findall(r'value="(http://testserver[^"]*feed\.json[^"]*)"', answer.content.decode())
    assert len(found) == 1
    return str(found[0]).replace("&amp;", "&")


@pytest.mark.parametrize(
    ("ticked", "address"),
    [
        ("", "/feed.json"),
        ("?q=&kind=stories", "/feed.json"),
        ("?country=kazakhstan", "/countries/kazakhstan/feed.json"),
        ("?country=kazakhstan&kind=articles", "/countries/kazakhstan/feed.json?kind=articles"),
        ("?topic=energy&q=", "/topics/energy/feed.json"),
        ("?country=kazakhstan&topic=energy", "/countries/kazakhstan/energy/feed.json"),
        ("?country=kazakhstan&country=uzbekistan", "/search/feed.json?country=kazakhstan+uzbekistan"),
        ("?country=kazakhstan&language=ru&language=kk&q=", "/search/feed.json?country=kazakhstan&language=ru+kk"),
        ("?perspective=ru&perspective=cn&one_sided=1", "/search/feed.json?perspective=ru+cn&one_sided=1"),
        ("?q=%D0%B3%D0%B0%D0%B7+%26", "/search/feed.json?q=%D0%B3%D0%B0%D0%B7+%26"),
    ],
)  # fmt: skip
def test_what_is_ticked_becomes_the_shortest_address(
    client: Client, newsroom: Newsroom, ticked: str, address: str
) -> None:
    assert built(client, f"/feeds/{ticked}") == f"http://testserver{address}"
    assert built(client, f"/ru/feeds/{ticked}") == f"http://testserver/ru{address}"
    check_json(client.get(address).content)


@pytest.fixture
def three(newsroom: Newsroom) -> None:
    newsroom.story(newsroom.article("Gas in Kazakhstan"))
    newsroom.story(newsroom.article("Gas in Uzbekistan", "tass", countries=("UZ",), language="ru"))
    newsroom.story(newsroom.article("Gas in both", "kazinform", countries=("KZ", "UZ")))
    newsroom.story(newsroom.article("Gas elsewhere", "kazinform", countries=("TJ",), language="tg"))
    Story.objects.update(one_sided="")


@pytest.mark.parametrize(
    ("ticked", "titles"),
    [
        ("country=kazakhstan&country=uzbekistan", {"Gas in Kazakhstan", "Gas in Uzbekistan", "Gas in both"}),
        ("country=uzbekistan&country=tajikistan&topic=energy&topic=water",
         {"Gas in Uzbekistan", "Gas in both", "Gas elsewhere"}),
        ("language=ru&language=tg", {"Gas in Uzbekistan", "Gas elsewhere"}),
        ("perspective=ru&perspective=cn", {"Gas in Uzbekistan"}),
        ("owner=state&owner=independent&country=kazakhstan", {"Gas in Kazakhstan", "Gas in both"}),
        ("topic=water&topic=society", set()),
        ("one_sided=1", set()),
        ("q=elsewhere", {"Gas elsewhere"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["stories", "articles"])
def test_the_feed_and_its_preview_hold_what_was_ticked(
    client: Client, three: None, ticked: str, titles: set[str], kind: str
) -> None:
    if ticked == "one_sided=1" and kind == "articles":
        ticked = "topic=water"
    address = built(client, f"/feeds/?{ticked}&kind={kind}")
    feed = check_json(client.get(address).content)
    assert {item["title"] for item in feed["items"]} == titles
    assert len(feed["items"]) == len(titles)
    page = client.get(f"/feeds/?{ticked}&kind={kind}").content.decode()
    assert {title for title in ("Gas in Kazakhstan", "Gas elsewhere") if f">{title}</a>" in page} == titles & {
        "Gas in Kazakhstan",
        "Gas elsewhere",
    }


def test_one_sided_stories_are_a_feed(client: Client, three: None) -> None:
    Story.objects.filter(title="Gas elsewhere").update(one_sided="state-only")
    feed = check_json(client.get(built(client, "/feeds/?one_sided=1")).content)
    assert [item["title"] for item in feed["items"]] == ["Gas elsewhere"]
    assert client.get(feed["home_page_url"]).status_code == 200


@pytest.mark.parametrize(
    "query", ["perspective=mars", "country=atlantis", "kind=pictures", "owner=state&owner=own-vlast%00", "q=%00"]
)
@pytest.mark.django_db
def test_a_tick_that_nobody_offers_is_a_clear_refusal(client: Client, query: str) -> None:
    answer = client.get(f"/feeds/?{query}")
    assert answer.status_code == 400
    assert b"<h1" in answer.content


@pytest.mark.django_db
def test_words_of_a_reader_stay_text(client: Client) -> None:
    page = client.get('/feeds/?q="><script>alert(1)</script>&language=ru').content.decode()
    assert "<script>alert" not in page


def outlines(client: Client, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200
    return [found.get("xmlUrl", "") for found in ElementTree.fromstring(answer.content).iter("outline")]


def test_every_address_of_the_list_of_lists_is_a_feed(client: Client, newsroom: Newsroom) -> None:
    found = [address for address in outlines(client, "/feeds.opml") if address]
    assert len(found) == len(set(found)) > 100
    for address in found[:: len(found) // 25]:
        assert client.get(address.removeprefix("http://testserver")).status_code == 200, address


def test_the_feeds_of_outlets_come_by_country_and_by_topic(client: Client, newsroom: Newsroom) -> None:
    vlast, tass = (Feed.objects.filter(source__slug=slug).order_by("pk")[0].url for slug in ("vlast", "tass"))
    assert vlast in outlines(client, "/outlets/kazakhstan.opml")
    assert tass in outlines(client, "/outlets.opml")
    now = timezone.now()
    for number in range(3):
        newsroom.article(f"Report {number}", at=now - timedelta(hours=number), fetched_at=now)
    newsroom.article("Only one", "tass", at=now, fetched_at=now)
    assert outlines(client, "/outlets/topics/energy.opml") == [vlast]
    assert client.get("/outlets/topics/nothing.opml").status_code == 404


@pytest.mark.browser
def test_the_form_works_with_and_without_javascript(chromium: str, live: str) -> None:
    console: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        console.append(message.text)

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for script in (False, True):
            context = browser.new_context(java_script_enabled=script, permissions=["clipboard-read", "clipboard-write"])
            page = context.new_page()
            page.on("console", heard)
            page.goto(f"{live}/feeds/")
            page.get_by_label("Kazakhstan").first.check()
            page.get_by_label("Uzbekistan").first.check()
            page.get_by_role("button", name="Make the feed").click()
            address = page.get_by_label("Atom").input_value()
            assert address == f"{live}/search/feed.atom?country=kazakhstan+uzbekistan"
            copy = page.get_by_role("button", name="Copy").first
            assert copy.is_visible() is script
            if script:
                copy.click()
                page.get_by_text("Copied:").wait_for()
                assert page.evaluate("navigator.clipboard.readText()") == address
            context.close()
        browser.close()
    assert console == []
