"""Every address of the public surface answers, empty and full, and bad input gets a clear page."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import feedparser
import pytest
from django.test import Client

from articles import grouping
from articles.models import Article, ArticleCountry, ArticleText, ArticleTopic, Country, Feed, Source, Story, Topic

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
PAGES = [
    "/", "/countries/", "/countries/kazakhstan/", "/countries/kyrgyzstan/", "/countries/tajikistan/",
    "/countries/turkmenistan/", "/countries/uzbekistan/", "/countries/russia/", "/topics/", "/topics/energy/",
    "/countries/kazakhstan/energy/", "/entities/kassym-jomart-tokayev/", "/sources/", "/sources/astana-times/",
    "/search/", "/search/?q=rogun", "/archive/2026/11/25/", "/feeds/", "/about/", "/about/method/", "/about/accuracy/",
    "/privacy/", "/contact/", "/corrections/", "/status/", "/api/v1/docs",
]  # fmt: skip
FEEDS = [
    "/feed",
    "/countries/kazakhstan/feed",
    "/topics/energy/feed",
    "/countries/kazakhstan/energy/feed",
    "/search/feed",
]
API = ["articles", "stories", "sources", "countries", "topics", "entities", "feeds", "openapi.json"]


@pytest.fixture
def catalogue(db: None) -> None:
    """The catalogue stands in every test database."""


@pytest.fixture
def story(catalogue: None) -> Story:
    """One event in three outlets of two sides, through the real grouper."""
    titles = (
        ("astana-times", "en", "Kazakhstan opens a new gas pipeline near Aktobe with 300 workers"),
        ("tengrinews", "en", "Kazakhstan opens new gas pipeline near Aktobe, 300 workers hired"),
        ("vlast", "en", "New gas pipeline near Aktobe opened in Kazakhstan, 300 workers hired"),
    )
    for number, (slug, language, title) in enumerate(titles):
        source = Source.objects.get(slug=slug)
        at = NOW - timedelta(hours=3 - number)
        article = Article.objects.create(
            source=source, feed=source.feeds.first(), url=f"https://example.org/{number}", title=title, summary=title,
            language=language, fetched_at=NOW, published_at=at, updated_at=NOW, at=at,
        )  # fmt: skip
        ArticleText.objects.create(article=article, tokens="kazakhstan rogun")
        ArticleCountry.objects.create(
            article=article, country=Country.objects.get(pk="KZ"), score=2, why=["Kazakhstan"], at=at
        )
        ArticleTopic.objects.create(
            article=article, topic=Topic.objects.get(slug="energy"), score=2, why=["gas"], at=at
        )
    assert grouping.group_new() == 3
    return Story.objects.published().newest()[0]


@pytest.mark.parametrize("prefix", ["", "/fr", "/ru"])
@pytest.mark.parametrize("page", [page for page in PAGES if not page.startswith("/api")])
def test_every_page_answers_with_nothing_stored(client: Client, catalogue: None, prefix: str, page: str) -> None:
    assert client.get(prefix + page).status_code == 200


def test_every_page_answers_with_a_story(client: Client, story: Story) -> None:
    for page in PAGES:
        assert client.get(page).status_code == 200, page
    front = client.get("/").content.decode()
    assert story.title in front
    assert client.get(story.get_absolute_url()).status_code == 200
    assert client.get(f"/articles/{story.lead_id}/").status_code == 200


def test_another_slug_leads_to_the_story(client: Client, story: Story) -> None:
    answer = client.get(f"/stories/{story.pk}/something-else/")
    assert (answer.status_code, answer["Location"]) == (301, story.get_absolute_url())


def test_a_merged_story_leads_to_the_one_that_took_it_in(client: Client, story: Story) -> None:
    gone = Story.objects.create(
        title="Gone", slug="gone", first_at=NOW, last_at=NOW, side_added_at=NOW, merged_into=story
    )
    answer = client.get(f"/stories/{gone.pk}/gone/")
    assert (answer.status_code, answer["Location"]) == (301, story.get_absolute_url())


@pytest.mark.parametrize("kind", ["atom", "rss", "json"])
@pytest.mark.parametrize("address", FEEDS)
def test_every_list_has_feeds_that_readers_read(client: Client, story: Story, address: str, kind: str) -> None:
    query = "?q=rogun" if "search" in address else ""
    answer = client.get(f"{address}.{kind}{query}")
    assert answer.status_code == 200
    if kind == "json":
        body = json.loads(answer.content)
        assert body["version"] == "https://jsonfeed.org/version/1.1"
        assert [item["title"] for item in body["items"]] == [story.title]
    else:
        parsed = feedparser.parse(answer.content)
        assert not parsed.bozo
        assert [entry.title for entry in parsed.entries] == [story.title]
    assert client.get(f"{address}.{kind}{query}", headers={"If-None-Match": answer["ETag"]}).status_code == 304


@pytest.mark.parametrize("name", API)
def test_the_api_answers(client: Client, story: Story, name: str) -> None:
    answer = client.get(f"/api/v1/{name}")
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_the_api_gives_the_story_with_its_articles(client: Client, story: Story) -> None:
    found = client.get(f"/api/v1/stories/{story.pk}").json()
    assert found["source_count"] == len({article["source"]["slug"] for article in found["articles"]})
    assert found["countries"] == ["KZ"]
    assert found["topics"] == ["energy"]
    assert found["articles"][0]["countries"] == [{"code": "KZ", "score": 2.0, "manual": False, "why": ["Kazakhstan"]}]


def test_api_paging_goes_through_everything_once(client: Client, story: Story) -> None:
    seen = []
    address = "/api/v1/articles?limit=2"
    while address:
        body = client.get(address).json()
        seen += [item["id"] for item in body["items"]]
        address = body["next"]
    assert sorted(seen) == sorted(Article.objects.values_list("pk", flat=True))


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/articles?limit=0",
        "/api/v1/articles?from=yesterday",
        "/api/v1/stories?cursor=AAAA",
        "/api/v1/stories?x=1",
    ],
)
def test_bad_api_input_is_a_problem_document(client: Client, catalogue: None, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("address", ["/api/v1/nothing", "/api/v1/stories/999999"])
def test_what_is_not_there_is_a_problem_document(client: Client, catalogue: None, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/countries/atlantis/", 404),
        ("/topics/nothing/", 404),
        ("/archive/2026/13/45/", 404),
        ("/stories/999/", 404),
        ("/countries/kazakhstan/?cursor=abc", 400),
        ("/countries/kazakhstan/?from=never", 400),
        ("/nowhere/", 404),
    ],
)
def test_bad_addresses_get_a_clear_page(client: Client, catalogue: None, address: str, status: int) -> None:
    assert client.get(address).status_code == status


def test_unknown_query_names_lead_to_the_address_without_them(client: Client, catalogue: None) -> None:
    answer = client.get("/countries/kazakhstan/?utm_source=x&language=ru")
    assert (answer.status_code, answer["Location"]) == (302, "/countries/kazakhstan/?language=ru")


@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/metrics", "/robots.txt", "/sitemap.xml", "/feeds.opml"])
def test_programs_get_their_answers(client: Client, catalogue: None, address: str) -> None:
    assert client.get(address).status_code == 200


def test_metrics_are_for_the_operator_alone(client: Client, catalogue: None) -> None:
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 403


def test_a_hidden_article_is_nowhere(client: Client, story: Story) -> None:
    Article.objects.update(hidden=True)
    assert client.get("/api/v1/articles").json()["items"] == []
    assert client.get(f"/articles/{story.lead_id}/").status_code == 404


def test_markup_of_a_title_is_text(client: Client, story: Story) -> None:
    Article.objects.update(title="<script>alert(1)</script>")
    Story.objects.update(title="<script>alert(1)</script>")
    for address in ("/", story.get_absolute_url(), f"/articles/{story.lead_id}/", "/sources/vlast/"):
        assert "<script>alert" not in client.get(address).content.decode()


def test_no_feed_address_shows_its_key(client: Client, catalogue: None) -> None:
    Feed.objects.filter(pk=Feed.objects.first().pk).update(url="https://user:secret@example.org/?api_key=hidden")  # type: ignore[union-attr]
    assert "secret" not in client.get("/api/v1/feeds").content.decode()
