"""The JSON API: fields, filters, paging, and refusals as problem documents."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from articles.models import Article, Country, Feed, Source, Story
from articles.publish.api import limits
from articles.store import statistics
from tests.publish.newsroom import NOW, Newsroom

LISTS = ["articles", "stories", "sources", "countries", "topics", "entities", "feeds"]
ARTICLE = {
    "id", "url", "title", "summary", "language", "published_at", "fetched_at", "updated_at", "relevant", "source",
    "feed_url", "feed_current_url", "countries", "topics", "entities", "story_id", "sample",
}  # fmt: skip
STORY = {
    "id", "url", "title", "first_published_at", "last_published_at", "article_count", "source_count", "languages",
    "perspectives", "ownerships", "countries", "topics", "entities", "score", "lead_article_id", "merged_into",
}  # fmt: skip
FEED = {
    "url", "current_url", "source", "outcome", "status", "message", "last_fetched_at", "next_fetch_at", "articles",
}  # fmt: skip


def items(client: Client, address: str) -> list[dict[str, Any]]:
    answer = client.get(f"/api/v1/{address}")
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


@pytest.fixture
def story(newsroom: Newsroom) -> Story:
    reports = [newsroom.article(f"Gas pipeline opens, says {name}", name) for name in ("vlast", "kazinform", "tass")]
    return newsroom.story(*reports)


@pytest.mark.parametrize("name", ["articles", "stories"])
@pytest.mark.django_db
def test_a_list_answers_when_nothing_is_stored(client: Client, name: str) -> None:
    assert client.get(f"/api/v1/{name}").json() == {"next": None, "items": []}


def test_an_article_has_every_field(client: Client, story: Story) -> None:
    found = items(client, "articles?source=vlast")
    assert len(found) == 1
    assert set(found[0]) == ARTICLE
    assert found[0]["published_at"] == "2026-11-25T08:59:00Z"
    assert found[0]["countries"] == [{"code": "KZ", "score": 2.0, "manual": False, "why": ["Astana"]}]
    assert found[0]["topics"] == [{"slug": "energy", "score": 1.5, "manual": False, "why": ["gas"]}]
    assert found[0]["entities"] == [{"slug": "rogun-dam", "type": "infrastructure"}]
    assert found[0]["source"] == {
        "slug": "vlast", "name": "Vlast", "owner": "own-vlast", "ownership": "independent", "perspective": "kz",
    }  # fmt: skip
    assert (found[0]["story_id"], found[0]["sample"]) == (story.pk, False)


def test_a_story_has_every_field(client: Client, story: Story) -> None:
    [found] = items(client, "stories")
    assert set(found) == STORY
    assert found["url"] == f"http://testserver{story.get_absolute_url()}"
    assert found["perspectives"] == {"kz": 2, "ru": 1}
    assert found["ownerships"] == {"state": 2, "independent": 1}
    assert (found["countries"], found["topics"], found["entities"]) == (["KZ"], ["energy"], ["rogun-dam"])
    assert (found["article_count"], found["source_count"], found["merged_into"]) == (3, 3, None)


def test_one_story_gives_its_articles_in_order(client: Client, story: Story) -> None:
    found = client.get(f"/api/v1/stories/{story.pk}").json()
    assert set(found) == STORY | {"articles"}
    times = [article["published_at"] for article in found["articles"]]
    assert len(times) == 3
    assert times == sorted(times)


def test_a_feed_has_every_field_and_its_password_is_masked(client: Client, newsroom: Newsroom) -> None:
    Feed.objects.filter(source__slug="vlast").update(url="https://me:secret@vlast.example/feed?token=abc")
    found = {feed["source"]: feed for feed in items(client, "feeds?limit=200")}
    assert set(found["vlast"]) == FEED
    assert found["vlast"]["url"] == "https://***@vlast.example/feed?token=***"


def test_stories_about_none_of_the_five_are_there(client: Client, newsroom: Newsroom) -> None:
    newsroom.story(newsroom.article("A far place", countries=()))
    assert [found["title"] for found in items(client, "stories")] == ["A far place"]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("country=KZ", 2), ("country=kazakhstan", 2), ("country=RU", 1), ("topic=energy", 2), ("topic=water", 0),
        ("entity=rogun-dam", 2), ("source=vlast", 1), ("language=ru", 1), ("perspective=ru", 1), ("owner=state-ru", 1),
        ("q=pipeline", 1), ("q=%D0%B3%D0%B0%D0%B7", 1), ("from=2026-11-25", 1), ("to=2026-11-24", 1),
        ("from=2026-11-20&to=2026-11-25", 2), ("feed_url=https://tass.ru/rss/v2.xml", 1), ("relevant=any", 2),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["articles", "stories"])
def test_filters_narrow_both_lists(client: Client, newsroom: Newsroom, name: str, query: str, count: int) -> None:
    newsroom.story(newsroom.article("A pipeline opens"))
    old = NOW - timedelta(days=1, hours=12)
    newsroom.story(newsroom.article("Новый газ", "tass", language="ru", countries=("KZ", "RU"), at=old))
    assert len(items(client, f"{name}?{query}")) == count


def test_irrelevant_articles_come_only_when_asked_for(client: Client, newsroom: Newsroom) -> None:
    newsroom.article("Of the region")
    newsroom.article("Football", relevant=False)
    titles = {
        asked: [found["title"] for found in items(client, f"articles?relevant={asked}")]
        for asked in ("true", "false", "any")
    }
    assert titles == {"true": ["Of the region"], "false": ["Football"], "any": ["Of the region", "Football"]}
    assert len(items(client, "articles")) == 1


def test_what_is_hidden_or_excluded_is_nowhere(client: Client, newsroom: Newsroom, settings: Any) -> None:
    settings.SOURCES_EXCLUDE = ["state-ru"]
    hidden = newsroom.article("Hidden report", hidden=True)
    newsroom.article("Excluded report", "tass")
    Source.objects.filter(slug="kazinform").update(hidden=True)
    newsroom.article("Report of a hidden outlet", "kazinform")
    story = newsroom.story(newsroom.article("A shown report"), hidden, hidden=True)
    assert [found["title"] for found in items(client, "articles?relevant=any")] == ["A shown report"]
    assert items(client, "stories") == []
    assert client.get(f"/api/v1/stories/{story.pk}").status_code == 404
    outlets = {found["slug"] for found in items(client, "sources?limit=200")}
    assert outlets & {"vlast", "kazinform", "tass"} == {"vlast"}
    feeds = {found["source"] for found in items(client, "feeds?limit=200")}
    assert feeds & {"vlast", "kazinform", "tass"} == {"vlast"}
    assert "Excluded" not in b"".join(client.get("/api/v1/export.jsonl")).decode()


def test_a_headline_only_outlet_has_no_summary_and_others_a_short_one(
    client: Client, newsroom: Newsroom, settings: Any
) -> None:
    settings.EXTRACT_CHARS = 40
    Source.objects.filter(slug="tass").update(headline_only=True)
    newsroom.article("Long", summary="word " * 100)
    newsroom.article("Short", "tass")
    lengths = {found["title"]: len(found["summary"]) for found in items(client, "articles")}
    assert lengths["Short"] == 0
    assert 0 < lengths["Long"] <= 40


def test_a_merged_story_says_into_which(client: Client, newsroom: Newsroom, story: Story) -> None:
    gone = newsroom.story(newsroom.article("The same again"), merged_into=story)
    found = client.get(f"/api/v1/stories/{gone.pk}").json()
    assert (found["merged_into"], gone.pk in [row["id"] for row in items(client, "stories")]) == (story.pk, False)


@pytest.mark.parametrize(("name", "limit"), [("articles", 2), ("stories", 2), ("countries", 20), ("feeds", 150)])
def test_pages_hold_everything_once_while_news_arrive(
    client: Client, newsroom: Newsroom, name: str, limit: int
) -> None:
    for number in range(5):
        newsroom.story(newsroom.article(f"Event {number}"))
    whole = {"articles": 5, "stories": 5, "countries": Country.objects.count(), "feeds": Feed.objects.count()}
    seen: list[str] = []
    address: str | None = f"http://testserver/api/v1/{name}?limit={limit}"
    while address:
        page = client.get(address).json()
        assert len(page["items"]) <= limit
        seen += [str(item.get("id") or item.get("code") or item["url"]) for item in page["items"]]
        newsroom.story(newsroom.article("Breaking", at=NOW))
        address = page["next"]
    assert len(seen) == len(set(seen)) == whole[name]


@pytest.mark.parametrize(
    "address",
    [
        "articles?limit=0", "articles?limit=201", "articles?limit=x", "articles?from=yesterday", "articles?nothing=1",
        "articles?relevant=maybe", "articles?perspective=mars", "articles?country=atlantis", "articles?q=%00",
        "articles?country=KZ&country=UZ", "articles?cursor=AAAA", "articles?cursor=%FF", "stories?cursor=e30",
        "stories?sort=upwards", "stories?story=99999999999999999999999", "sources?cursor=AAAA", "feeds?country=KZ",
        "countries?cursor=cGs6", "stats?by=colour", "stats?from=2020-01-01&to=2026-01-01", "export.csv?cursor=x",
    ],
)  # fmt: skip
def test_bad_input_is_a_problem_document(client: Client, newsroom: Newsroom, address: str) -> None:
    answer = client.get(f"/api/v1/{address}")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    document = answer.json()
    assert (document["status"], document["title"]) == (400, "Bad Request")
    assert document["detail"]


def test_a_cursor_of_another_list_is_refused(client: Client, newsroom: Newsroom) -> None:
    for number in range(3):
        newsroom.story(newsroom.article(f"Event {number}"))
    cursor = client.get("/api/v1/articles?limit=1").json()["next"].partition("cursor=")[2]
    assert client.get(f"/api/v1/stories?cursor={cursor}").status_code == 400
    assert client.get(f"/api/v1/sources?cursor={cursor}").status_code == 400


@pytest.mark.parametrize(
    "address", ["v1/nothing", "v1/stories/999", "v1/stories/99999999999999999999", "v2/articles", ""]
)
@pytest.mark.django_db
def test_nothing_there_is_a_problem_document(client: Client, address: str) -> None:
    answer = client.get(f"/api/{address}")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert answer["Access-Control-Allow-Origin"] == "*"


@pytest.mark.django_db
def test_writing_is_refused_and_other_origins_may_read(client: Client) -> None:
    refused = client.post("/api/v1/articles", {})
    assert (refused.status_code, refused["Content-Type"]) == (405, "application/problem+json")
    asked = client.options("/api/v1/articles", headers={"Origin": "https://elsewhere.example"})
    assert (asked.status_code, asked["Access-Control-Allow-Origin"]) == (204, "*")
    assert client.get("/api/v1/articles")["Access-Control-Allow-Origin"] == "*"
    assert client.head("/api/v1/articles").status_code == 200


def test_an_unchanged_answer_is_not_sent_twice(client: Client, story: Story) -> None:
    first = client.get("/api/v1/stories")
    again = client.get("/api/v1/stories", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Article.objects.filter(story=story).update(title="New")
    Story.objects.filter(pk=story.pk).update(title="New")
    assert client.get("/api/v1/stories", headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.django_db
def test_who_asks_too_often_is_told_when_to_go_on(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PER_MINUTE", 3)
    monkeypatch.setattr("time.time", lambda: 1_000_000.0)
    statuses = [client.get("/api/v1/topics").status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    assert 0 < int(client.get("/api/v1/topics")["Retry-After"]) <= 61
    assert client.get("/api/v1/topics", REMOTE_ADDR="192.0.2.7").status_code == 200


def test_addresses_never_come_from_the_host_header(client: Client, story: Story) -> None:
    found = client.get("/api/v1/stories?limit=1", headers={"Host": "localhost"}).content
    assert b"localhost" not in found


def test_lists_ask_the_database_a_fixed_number_of_times(
    client: Client, newsroom: Newsroom, django_assert_max_num_queries: Any
) -> None:
    for number in range(8):
        newsroom.story(newsroom.article(f"Event {number}"), newsroom.article(f"Event {number}", "tass"))
    for name, most in (("articles", 5), ("stories", 5), ("sources", 3), ("feeds", 1), ("entities", 3)):
        with django_assert_max_num_queries(most):
            items(client, name)


def test_the_description_names_every_operation(client: Client, newsroom: Newsroom) -> None:
    schema = client.get("/api/v1/openapi.json").json()
    assert schema["openapi"].startswith("3.1")
    assert {f"/api/v1/{name}" for name in LISTS} <= set(schema["paths"])
    fields = set(schema["components"]["schemas"]["ArticleOut"]["properties"])
    assert fields == ARTICLE
    page = client.get("/api/v1/docs").content.decode()
    assert all(path in page for path in schema["paths"])


def test_figures_by_day_count_what_is_shown(client: Client, newsroom: Newsroom) -> None:
    newsroom.article("One")
    newsroom.article("Two", "tass", at=NOW - timedelta(days=1), countries=("KZ", "RU"))
    newsroom.article("Hidden", hidden=True)
    for day in (24, 25):
        statistics.remake(date(2026, 11, day))
    asked = "/api/v1/stats?from=2026-11-24&to=2026-11-25&by="
    found = {by: client.get(asked + by).json()["items"] for by in ("country", "perspective", "topic", "source")}
    assert [(row["day"], row["key"], row["articles"], row["state"]) for row in found["country"]] == [
        ("2026-11-24", "KZ", 1, 1),
        ("2026-11-24", "RU", 1, 1),
        ("2026-11-25", "KZ", 1, 0),
    ]
    assert [(row["day"], row["key"]) for row in found["perspective"]] == [("2026-11-24", "ru"), ("2026-11-25", "kz")]
    assert {row["key"] for row in found["topic"]} == {"energy"}
    assert [row["key"] for row in found["source"]] == ["tass", "vlast"]
    [russia] = client.get(asked + "country&key=RU").json()["items"]
    assert (russia["perspectives"], russia["languages"], russia["stories"]) == ({"ru": 1}, {"en": 1}, 0)


def test_figures_of_one_key_may_cover_years(client: Client, newsroom: Newsroom) -> None:
    assert client.get("/api/v1/stats?from=2017-01-01&to=2026-11-25&key=KZ").status_code == 200
    assert client.get("/api/v1/stats?from=2017-01-01&to=2026-11-25").status_code == 400
