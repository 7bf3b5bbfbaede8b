"""Outlets and feeds on the desk: a site with its feeds, merging, lists of subscriptions, readers' proposals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from articles import pipeline
from articles.models import Article, Decision, Feed, Source, Suggestion
from tests.desk.people import person, signed_in
from tests.feed_server import FeedServer
from tests.publish.newsroom import Newsroom

ADD = "/admin/articles/source/add-site/"
OPML = "/admin/articles/source/opml/"
PAGE = b"""<!doctype html><html><head><title>The Steppe &amp; River</title>
<link rel="alternate" type="application/rss+xml" href="/feed/">
<link rel="alternate" type="application/atom+xml" href="/broken/">
</head><body>Hello</body></html>"""
RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Steppe news</title><link>/</link>
<item><title>Kazakhstan and Uzbekistan agree on water for the Syr Darya</title><link>/a</link></item>
<item><title>Cotton harvest ends in Tajikistan, the ministry of agriculture says</title><link>/b</link></item>
</channel></rss>"""


@pytest.fixture
def manager(db: None) -> Client:
    return signed_in(person("source manager"))


@pytest.fixture
def site(settings: Settings) -> Iterator[FeedServer]:
    with FeedServer() as server:
        settings.FETCH_ALLOW_NETWORKS = [f"127.0.0.1/32:{server.port}"]
        pipeline.fetch_settings.cache_clear()
        server.put("/", PAGE, Content_Type="text/html")
        server.put("/feed/", RSS)
        server.put("/broken/", b"<html><body>no feed</body></html>", Content_Type="text/html")
        yield server
    pipeline.fetch_settings.cache_clear()


def filled(url: str, **fields: Any) -> dict[str, Any]:
    return {
        "site": "http://127.0.0.1/", "feed": [url], "title": [f"{url} Steppe news"], "language": [f"{url} en"],
        "name": "The Steppe", "owner": "steppe", "ownership": "independent", "perspective": "kz",
        "basis": "its imprint", "verified": "on", **fields,
    }  # fmt: skip


def test_a_sites_feeds_are_found_previewed_with_tags_and_taken_in_with_labels(
    manager: Client, site: FeedServer
) -> None:
    page = manager.get(ADD, {"site": site.url("/")}).content.decode()
    assert "Steppe news" in page
    assert "Kazakhstan and Uzbekistan agree" in page
    assert all(f"<span>{tag}</span>" in page for tag in ("KZ", "UZ", "water"))
    assert "The Steppe &amp; River" in page
    assert Source.objects.filter(name__contains="Steppe").count() == 0, "nothing is stored before the yes"
    answer = manager.post(ADD, filled(site.url("/feed/")))
    source = Source.objects.get(name="The Steppe")
    assert answer.headers["Location"] == reverse("admin:articles_source_change", args=[source.pk])
    assert (source.ownership, source.perspective, source.owner) == ("independent", "kz", "steppe")
    assert source.feeds.get().url == site.url("/feed/")
    assert {(label.basis, label.verified) for label in source.labels.all()} == {("its imprint", True)}
    assert Decision.objects.get().target == "source"


def test_a_site_that_advertises_no_feed_is_asked_at_the_usual_places(manager: Client, site: FeedServer) -> None:
    site.put("/", b"<!doctype html><title>Plain</title>", Content_Type="text/html")
    assert "Steppe news" in manager.get(ADD, {"site": site.url("/")}).content.decode()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://192.168.1.1/", "public internet"),
        ("http://[::1]/", "no web address"),
        ("ftp://example.org/", "no web address"),
        ("javascript:alert(1)", "no web address"),
        ("x" * 2000, "no web address"),
        ("http://169.254.169.254/latest/", "public internet"),
    ],
)
def test_an_address_that_may_not_be_asked_is_refused_in_words(manager: Client, address: str, said: str) -> None:
    page = manager.get(ADD, {"site": address}).content.decode()
    assert said in page
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": " "}, "its name"),
        ({"feed": []}, "at least one feed"),
        ({"ownership": "king"}, "who owns it"),
        ({"feed": ["nonsense"]}, "no web address"),
    ],
)
def test_an_incomplete_outlet_is_not_half_stored(manager: Client, fields: dict[str, Any], said: str) -> None:
    before = Source.objects.count(), Feed.objects.count()
    assert said in manager.post(ADD, filled("https://example.org/feed", **fields)).content.decode()
    assert (Source.objects.count(), Feed.objects.count()) == before
    known = Feed.objects.all()[0]
    assert "known already" in manager.post(ADD, filled(known.url)).content.decode()


def test_two_outlets_become_one_and_can_be_parted_again(newsroom: Newsroom) -> None:
    client = signed_in(person("administrator"))
    kept, gone = Source.objects.get(slug="vlast"), Source.objects.get(slug="kazinform")
    newsroom.article("Same", "vlast", url_key="same")
    twin = newsroom.article("Same", "kazinform", url_key="same")
    feeds = gone.feeds.count()
    where = f"/admin/articles/source/{kept.pk}/merge/"
    assert b"with itself" in client.post(where, {"other": "vlast"}, follow=True).content
    assert b"short name" in client.post(where, {"other": "nobody"}, follow=True).content
    client.post(where, {"other": "/sources/kazinform/", "reason": "one newsroom"})
    assert Client().get("/sources/kazinform/").headers["Location"] == "/sources/vlast/"
    twin.refresh_from_db()
    assert twin.source == kept
    decision = Decision.objects.get(action="merge")
    client.post(f"/admin/articles/decision/{decision.pk}/undo/")
    gone.refresh_from_db()
    assert (gone.hidden, gone.merged_into, gone.feeds.count()) == (False, None, feeds)
    assert Article.objects.get(pk=twin.pk).source == gone


def test_a_feed_is_paused_in_one_step_and_each_button_leaves_a_decision(manager: Client) -> None:
    feed = Feed.objects.order_by("pk")[0]
    manager.post("/admin/articles/feed/", {"switch": str(feed.pk)})
    feed.refresh_from_db()
    assert not feed.enabled
    do = f"/admin/articles/feed/{feed.pk}/do/"
    manager.post(do, {"do": "resume"})
    Feed.objects.filter(pk=feed.pk).update(failures=7, etag="x", outcome="timeout")
    manager.post(do, {"do": "reset"})
    manager.post(do, {"do": "address", "address": "https://new.example.org/feed"})
    feed.refresh_from_db()
    assert (feed.enabled, feed.failures, feed.etag) == (True, 0, "")
    assert feed.current_url == "https://new.example.org/feed"
    assert b"no web address" in manager.post(do, {"do": "address", "address": "nope"}, follow=True).content
    other = Feed.objects.order_by("pk")[1]
    taken = manager.post(do, {"do": "address", "address": other.current_url}, follow=True)
    assert b"Another feed has this address" in taken.content
    done = list(Decision.objects.order_by("pk").values_list("action", flat=True))
    assert done == ["pause", "resume", "reset", "address"]
    manager.post(f"/admin/articles/decision/{Decision.objects.get(action='address').pk}/undo/")
    feed.refresh_from_db()
    assert feed.current_url == feed.url


def test_a_feeds_page_shows_its_fetches_and_hides_its_secrets(manager: Client) -> None:
    feed = Feed.objects.order_by("pk")[0]
    Feed.objects.filter(pk=feed.pk).update(
        url="https://u:secret@example.org/f", current_url="https://u:secret@example.org/f"
    )
    page = manager.get(f"/admin/articles/feed/{feed.pk}/change/").content.decode()
    assert "The last 30 fetches" in page
    assert "secret" not in page
    assert b"Fetch now" not in signed_in(person("editor")).get(f"/admin/articles/feed/{feed.pk}/change/").content


def outlines(count: int) -> bytes:
    rows = "".join(f'<outline text="o{n}" xmlUrl="https://o{n}.example.org/feed"/>' for n in range(count))
    return f'<opml version="2.0"><body>{rows}</body></opml>'.encode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"not xml at all", "The XML is broken"),
        (b"<rss/>", "no OPML"),
        (b"", "broken"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><opml/>', "refused"),
        (outlines(50_000), "more than 10,000"),
        (b"<opml><body/></opml>", "no address"),
    ],
    ids=["text", "rss", "empty", "entities", "50,000 outlines", "no feeds"],
)
def test_a_file_that_is_no_list_of_feeds_is_refused_whole(manager: Client, data: bytes, said: str) -> None:
    before = Feed.objects.count()
    page = manager.post(OPML, {"file": SimpleUploadedFile("x.opml", data)}).content.decode()
    assert said in page
    assert Feed.objects.count() == before


def test_subscriptions_go_in_and_out(manager: Client) -> None:
    manager.post(OPML, {"file": SimpleUploadedFile("x.opml", outlines(3))})
    assert Source.objects.filter(needs_review=True).count() == 3
    assert b"https://o2.example.org/feed" in manager.get(f"{OPML}export/").content
    assert b"Choose a file" in manager.post(OPML).content


def test_a_readers_proposal_waits_for_an_editor(manager: Client) -> None:
    reader = Client()
    assert reader.get("/sources/suggest/").status_code == 200
    answer = reader.post(
        "/sources/suggest/", {"url": "steppe.example.org", "name": "<b>Steppe</b>", "why": "It is good"}
    )
    assert b"Thank you" in answer.content
    reader.post("/fr/sources/suggest/", {"url": "https://steppe.example.org"})
    suggestion = Suggestion.objects.get()
    assert (suggestion.url, suggestion.times) == ("https://steppe.example.org", 2)
    page = manager.get("/admin/articles/suggestion/").content.decode()
    assert "&lt;b&gt;Steppe" in page
    detail = manager.get(f"/admin/articles/suggestion/{suggestion.pk}/change/").content.decode()
    assert f"{ADD}?site=https%3A//steppe.example.org" in detail
    data = {"action": "decline", "_selected_action": [suggestion.pk]}
    manager.post("/admin/articles/suggestion/", data)
    suggestion.refresh_from_db()
    assert suggestion.state == "declined"


def test_proposals_are_few_from_one_address_and_never_markup_or_private(db: None) -> None:
    reader = Client()
    for url in (
        "",
        "javascript:alert(1)",
        "http://user:pw@example.org/",
        "http://localhost/",
        "x y",
        "http://[",
        "é" * 600,
    ):
        assert reader.post("/sources/suggest/", {"url": url}).status_code == 400
    known = Source.objects.exclude(homepage="")[0]
    assert reader.post("/sources/suggest/", {"url": known.homepage}).status_code == 400
    codes = [reader.post("/sources/suggest/", {"url": f"https://s{n}.example.org"}).status_code for n in range(6)]
    assert codes.count(429) >= 1
    assert reader.post("/sources/suggest/", {"url": "https://robot.example.org", "website": "x"}).status_code == 200
    assert not Suggestion.objects.filter(url__contains="robot").exists()
    assert not re.search("set-cookie", str(reader.get("/sources/suggest/").headers), re.IGNORECASE)


def test_an_editor_may_look_at_outlets_but_not_change_them(db: None) -> None:
    editor = signed_in(person("editor"))
    assert editor.get("/admin/articles/source/").status_code == 200
    for where in (ADD, OPML):
        assert editor.get(where).status_code == 403
    source, feed = Source.objects.all()[0], Feed.objects.all()[0]
    assert editor.post(f"/admin/articles/source/{source.pk}/merge/", {"other": "tass"}).status_code == 403
    assert editor.post(f"/admin/articles/feed/{feed.pk}/do/", {"do": "pause"}).status_code == 403
    assert editor.post("/admin/articles/feed/", {"switch": feed.pk}).status_code == 403


def test_labels_are_verified_with_a_record(manager: Client) -> None:
    source = Source.objects.get(slug="tass")
    manager.post("/admin/articles/source/", {"action": "verify_labels", "_selected_action": [source.pk]})
    assert set(source.labels.values_list("verified", flat=True)) == {True}
    assert Decision.objects.filter(action="verify", target="sourcelabel").exists()
