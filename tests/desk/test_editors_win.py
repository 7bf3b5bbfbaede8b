"""What an editor decided still stands after every machine result was made again."""

from __future__ import annotations

from django.core.management import call_command

from articles.models import Article, ManualTag
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
