"""``manage.py fetch``: what it prints, with which status it ends, and that no feed stops another."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from articles import pipeline
from articles.models import Article, Feed, FetchEvent, Source, Term
from tests.feed_server import FeedServer

ITEM = "<item><guid>{n}</guid><title>{title}</title><link>https://paper.example/{slug}</link></item>"
FIELDS = {
    "feeds", "changed", "unchanged", "failed", "articles_new", "articles_updated", "stories_new", "seconds",
    "group_seconds",
}  # fmt: skip


def rss(*titles: str) -> bytes:
    items = "".join(
        ITEM.format(n=n, title=title, slug=title.lower().replace(" ", "-")) for n, title in enumerate(titles)
    )
    return f'<rss version="2.0"><channel><title>Paper</title>{items}</channel></rss>'.encode()


@pytest.fixture
def outlet(settings: Any) -> Iterator[FeedServer]:
    """An outlet on loopback that the fetcher may reach."""
    with FeedServer() as server:
        settings.FETCH_ALLOW_NETWORKS = [f"127.0.0.1/32:{server.port}"]
        pipeline.fetch_settings.cache_clear()
        yield server
    pipeline.fetch_settings.cache_clear()


@pytest.fixture
def paper(db: None) -> Source:
    Feed.objects.all().delete()
    return Source.objects.create(slug="paper", name="Paper", owner="paper")


def feed_at(paper: Source, url: str) -> Feed:
    """A due feed of the outlet, all of which counts."""
    return paper.feeds.create(url=url, current_url=url, all_relevant=True)


def fetch(*args: str, status: int = 0) -> dict[str, Any]:
    """The last line of what it prints."""
    out = StringIO()
    if status:
        with pytest.raises(SystemExit) as caught:
            call_command("fetch", *args, "--json", stdout=out)
        assert caught.value.code == status
    else:
        call_command("fetch", *args, "--json", stdout=out)
    return dict(json.loads(out.getvalue().splitlines()[-1]))


def test_its_line_of_json_has_the_figures_and_a_second_run_adds_nothing(paper: Source, outlet: FeedServer) -> None:
    feed_at(paper, outlet.put("/feed", rss("Tashkent opens a bridge", "Dushanbe counts its bees")))
    first = fetch("--all")
    assert set(first) == FIELDS
    assert {name: first[name] for name in ("feeds", "changed", "failed", "articles_new", "stories_new")} == {
        "feeds": 1, "changed": 1, "failed": 0, "articles_new": 2, "stories_new": 2,
    }  # fmt: skip
    second = fetch("--all")
    assert (second["unchanged"], second["articles_new"], second["stories_new"]) == (1, 0, 0)
    assert fetch("--due")["feeds"] == 0


def test_a_feed_that_fails_stops_no_other_and_keeps_its_articles(paper: Source, outlet: FeedServer) -> None:
    bad = feed_at(paper, outlet.put("/bad", rss("Osh plants walnut trees")))
    feed_at(paper, outlet.put("/good", rss("Almaty repairs its tram")))
    fetch("--all")
    outlet.put("/bad", b"<html><body>Sorry</body></html>", Content_Type="text/html")
    outlet.put("/good", rss("Almaty repairs its tram", "Aktau loads a ship"))
    again = fetch("--all")
    assert (again["failed"], again["articles_new"]) == (1, 1)
    assert Article.objects.filter(feed=bad).count() == 1
    bad.refresh_from_db()
    assert bad.outcome != Feed.Outcome.OK
    assert bad.enabled


def test_a_bug_of_ours_on_one_feed_stops_no_other(
    paper: Source, outlet: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurt = feed_at(paper, outlet.put("/a", rss("A report")))
    feed_at(paper, outlet.put("/b", rss("Another report")))
    real = pipeline.store_answer

    def breaks(feed: Feed, *args: Any, **kwargs: Any) -> Any:
        if feed.pk == hurt.pk:
            raise ZeroDivisionError
        return real(feed, *args, **kwargs)

    monkeypatch.setattr(pipeline, "store_answer", breaks)
    counted = fetch("--all")
    assert (counted["failed"], counted["articles_new"]) == (1, 1)
    assert FetchEvent.objects.filter(feed=hurt).exists()


def test_status_is_one_when_all_failed_and_two_for_an_address_that_is_not_ours(
    paper: Source, outlet: FeedServer
) -> None:
    feed_at(paper, outlet.url("/nowhere"))
    fetch("--all", status=1)
    with pytest.raises(CommandError, match="no feed of ours") as caught:
        call_command("fetch", "https://else.example/feed")
    assert caught.value.returncode == 2


def test_nothing_due_is_no_error(paper: Source) -> None:
    assert fetch("--due")["feeds"] == 0


def test_a_dry_run_prints_each_stage_and_stores_nothing(paper: Source, outlet: FeedServer) -> None:
    feed = feed_at(paper, outlet.put("/feed", rss("Bukhara restores a caravanserai in Uzbekistan")))
    out = StringIO()
    call_command("fetch", feed.url, "--dry-run", stdout=out)
    said = out.getvalue()
    for word in ("fetch", "parse", "clean", "tag", "Bukhara", "UZ"):
        assert word in said
    assert not Article.objects.exists()
    assert not FetchEvent.objects.exists()
    feed.refresh_from_db()
    assert feed.last_fetched_at is None


def test_an_empty_lexicon_is_no_obstacle(paper: Source, outlet: FeedServer) -> None:
    Term.objects.all().delete()
    paper.feeds.create(url=outlet.put("/feed", rss("Khujand bakes a large loaf")))
    assert fetch("--all")["articles_new"] == 1
    assert not Article.objects.get().relevant
