"""What a fetch leaves on its feed: when to come again, where, and what happened."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest

from articles import pipeline
from articles.lexicon import current_lexicon
from articles.models import Feed, FetchEvent
from articles.store.feeds import UNCONDITIONAL_AFTER
from tests.hostile_server import HostileServer, Request, reply
from tests.hostile_server.server import Steps
from tests.polling import NOW, item, make_feed, poll, rss

HOUR = timedelta(hours=1)
TWO_ITEMS = item("one", at=NOW - 3 * HOUR) + item("two", at=NOW - HOUR)  # half of their gap: an hour


def waits(feed: Feed, *, since: datetime = NOW) -> timedelta:
    """Until the feed is asked again."""
    return feed.next_fetch_at - since


@pytest.mark.parametrize(
    ("head", "asked"),
    [
        ("<ttl>300</ttl>", 5 * HOUR),
        (
            '<sy:updatePeriod xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">daily</sy:updatePeriod>'
            '<sy:updateFrequency xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">4</sy:updateFrequency>',
            6 * HOUR,
        ),
    ],
    ids=["ttl", "updatePeriod"],
)
def test_what_a_feed_asks_for_lengthens_the_wait_and_is_kept_through_a_304(
    outlet: HostileServer, head: str, asked: timedelta
) -> None:
    feed = make_feed(outlet.serve("/feed", rss(TWO_ITEMS, head), {"ETag": '"v1"'}))
    assert poll(feed).outcome == "ok"
    assert asked <= waits(feed) <= asked * 1.1
    for number in (1, 2):
        later = NOW + number * asked
        assert poll(feed, now=later).outcome == "unchanged"
        assert asked <= waits(feed, since=later) <= asked * 1.1


@pytest.mark.parametrize(
    "headers",
    [
        {"Cache-Control": "public, max-age=18000"},
        {"Expires": format_datetime(NOW + 5 * HOUR), "Date": format_datetime(NOW)},
    ],
    ids=["Cache-Control", "Expires"],
)
def test_what_the_headers_ask_for_lengthens_the_wait_on_a_304_too(
    outlet: HostileServer, headers: dict[str, str]
) -> None:
    feed = make_feed(outlet.serve("/feed", rss(TWO_ITEMS), {"ETag": '"v1"'} | headers))
    assert poll(feed).outcome == "ok"
    assert waits(feed) >= 5 * HOUR
    assert poll(feed).outcome == "unchanged"
    assert waits(feed) >= 5 * HOUR


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
@pytest.mark.parametrize("as_date", [False, True], ids=["seconds", "date"])
def test_retry_after_is_kept_in_seconds_and_as_a_date(outlet: HostileServer, status: str, as_date: bool) -> None:
    def answer(request: Request) -> Steps:
        wait = format_datetime(datetime.now(NOW.tzinfo) + 9 * HOUR, usegmt=True) if as_date else str(9 * 3600)
        return [reply(status=status, headers={"Retry-After": wait})]

    feed = make_feed(outlet.play("/feed", answer))
    assert poll(feed).outcome == "http_error"
    assert 9 * HOUR - timedelta(minutes=1) <= waits(feed) <= 10 * HOUR
    assert feed.failures == 0.5


def test_an_unconditional_request_after_many_304s_finds_what_a_lying_server_hides(outlet: HostileServer) -> None:
    body = rss(TWO_ITEMS)

    def lies(request: Request) -> Steps:
        if "if-none-match" in request.headers:
            return [reply(status="304 Not Modified", headers={"ETag": '"v1"'})]
        return [reply(body, headers={"ETag": '"v1"'})]

    feed = make_feed(outlet.play("/feed", lies))
    assert poll(feed).outcome == "ok"
    body = rss(TWO_ITEMS + item("three"))
    outcomes = [poll(feed).outcome for _ in range(UNCONDITIONAL_AFTER + 1)]
    assert outcomes == ["unchanged"] * UNCONDITIONAL_AFTER + ["ok"]
    assert feed.articles_count == 3
    assert poll(feed).outcome == "unchanged"


def test_a_body_that_is_the_same_under_a_new_etag_is_not_read_again_and_the_new_etag_is_asked_with(
    outlet: HostileServer,
) -> None:
    feed = make_feed(outlet.serve("/feed", rss(TWO_ITEMS), {"ETag": '"v1"'}))
    poll(feed)
    outlet.serve("/feed", rss(TWO_ITEMS), {"ETag": '"v2"'})
    assert poll(feed).outcome == "unchanged"
    assert feed.status == 200
    assert poll(feed).outcome == "unchanged"
    assert feed.status == 304


def test_a_permanent_move_is_stored_when_it_was_seen_twice_in_a_row(outlet: HostileServer) -> None:
    target = outlet.serve("/new", rss(TWO_ITEMS))
    feed = make_feed(outlet.play("/old", [reply(status="301 Moved Permanently", headers={"Location": "/new"})]))
    poll(feed)
    assert (feed.current_url, feed.moved_url, feed.moved_seen) == (feed.url, target, 1)
    poll(feed)
    assert (feed.current_url, feed.moved_url) == (target, "")
    assert feed.url == outlet.url("/old")


def test_a_move_to_what_is_no_feed_is_never_stored(outlet: HostileServer) -> None:
    outlet.serve("/sold", b"<html><title>This domain is for sale</title></html>")
    feed = make_feed(outlet.play("/old", [reply(status="308 Permanent Redirect", headers={"Location": "/sold"})]))
    for _ in range(3):
        assert poll(feed).outcome == "html_page"
    assert feed.current_url == feed.url


def test_a_move_that_changes_its_mind_is_not_stored(outlet: HostileServer) -> None:
    for name in ("a", "b"):
        outlet.serve(f"/{name}", rss(TWO_ITEMS))
    seen = iter(["/a", "/b", "/a", "/b"])
    feed = make_feed(
        outlet.play("/old", lambda _: [reply(status="301 Moved Permanently", headers={"Location": next(seen)})])
    )
    for _ in range(4):
        poll(feed)
    assert feed.current_url == feed.url


def test_a_feed_that_ended_is_asked_no_more_and_keeps_its_articles(outlet: HostileServer) -> None:
    feed = make_feed(outlet.serve("/feed", rss(TWO_ITEMS)))
    poll(feed)
    outlet.play("/feed", [reply(status="410 Gone")])
    assert poll(feed).outcome == "gone"
    assert feed.articles.count() == 2
    assert not Feed.objects.due(now=NOW + timedelta(days=99)).filter(pk=feed.pk).exists()
    assert not Feed.objects.active().filter(pk=feed.pk).exists()


def test_failures_lengthen_the_wait_to_a_day_and_never_stop_a_feed(outlet: HostileServer) -> None:
    feed = make_feed(outlet.play("/feed", [reply(status="404 Not Found")]))
    days = []
    for _ in range(60):
        poll(feed)
        days.append(waits(feed))
    assert days[0] < days[5] < days[-1] <= timedelta(days=1)
    assert feed.enabled
    assert Feed.objects.due(now=NOW + timedelta(days=2)).filter(pk=feed.pk).exists()
    outlet.serve("/feed", rss(TWO_ITEMS))
    assert poll(feed).outcome == "ok"
    assert (feed.failures, feed.failing_since) == (0, None)
    assert waits(feed) <= 2 * HOUR


def test_while_our_own_network_is_down_no_feed_is_punished(outlet: HostileServer) -> None:
    feed = make_feed("http://127.0.0.1:9/feed")
    poll(feed, recent=["timeout"] * 10 + ["ok"] * 3)
    assert (feed.outcome, feed.failures, feed.failing_since) == ("refused", 0, None)


def test_every_fetch_leaves_an_event_and_thirty_are_kept(outlet: HostileServer) -> None:
    feed = make_feed(outlet.serve("/feed", rss(TWO_ITEMS), {"ETag": '"v1"'}))
    poll(feed)
    event = FetchEvent.objects.get(feed=feed)
    assert (event.outcome, event.status, event.new_items) == ("ok", 200, 2)
    assert event.bytes == len(rss(TWO_ITEMS))
    outlet.play("/feed", [reply(status="500 Oops")])
    for number in range(FetchEvent.KEPT + 5):
        poll(feed, now=NOW + timedelta(minutes=number))
    events = list(FetchEvent.objects.filter(feed=feed))
    assert len(events) == FetchEvent.KEPT
    assert {(event.outcome, event.status) for event in events} == {("http_error", 500)}
    assert events[0].at == NOW + timedelta(minutes=FetchEvent.KEPT + 4)


def test_a_page_where_a_feed_was_offers_the_feed_that_it_advertises(outlet: HostileServer) -> None:
    page = b'<html><head><link rel="alternate" type="application/atom+xml" href="/atom"></head></html>'
    feed = make_feed(outlet.serve("/feed", page, {"Content-Type": "text/html"}))
    assert poll(feed).outcome == "html_page"
    assert feed.suggestion == outlet.url("/atom")


def test_a_date_far_ahead_does_not_pass_for_news(outlet: HostileServer) -> None:
    feed = make_feed(outlet.serve("/feed", rss(item("one", at=NOW.replace(year=2099)))))
    poll(feed)
    assert feed.last_item_at == NOW


def test_a_feed_that_was_deleted_meanwhile_stops_no_other(outlet: HostileServer) -> None:
    feeds = [
        make_feed(outlet.serve(f"/{name}", rss(TWO_ITEMS), {"ETag": '"v1"'}), name=name) for name in ("One", "Two")
    ]
    gone = Feed.objects.select_related("source").get(pk=feeds[0].pk)
    for outcome in ("ok", "unchanged"):
        results = pipeline.ingest_feeds([gone, feeds[1]], current_lexicon, clock=lambda: NOW)
        if outcome == "ok":
            Feed.objects.filter(pk=gone.pk).delete()
        assert [(result.feed_id, result.outcome) for result in results] == [(feeds[1].pk, outcome)]
        feeds[1].refresh_from_db()
        gone.etag, gone.body_hash = feeds[1].etag, feeds[1].body_hash
