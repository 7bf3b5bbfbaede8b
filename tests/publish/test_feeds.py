"""Feeds of every list: valid in three formats, one entry an event, stable ids, paged, 304 when nothing changed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import feedparser
import pytest
from django.test import Client

from articles.models import Article, Source, Story
from articles.parse import parse_feed
from articles.records import Response
from articles.store import statistics
from tests.publish.feed_rules import ATOM, check_atom, check_json, check_rss
from tests.publish.newsroom import NOW, Newsroom

CHECKS = {"atom": check_atom, "rss": check_rss, "json": check_json}
LISTS = [
    "/feed", "/countries/kazakhstan/feed", "/topics/energy/feed", "/countries/kazakhstan/energy/feed",
    "/entities/rogun-dam/feed", "/sources/vlast/feed", "/archive/2026/11/25/feed",
]  # fmt: skip


@pytest.fixture
def story(newsroom: Newsroom) -> Story:
    reports = [newsroom.article(f"Gas pipeline opens, says {name}", name) for name in ("vlast", "kazinform", "tass")]
    story = newsroom.story(*reports)
    statistics.remake(date(2026, 11, 25))
    return story


def entries(client: Client, address: str) -> list[dict[str, Any]]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = check_json(answer.content)["items"]
    return found


@pytest.mark.parametrize("kind", CHECKS)
@pytest.mark.parametrize("prefix", ["", "/fr", "/ru"])
@pytest.mark.parametrize("address", LISTS)
def test_every_list_is_valid_in_three_formats_and_languages(
    client: Client, story: Story, address: str, prefix: str, kind: str
) -> None:
    answer = client.get(f"{prefix}{address}.{kind}")
    assert answer.status_code == 200
    CHECKS[kind](answer.content)
    if kind != "json":
        read = feedparser.parse(answer.content)
        assert not read.bozo
        assert [entry.title for entry in read.entries] == [story.title]


@pytest.mark.parametrize("kind", CHECKS)
@pytest.mark.parametrize("query", ["", "?kind=articles"])
def test_another_edition_of_this_program_reads_the_feed(client: Client, story: Story, kind: str, query: str) -> None:
    answer = client.get(f"/feed.{kind}{query}")
    address = f"http://testserver/feed.{kind}{query}"
    headers = {"content-type": answer["Content-Type"]}
    read = parse_feed(Response(address, address, 200, headers, answer.content), now=NOW)
    told = {(entry.title, entry.published_at) for entry in read.entries}
    rows = [(story.title, story.first_at)] if not query else [(row.title, row.at) for row in story.articles.all()]
    assert told == set(rows)
    assert all(entry.guid.startswith("tag:testserver,") and entry.categories for entry in read.entries)
    assert read.kind.startswith({"atom": "atom", "rss": "rss", "json": "json"}[kind])


@pytest.mark.parametrize("kind", CHECKS)
@pytest.mark.parametrize("query", ["", "?kind=articles"])
@pytest.mark.django_db
def test_an_empty_list_is_a_valid_feed(client: Client, kind: str, query: str) -> None:
    CHECKS[kind](client.get(f"/feed.{kind}{query}").content)


def test_an_entry_names_every_report_its_outlet_owner_and_language(client: Client, story: Story) -> None:
    [entry] = entries(client, "/feed.json")
    reports = entry["_orta"]["reports"]
    assert {report["outlet"] for report in reports} == {"Vlast", "Kazinform", "TASS"}
    assert {report["ownership"] for report in reports} == {"independent", "state"}
    for article in story.articles.all():
        assert article.url in entry["content_html"]
    assert "3 outlets: Kazakhstan 2, Russia 1" in entry["content_html"]
    assert {"Kazakhstan", "Energy"} & {tag.partition(" ")[0] for tag in entry["tags"]}


def test_an_entry_is_updated_by_a_new_side_and_not_by_another_report(client: Client, newsroom: Newsroom) -> None:
    story = newsroom.story(newsroom.article("Gas pipeline opens"))
    [first] = entries(client, "/feed.json")
    newsroom.add(story, newsroom.article("The same side again", "kazinform"), now=NOW + timedelta(hours=1))
    [second] = entries(client, "/feed.json")
    newsroom.add(story, newsroom.article("Russia tells it too", "tass"), now=NOW + timedelta(hours=2))
    [third] = entries(client, "/feed.json")
    assert first["id"] == second["id"] == third["id"]
    assert first["date_modified"] == second["date_modified"] < third["date_modified"]
    assert len(second["_orta"]["reports"]) == 2


def test_ids_are_the_same_in_every_format_and_language(client: Client, story: Story) -> None:
    found = {
        feedparser.parse(client.get(f"{p}/feed.{k}").content).entries[0].id
        for p in ("", "/ru")
        for k in ("atom", "rss")
    }
    assert found == {entries(client, "/fr/feed.json")[0]["id"]}


def test_the_headline_is_in_the_language_of_the_address(client: Client, newsroom: Newsroom) -> None:
    newsroom.story(newsroom.article("Gas pipeline opens"), newsroom.article("Открыт газопровод", "tass", language="ru"))
    assert entries(client, "/ru/feed.json")[0]["title"] == "Открыт газопровод"
    assert entries(client, "/ru/feed.json")[0]["language"] == "ru"


def test_articles_lead_to_their_outlets(client: Client, newsroom: Newsroom) -> None:
    article = newsroom.article("A report")
    story = newsroom.story(article)
    [entry] = entries(client, "/feed.json?kind=articles")
    assert entry["external_url"] == article.url
    assert entry["url"] == f"http://testserver{story.get_absolute_url()}"
    assert feedparser.parse(client.get("/feed.rss?kind=articles").content).entries[0].link == article.url


def test_older_entries_are_linked_and_every_story_comes_once(client: Client, newsroom: Newsroom) -> None:
    made = [newsroom.story(newsroom.article(f"Event {number}")).title for number in range(5)]
    seen: list[str] = []
    address: str | None = "/feed.json?limit=2"
    while address:
        feed = check_json(client.get(address).content)
        seen += [item["title"] for item in feed["items"]]
        address = feed.get("next_url")
    assert seen == made
    root = check_atom(client.get("/feed.atom?limit=2").content)
    older = root.find(f"{ATOM}link[@rel='next']").get("href")
    assert [e.findtext(f"{ATOM}title") for e in check_atom(client.get(older).content).findall(f"{ATOM}entry")] == made[
        2:4
    ]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("language=ru", 1), ("perspective=ru", 1), ("owner=own-vlast", 1), ("owner=independent", 1), ("q=gas", 1),
        ("country=KZ&topic=energy", 2), ("source=tass", 1), ("from=2026-11-25", 1), ("one_sided=1", 0),
    ],
)  # fmt: skip
def test_filters_of_the_page_narrow_the_feed(client: Client, newsroom: Newsroom, query: str, count: int) -> None:
    newsroom.story(newsroom.article("A gas pipeline"))
    newsroom.story(newsroom.article("Новость", "tass", language="ru", at=NOW - timedelta(days=2)))
    Story.objects.update(one_sided="")
    assert len(entries(client, f"/feed.json?{query}")) == count
    assert len(entries(client, f"/search/feed.json?{query}")) == count


@pytest.mark.parametrize("kind", CHECKS)
@pytest.mark.parametrize("query", ["", "?kind=articles"])
def test_who_has_the_answer_gets_304_from_the_list_alone(
    client: Client, newsroom: Newsroom, story: Story, kind: str, query: str, django_assert_max_num_queries: Any
) -> None:
    first = client.get(f"/feed.{kind}{query}")
    with django_assert_max_num_queries(1):
        again = client.get(f"/feed.{kind}{query}", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    dated = client.get(f"/feed.{kind}{query}", headers={"If-Modified-Since": first["Last-Modified"]})
    assert dated.status_code == 304
    newsroom.add(story, newsroom.article("One more", "tass"))
    assert client.get(f"/feed.{kind}{query}", headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("kind", CHECKS)
@pytest.mark.parametrize("query", ["", "?kind=articles"])
def test_hostile_titles_never_break_a_feed(client: Client, newsroom: Newsroom, kind: str, query: str) -> None:
    title = "\x00\x0b\x1f\ufffe]]><script>alert('&amp;')</script> & \u202e \U0001f525"[1:]
    newsroom.story(newsroom.article(title, summary=title, url='https://vlast.example/"><script>'))
    content = client.get(f"/feed.{kind}{query}").content
    CHECKS[kind](content)
    markup = feedparser.parse(content).entries[0].get("content", [{}])[0].get("value", "") if kind == "atom" else ""
    assert "<script" not in markup


def test_hidden_and_excluded_reports_are_in_no_feed(client: Client, newsroom: Newsroom, settings: Any) -> None:
    settings.SOURCES_EXCLUDE = ["state-ru"]
    lead = newsroom.article("Told by an excluded outlet", "tass", summary="Secret words")
    story = newsroom.story(lead, newsroom.article("Told by another"))
    Story.objects.filter(pk=story.pk).update(lead=lead)
    text = client.get("/feed.atom").content.decode() + client.get("/feed.atom?kind=articles").content.decode()
    assert "Secret words" not in text
    assert "tass.example" not in text
    assert "Told by another" in text
    newsroom.story(newsroom.article("Hidden event"), hidden=True)
    assert "Hidden event" not in client.get("/feed.atom").content.decode()


def test_summaries_obey_the_limit_and_headline_only_outlets(client: Client, newsroom: Newsroom, settings: Any) -> None:
    settings.EXTRACT_CHARS = 30
    newsroom.article("Long", summary="word " * 100)
    Source.objects.filter(slug="tass").update(headline_only=True)
    newsroom.article("Headline only", "tass", summary="Kept back")
    found = {entry["title"]: entry for entry in entries(client, "/feed.json?kind=articles")}
    assert len(found["Long"]["summary"]) <= 30
    assert "summary" not in found["Headline only"]
    assert "Kept back" not in found["Headline only"]["content_html"]


@pytest.mark.parametrize("query", ["limit=101", "limit=0", "kind=pictures", "cursor=AAAA", "from=yesterday", "q=%00"])
@pytest.mark.django_db
def test_bad_filters_get_a_plain_refusal(client: Client, query: str) -> None:
    answer = client.get(f"/feed.atom?{query}")
    assert (answer.status_code, answer["Content-Type"]) == (400, "text/plain; charset=utf-8")


@pytest.mark.parametrize(
    "address", ["/countries/atlantis/feed.atom", "/topics/x/feed.rss", "/archive/2026/13/1/feed.json"]
)
@pytest.mark.django_db
def test_a_list_that_is_not_there_has_no_feed(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.django_db
def test_unknown_query_names_lead_to_the_address_without_them(client: Client) -> None:
    answer = client.get("/feed.atom?utm_source=x&language=ru")
    assert (answer.status_code, answer["Location"]) == (302, "/feed.atom?language=ru")


def test_addresses_never_come_from_the_host_header(client: Client, story: Story) -> None:
    assert b"localhost" not in client.get("/feed.atom", headers={"Host": "localhost"}).content


def test_a_feed_of_many_stories_asks_a_fixed_number_of_times(
    client: Client, newsroom: Newsroom, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        newsroom.story(newsroom.article(f"Event {number}"), newsroom.article(f"Event {number}", "tass"))
    client.get("/feed.atom")
    with django_assert_max_num_queries(6):
        client.get("/feed.atom")
    with django_assert_max_num_queries(5):
        client.get("/feed.atom?kind=articles")
    assert Article.objects.count() == 24
