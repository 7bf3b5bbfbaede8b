"""What subscribers get, when, how often, and what happens when they do not take it."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime, timedelta

import feedparser
import pytest

from articles.fetch.settings import FetchSettings
from articles.hub import deliver, verify
from articles.models import HubSubscription, HubTopic
from tests.hub.conftest import SITE, TOPIC
from tests.hub.subscribers import Subscribers
from tests.publish.feed_rules import check_atom, check_json, check_rss
from tests.publish.newsroom import NOW, Newsroom

Subscribe = Callable[..., HubSubscription]
Run = Callable[..., int]


def later(**step: float) -> datetime:
    """A time after the moment at which everybody subscribed."""
    return NOW + timedelta(**step)


@pytest.fixture
def run(patience: FetchSettings) -> Run:
    """Announce and deliver as the tasks do; return how many took it."""

    def go(at: datetime, *, late: bool = False) -> int:
        deliver.announce(now=at)
        return deliver.deliver(patience, late=late, clock=lambda: at)

    return go


def titles(body: bytes) -> list[str]:
    return [entry.title for entry in feedparser.parse(body).entries]


def test_a_new_story_is_sent_to_who_subscribed_and_only_once(
    subscribe: Subscribe, subscribers: Subscribers, newsroom: Newsroom, run: Run
) -> None:
    newsroom.story(newsroom.article("Known before"), now=later(hours=-1))
    subscribe("good/one?key=1")
    assert run(later(minutes=1)) == 0
    newsroom.story(newsroom.article("Breaking"), now=later(hours=1))
    assert run(later(hours=1)) == 1
    assert run(later(hours=1, minutes=1)) == 0
    [told] = subscribers.told["/good/one"]
    assert titles(told.body) == ["Breaking"]
    check_atom(told.body)
    assert told.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert told.headers["link"] == f'<{SITE}/hub>; rel="hub", <{TOPIC}>; rel="self"'
    assert "x-hub-signature" not in told.headers


def test_a_story_is_sent_again_for_a_new_side_and_not_for_another_report(
    subscribe: Subscribe, subscribers: Subscribers, newsroom: Newsroom, run: Run
) -> None:
    story = newsroom.story(newsroom.article("Gas pipeline opens"), now=later(hours=-1))
    subscribe("good/one")
    newsroom.add(story, newsroom.article("The same side", "kazinform"), now=later(hours=1))
    assert run(later(hours=1)) == 0
    newsroom.add(story, newsroom.article("Russia tells it too", "tass"), now=later(hours=2))
    assert run(later(hours=2)) == 1


def test_what_is_sent_is_signed_with_the_secret(
    subscribe: Subscribe, subscribers: Subscribers, newsroom: Newsroom, run: Run
) -> None:
    secret = "тайна-" + "x" * 20
    subscribe("good/one", secret=secret)
    newsroom.story(newsroom.article("Breaking"), now=later(hours=1))
    run(later(hours=1))
    [told] = subscribers.told["/good/one"]
    digest = hmac.new(secret.encode(), told.body, hashlib.sha256).hexdigest()
    assert told.headers["x-hub-signature"] == f"sha256={digest}"


@pytest.mark.parametrize(
    ("path", "check"), [("/ru/feed.rss", check_rss), ("/countries/kazakhstan/feed.json", check_json)]
)
def test_each_topic_is_sent_in_its_format_and_language(
    subscribe: Subscribe, subscribers: Subscribers, newsroom: Newsroom, run: Run, path: str,
    check: Callable[[bytes], object],
) -> None:  # fmt: skip
    newsroom.story(newsroom.article("Old"), now=later(hours=-1))
    subscribe("good/one", topic=f"{SITE}{path}")
    newsroom.story(newsroom.article("Gas"), newsroom.article("Газ", "tass", language="ru"), now=later(hours=1))
    run(later(hours=1))
    [told] = subscribers.told["/good/one"]
    check(told.body)
    if path.endswith("json"):  # a JSON Feed is always sent whole
        assert [item["title"] for item in json.loads(told.body)["items"]] == ["Old", "Gas"]
    else:
        assert titles(told.body) == ["Газ"]


def test_a_filtered_topic_is_silent_about_other_news(
    subscribe: Subscribe, subscribers: Subscribers, newsroom: Newsroom, run: Run
) -> None:
    subscribe("good/one", topic=f"{SITE}/countries/uzbekistan/feed.atom")
    newsroom.story(newsroom.article("Of Kazakhstan"), now=later(hours=1))
    assert run(later(hours=1)) == 0


def test_a_lease_that_ended_gets_nothing_and_is_forgotten(
    subscribe: Subscribe, subscribers: Subscribers, newsroom: Newsroom, run: Run
) -> None:
    subscribe("good/one", lease_seconds="3600")
    newsroom.story(newsroom.article("Too late"), now=later(hours=2))
    assert run(later(hours=2)) == 0
    assert subscribers.told == {}
    verify.forget(now=later(hours=2))
    assert not HubSubscription.objects.exists()
    assert not HubTopic.objects.exists()


def test_a_failed_delivery_is_tried_again_and_holds_what_came_meanwhile(
    subscribe: Subscribe, subscribers: Subscribers, newsroom: Newsroom, run: Run
) -> None:
    subscribe("flaky/one")
    newsroom.story(newsroom.article("First"), now=later(hours=1))
    assert run(later(hours=1)) == 0
    newsroom.story(newsroom.article("Second"), now=later(hours=1, minutes=3))
    assert run(later(hours=1, minutes=3), late=False) == 0
    assert run(later(hours=1, minutes=3), late=True) == 1
    first, again = subscribers.told["/flaky/one"]
    assert titles(first.body) == ["First"]
    assert titles(again.body) == ["First", "Second"]
    assert HubSubscription.objects.get().failures == 0


@pytest.mark.parametrize("manner", ["error", "moved", "slow"])
def test_one_that_always_fails_is_given_up_for_this_news_and_tried_again_with_the_next(
    subscribe: Subscribe, subscribers: Subscribers, newsroom: Newsroom, run: Run, manner: str
) -> None:
    subscribe("good/one", secret="k")
    HubSubscription.objects.update(callback=subscribers.url(f"{manner}/one"))
    newsroom.story(newsroom.article("First"), now=later(hours=1))
    tries = 1 if manner == "slow" else 40
    for quarter in range(tries):
        run(later(hours=1 + quarter), late=quarter > 0)
    told = len(subscribers.told[f"/{manner}/one"])
    assert told == (1 if manner == "slow" else deliver.GIVE_UP)
    assert "/good/elsewhere" not in subscribers.told
    newsroom.story(newsroom.article("Second"), now=later(hours=60))
    run(later(hours=60), late=True)
    assert len(subscribers.told[f"/{manner}/one"]) == told + 1
    assert HubSubscription.objects.get().last_error


def test_a_subscriber_that_is_gone_is_called_no_more(
    subscribe: Subscribe, subscribers: Subscribers, newsroom: Newsroom, run: Run
) -> None:
    subscribe("good/one")
    HubSubscription.objects.update(callback=subscribers.url("gone/one"))
    newsroom.story(newsroom.article("Breaking"), now=later(hours=1))
    run(later(hours=1))
    assert not HubSubscription.objects.exists()


def test_bad_subscribers_delay_no_other(
    subscribe: Subscribe, subscribers: Subscribers, newsroom: Newsroom, run: Run
) -> None:
    topic = subscribe("good/0").topic
    lasting = {"expires_at": later(days=1), "delivered_until": topic.changed_at, "next_try_at": NOW}
    bad = [f"{manner}/{n}" for n in range(25) for manner in ("slow", "endless", "error", "moved")]
    good = [f"good/{n}" for n in range(1, 100)]
    HubSubscription.objects.bulk_create(
        HubSubscription(topic=topic, callback=subscribers.url(path), **lasting) for path in [*bad, *good]
    )
    newsroom.story(newsroom.article("Breaking"), now=later(hours=1))
    assert run(later(hours=1)) == 100 + 25  # endless ones have taken it when they begin to answer
    assert {f"/{path}" for path in good} <= set(subscribers.told)
    assert run(later(hours=2), late=False) == 0
    assert HubSubscription.objects.filter(failures=1).count() == 75


def test_two_workers_call_nobody_twice(
    subscribe: Subscribe, subscribers: Subscribers, newsroom: Newsroom, patience: FetchSettings
) -> None:
    subscribe("good/one")
    newsroom.story(newsroom.article("Breaking"), now=later(hours=1))
    assert deliver.announce(now=later(hours=1)) == 1
    first = deliver.Sender(late=False, clock=lambda: later(hours=1)).calls()
    next(first)  # claimed and never finished: the worker died
    assert deliver.deliver(patience, late=False, clock=lambda: later(hours=1)) == 0
    assert deliver.deliver(patience, late=False, clock=lambda: later(hours=1) + deliver.CLAIM) == 1
