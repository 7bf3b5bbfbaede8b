"""What an editor decided still stands after every machine result was made again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from pytest_django import Settings

from articles import article_decisions, curation, outlet_decisions, pipeline
from articles.models import Article, Feed, ManualTag, Source, Story, Topic
from tests.desk.people import person
from tests.feed_server import FeedServer
from tests.publish.newsroom import Newsroom


def tags(article: Article) -> tuple[set[str], set[str]]:
    return (
        set(article.country_tags.values_list("country_id", flat=True)),
        set(article.topic_tags.values_list("topic__slug", flat=True)),
    )


def test_tags_made_again_follow_the_rules_and_keep_what_an_editor_said(newsroom: Newsroom) -> None:
    article = newsroom.article("Water talks in Tashkent between Uzbekistan and Tajikistan", countries=("KZ",))
    newsroom.story(article)
    ManualTag.objects.create(article=article, kind="country", key="TJ", present=False)
    ManualTag.objects.create(article=article, kind="topic", key="energy", present=True)
    ManualTag.objects.create(article=article, kind="language", key="tg", present=True)
    call_command("retag", verbosity=0)
    article.refresh_from_db()
    countries, topics = tags(article)
    assert "UZ" in countries
    assert not countries & {"KZ", "TJ"}
    assert "energy" in topics
    assert article.language == "tg"


def test_cleaning_again_changes_no_clean_text_and_mends_an_unclean_one(newsroom: Newsroom) -> None:
    clean = newsroom.article("Gas price rises", summary="The price of gas rises by 5 < 10 percent.")
    foul = newsroom.article("Oil &amp; gas", summary="<p>The ministry said so.</p>")
    call_command("reclean", verbosity=0)
    for article in (clean, foul):
        article.refresh_from_db()
    assert clean.summary == "The price of gas rises by 5 < 10 percent."
    assert (foul.title, foul.summary) == ("Oil & gas", "The ministry said so.")


RSS = """<rss version="2.0"><channel><title>Paper</title><link>/</link>{items}</channel></rss>"""
ITEM = "<item><guid>{n}</guid><link>https://paper.example/{n}</link><title>{title}</title><description>{text}</description></item>"


def feed_text(*titles: str, text: str) -> bytes:
    items = "".join(ITEM.format(n=n, title=title, text=f"{title}. {text}") for n, title in enumerate(titles))
    return RSS.format(items=items).encode()


@pytest.fixture
def outlet(settings: Settings) -> Iterator[FeedServer]:
    with FeedServer() as server:
        settings.FETCH_ALLOW_NETWORKS = [f"127.0.0.1/32:{server.port}"]
        pipeline.fetch_settings.cache_clear()
        yield server
    pipeline.fetch_settings.cache_clear()


def test_after_every_machine_result_was_made_again_each_decision_still_stands(db: None, outlet: FeedServer) -> None:
    user = person("administrator")
    tass = Source.objects.get(slug="tass")
    Feed.objects.all().update(enabled=False)
    titles = (
        "Earthquake of magnitude 5.6 shakes Almaty, Kazakhstan",
        "Cotton harvest in Uzbekistan ends with a record",
        "Turkmenistan sends gas to Iran through a new pipeline",
        "Border of Tajikistan and Kyrgyzstan opens for trucks",
    )
    url = outlet.put("/feed", feed_text(*titles, text="Monday news."))
    Feed.objects.create(source=tass, url=url, current_url=url, all_relevant=True, language="en")
    call_command("fetch", url, verbosity=0)
    quake, cotton, budget, border = (Article.objects.get(title=title) for title in titles)
    assert len({article.story_id for article in (quake, cotton, budget, border)}) == 4
    # what editors decide
    article_decisions.set_tag([quake.pk], "country", "KZ", present=False, by=user)
    article_decisions.set_tag([quake.pk], "topic", "energy", present=True, by=user)
    article_decisions.set_language([cotton.pk], "uz", by=user)
    article_decisions.set_relevant([budget.pk], False, by=user)
    article_decisions.set_hidden([border.pk], True, by=user, reason="takedown")
    curation.merge_stories(quake.story_id or 0, [cotton.story_id or 0], by=user.pk)
    curation.set_headline(quake.story_id or 0, "Two things at once", by=user.pk)
    curation.set_lead(quake.story_id or 0, cotton.pk, by=user.pk)
    curation.set_locked(quake.story_id or 0, True, by=user.pk)
    outlet_decisions.change([tass], "label", by=user, perspective="international")
    water = Topic.objects.get(slug="water")
    Topic.objects.filter(pk=water.pk).update(description="By hand")
    # and what the machine does after it
    outlet.put("/feed", feed_text(*titles, text="Tuesday news."))
    call_command("fetch", url, verbosity=0)
    for command in ("retag", "regroup", "reclean", "load_catalogue", "retag"):
        call_command(command, verbosity=0)
    for row in (quake, cotton, budget, border, tass, water):
        row.refresh_from_db()
    assert "Tuesday" in quake.summary, "the outlet's edit was taken"
    countries, topics = tags(quake)
    assert "KZ" not in countries
    assert "energy" in topics
    assert (cotton.language, budget.relevant) == ("uz", False)
    assert (border.hidden, border.hidden_reason) == (True, "takedown")
    assert quake.story_id == cotton.story_id
    story = Story.objects.get(pk=quake.story_id or 0)
    assert (story.headline, story.lead_id, story.locked) == ("Two things at once", cotton.pk, True)
    assert (tass.perspective, water.description) == ("international", "By hand")
