"""Which items are one article, and what an edit leaves."""

from __future__ import annotations

from datetime import timedelta

from articles.models import Article, ArticleRevision, Feed
from tests.hostile_server import HostileServer
from tests.polling import NOW, item, make_feed, poll, rss

LINK = "http://steppe.example/canal"


def entry(guid: str = "", *, link: str = LINK, title: str = "The canal reopens", text: str = "Water is back.") -> str:
    tag = f"<guid>{guid}</guid>" if guid else ""
    return f"<item>{tag}<title>{title}</title><link>{link}</link><description>{text}</description></item>"


def polled(outlet: HostileServer, feed: Feed, *items: str, minute: int = 0) -> tuple[int, int]:
    """Serve these items, poll; return how many were new and updated."""
    outlet.serve("/" + feed.url.rpartition("/")[2], rss("".join(items)))
    ingested = poll(feed, now=NOW + timedelta(minutes=minute))
    return len(ingested.new), len(ingested.updated)


def test_one_article_through_two_feeds_of_one_outlet_is_one_and_of_two_outlets_is_two(outlet: HostileServer) -> None:
    first = make_feed(outlet.url("/first"))
    second = Feed.objects.create(source=first.source, url=outlet.url("/second"), current_url=outlet.url("/second"))
    other = make_feed(outlet.url("/other"), name="Other Paper")
    assert polled(outlet, first, entry("a")) == (1, 0)
    assert polled(outlet, second, entry("b", link=f"{LINK}?utm_source=rss#top")) == (0, 0)
    assert polled(outlet, other, entry("c")) == (1, 0)
    assert Article.objects.filter(url=LINK).count() == 2


def test_an_edit_makes_a_revision_and_no_second_article(outlet: HostileServer) -> None:
    feed = make_feed(outlet.url("/feed"))
    polled(outlet, feed, entry("a"))
    assert polled(outlet, feed, entry("a", title="The canal stays shut"), minute=5) == (0, 1)
    article = Article.objects.get(feed=feed)
    [revision] = article.revisions.all()
    assert (article.title, revision.title) == ("The canal stays shut", "The canal reopens")
    assert revision.summary == "Water is back."
    assert revision.seen_at == NOW + timedelta(minutes=5)


def test_an_item_that_only_prints_the_clock_makes_few_revisions(outlet: HostileServer) -> None:
    feed = make_feed(outlet.url("/feed"))
    for minute in range(ArticleRevision.KEPT + 8):
        polled(outlet, feed, entry("a", text=f"It is {minute} minutes past nine."), minute=minute)
    assert Article.objects.filter(feed=feed).count() == 1
    assert ArticleRevision.objects.filter(article__feed=feed).count() == ArticleRevision.KEPT == 24


def test_an_empty_answer_between_two_full_ones_changes_nothing(outlet: HostileServer) -> None:
    feed = make_feed(outlet.url("/feed"))
    assert polled(outlet, feed, entry("a")) == (1, 0)
    assert polled(outlet, feed) == (0, 0)
    assert feed.outcome == "empty"
    assert polled(outlet, feed, entry("a")) == (0, 0)


def test_without_guids_the_link_tells_items_apart_and_where_it_cannot_the_title_does(outlet: HostileServer) -> None:
    feed = make_feed(outlet.url("/feed"))
    assert polled(outlet, feed, entry(), entry(title="Bridge falls"), entry(link="http://steppe.example/2")) == (3, 0)
    assert polled(outlet, feed, entry(), entry(title="Bridge falls"), entry(link="http://steppe.example/2")) == (0, 0)


def test_an_item_of_which_nothing_may_be_linked_is_kept_without_a_link(outlet: HostileServer) -> None:
    feed = make_feed(outlet.url("/feed"))
    picture = '<enclosure url="javascript:x" type="image/png"/></item>'
    polled(outlet, feed, entry("a", link="javascript:alert(1)").replace("</item>", picture))
    article = Article.objects.get(feed=feed)
    assert (article.url, article.image_url) == ("", "")


def test_a_changed_date_does_not_float_an_article_to_the_top(outlet: HostileServer) -> None:
    feed = make_feed(outlet.url("/feed"))
    polled(outlet, feed, item("canal", at=NOW - timedelta(days=2)))
    polled(outlet, feed, item("canal", at=NOW, text="Now with other words."), minute=9)
    assert Article.objects.get(feed=feed).at == NOW - timedelta(days=2)
