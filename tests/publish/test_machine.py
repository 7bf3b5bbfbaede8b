"""What programs read: health, metrics, site maps, robots, lists of feeds."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from articles.models import Feed, Source, Topic
from articles.publish import sitemaps
from tests.publish.newsroom import NOW, Newsroom
from tests.servers import free_port

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


def locations(client: Client, path: str) -> list[str]:
    answer = client.get(path)
    assert answer.status_code == 200
    return [str(found.text) for found in ElementTree.fromstring(answer.content).iter(f"{SITEMAP}loc")]


@pytest.mark.django_db
def test_a_site_that_works_says_so_with_the_age_of_its_work(client: Client, newsroom: Newsroom) -> None:
    Feed.objects.update(next_fetch_at=timezone.now() - timedelta(seconds=90))
    newsroom.article("Waits for its story", fetched_at=timezone.now(), at=NOW)
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    body = answer.json()
    assert (answer.status_code, body["ready"], body["database"], body["broker"]) == (200, True, "ok", "ok")
    assert 80 < body["oldest_due_feed_seconds"] < 600
    assert body["oldest_ungrouped_article_seconds"] >= 0


@pytest.mark.django_db
def test_a_site_without_its_broker_is_not_ready(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["ready"], answer.json()["database"]) == (503, False, "ok")
    settings.REDIS_URL = ""
    settings.QUEUE_DIR = settings.DATA_DIR = tmp_path / "gone"
    assert client.get("/readyz").status_code == 503


@pytest.mark.django_db
def test_metrics_are_for_the_operator(client: Client, newsroom: Newsroom) -> None:
    newsroom.story(newsroom.article("An event"))
    text = client.get("/metrics").content.decode()
    assert 'orta_feeds{outcome="never"}' in text
    assert "# TYPE orta_articles_total counter" in text
    assert 'orta_queue_messages{queue="fetch"} 0' in text
    for line in text.splitlines():
        assert line.startswith("# ") or float(line.rpartition(" ")[2]) >= 0
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 403


def test_site_maps_name_every_page_once(client: Client, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "PART", 2)
    made = [newsroom.story(newsroom.article(f"Event {number}")) for number in range(3)]
    newsroom.story(newsroom.article("Hidden"), hidden=True)
    found: list[str] = []
    for part in locations(client, "/sitemap.xml"):
        assert part.startswith("http://testserver/sitemaps/")
        if not part.endswith("news.xml"):
            found += locations(client, part)
    assert len(found) == len(set(found))
    wanted = {f"http://testserver{story.get_absolute_url()}" for story in made}
    assert wanted <= set(found)
    assert not any("hidden" in address for address in found)
    assert "http://testserver/countries/kazakhstan/" in found


def test_the_news_site_map_holds_what_is_new(client: Client, newsroom: Newsroom) -> None:
    now = timezone.now()
    fresh = newsroom.story(newsroom.article("Fresh & new", at=now - timedelta(hours=1), fetched_at=now))
    newsroom.story(newsroom.article("Old", at=now - timedelta(days=5), fetched_at=now))
    assert locations(client, "/sitemaps/news.xml") == [f"http://testserver{fresh.get_absolute_url()}"]
    root = ElementTree.fromstring(client.get("/sitemaps/news.xml").content)
    assert [title.text for title in root.iter(f"{NEWS}title")] == ["Fresh & new"]


@pytest.mark.django_db
def test_robots_may_read_the_news_but_nothing_of_the_sample(client: Client, settings: Any) -> None:
    assert "Disallow: /search/" in client.get("/robots.txt").content.decode()
    assert "Sitemap: http://testserver/sitemap.xml" in client.get("/robots.txt").content.decode()
    settings.SAMPLE_EDITION = True
    assert "Disallow: /\n" in client.get("/robots.txt").content.decode()
    assert "invented" in client.get("/llms.txt").content.decode()


@pytest.mark.django_db
def test_llms_txt_names_the_api_and_the_feeds(client: Client) -> None:
    text = client.get("/llms.txt").content.decode()
    assert text.startswith("# Orta\n")
    assert "http://testserver/api/v1/openapi.json" in text
    assert "http://testserver/feeds.opml" in text


@pytest.mark.django_db
def test_every_feed_of_the_opml_answers(client: Client) -> None:
    root = ElementTree.fromstring(client.get("/feeds.opml").content)
    addresses = [line.get("xmlUrl", "") for line in root.iter("outline") if line.get("xmlUrl")]
    assert "http://testserver/feed.atom" in addresses
    assert "http://testserver/topics/energy/feed.atom" in addresses
    assert "http://testserver/countries/kazakhstan/energy/feed.atom" in addresses
    assert len(addresses) == len(set(addresses)) > 300
    for address in addresses[:: len(addresses) // 25]:
        assert client.get(address).status_code == 200, address


@pytest.mark.django_db
def test_the_outlets_own_feeds_can_be_had_by_country_without_keys(client: Client) -> None:
    Feed.objects.filter(source__slug="vlast").update(url="https://vlast.example/feed?token=secret1")
    Source.objects.filter(slug="tass").update(hidden=True)
    text = client.get("/outlets/kazakhstan.opml").content.decode()
    assert "inform.kz" in text
    assert "secret1" not in text
    assert "tass.ru" not in client.get("/outlets.opml").content.decode()
    assert client.get("/outlets/atlantis.opml").status_code == 404


@pytest.mark.parametrize("path", ["/robots.txt", "/llms.txt", "/feeds.opml", "/sitemap.xml", "/sitemaps/pages.xml"])
@pytest.mark.django_db
def test_who_has_the_answer_is_not_sent_it_again(client: Client, path: str) -> None:
    first = client.get(path)
    assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304


@pytest.mark.django_db
def test_retired_topics_are_in_no_list(client: Client) -> None:
    Topic.objects.filter(slug="energy").update(retired=True)
    assert "/topics/energy/" not in client.get("/sitemaps/pages.xml").content.decode()
