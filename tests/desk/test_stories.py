"""The page of one story: merge, split, move, headline, lead, pin, hide, lock, and two editors at once."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from articles.models import Article, Decision, Story
from tests.desk.people import person, signed_in
from tests.publish.newsroom import Newsroom


@pytest.fixture
def editor(db: None) -> Client:
    return signed_in(person("editor"))


def address(story: Story) -> str:
    return f"/admin/articles/story/{story.pk}/change/"


def seen(client: Client, story: Story) -> str:
    """What the page showed, as its form sends it back."""
    match = re.search(r'name="seen" value="([^"]+)"', client.get(address(story)).content.decode())
    assert match
    return unescape(match[1])


def act(client: Client, story: Story, do: str, **fields: Any) -> str:
    """Press one button of the page; return what the page says then."""
    data = {"seen": fields.pop("seen", None) or seen(client, story), "do": do, **fields}
    return client.post(address(story), data, follow=True).content.decode()


def two(newsroom: Newsroom) -> tuple[Story, Story]:
    first = newsroom.story(newsroom.article("Dam opens"), newsroom.article("Dam is opened", "tass"))
    return first, newsroom.story(newsroom.article("A dam was opened", "kazinform"))


def test_stories_are_merged_and_the_old_address_leads_on(editor: Client, newsroom: Newsroom) -> None:
    one, other = two(newsroom)
    assert "merged into this one" in act(editor, one, "merge", other=[other.pk], reason="the same opening")
    one.refresh_from_db()
    assert one.article_count == 3
    assert editor.get(other.get_absolute_url()).headers["Location"] == one.get_absolute_url()
    decision = Decision.objects.get()
    assert (decision.action, decision.reason, str(decision.user)) == ("merge", "the same opening", "editor@example.org")


@pytest.mark.parametrize(
    ("do", "fields", "said"),
    [
        ("merge", {"address": "self"}, "cannot be merged with itself"),
        ("merge", {}, "Tick the stories"),
        ("merge", {"address": "nonsense"}, "number or the address"),
        ("merge", {"address": "999999999"}, "does not stand"),
        ("split", {}, "not none and not all"),
        ("split", {"report": "all"}, "not none and not all"),
        ("split", {"report": "of another"}, "not none and not all"),
        ("move", {"report": "all", "target": "self"}, "in this story already"),
        ("move", {"target": "1"}, "Tick the reports"),
        ("pin", {"until": "soon"}, "until when"),
        ("pin", {"until": "2020-01-01T10:00"}, "time to come"),
        ("hide", {}, "Say why"),
        ("explode", {}, "Nothing is known of this action"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words_and_changes_nothing(
    editor: Client, newsroom: Newsroom, do: str, fields: dict[str, str], said: str
) -> None:
    one, other = two(newsroom)
    words: dict[str, Any] = {
        "self": one.pk,
        "all": [article.pk for article in one.articles.all()],
        "of another": [article.pk for article in other.articles.all()],
    }
    page = act(editor, one, do, **{name: words.get(value, value) for name, value in fields.items()})
    assert said in page
    assert Decision.objects.count() == 0


def test_a_hidden_story_cannot_be_pinned(editor: Client, newsroom: Newsroom) -> None:
    story, _ = two(newsroom)
    act(editor, story, "hide", reason="not our news")
    assert editor.get(story.get_absolute_url()).status_code == 404
    assert "show it first" in act(editor, story, "pin", until="2100-01-01T10:00")
    story.refresh_from_db()
    assert story.pinned_until is None
    page = editor.post(
        "/admin/articles/story/?state=hidden", {"action": "pin", "_selected_action": [story.pk]}, follow=True
    )
    assert b"show it first" in page.content


def test_a_split_makes_a_story_of_the_ticked_reports_and_is_undone_from_the_list(
    editor: Client, newsroom: Newsroom
) -> None:
    story, _ = two(newsroom)
    leaving = story.articles.get(source__slug="tass")
    assert "a story of their own" in act(editor, story, "split", report=[leaving.pk])
    leaving.refresh_from_db()
    assert leaving.story_id != story.pk
    decision = Decision.objects.get()
    editor.post(f"/admin/articles/decision/{decision.pk}/undo/")
    leaving.refresh_from_db()
    assert leaving.story_id == story.pk


def test_headline_lead_and_lock_are_set_and_readers_see_them(editor: Client, newsroom: Newsroom) -> None:
    story, _ = two(newsroom)
    tass = story.articles.get(source__slug="tass")
    act(editor, story, f"lead {tass.pk}")
    act(editor, story, "headline", headline="The dam stands open")
    act(editor, story, "lock")
    story.refresh_from_db()
    assert (story.lead_id, story.lead_chosen, story.locked) == (tass.pk, True, True)
    assert "The dam stands open" in editor.get(story.get_absolute_url()).content.decode()
    assert b"headline of a story changed" in Client().get("/corrections/").content
    assert b"editor@" not in Client().get("/corrections/").content


def test_the_second_of_two_editors_is_told_what_changed(editor: Client, newsroom: Newsroom) -> None:
    story, _ = two(newsroom)
    second = signed_in(person("administrator"))
    before = seen(second, story)
    act(editor, story, "headline", headline="Mine")
    page = act(second, story, "headline", headline="Theirs", seen=before)
    assert "was none, is Mine now" in page
    assert "editor@example.org: headline" in page
    assert 'value="Theirs"' in page, "what was typed is not lost"
    story.refresh_from_db()
    assert story.headline == "Mine"
    assert "The headline was set" in act(second, story, "headline", headline="Theirs")


def test_a_report_that_joined_meanwhile_stops_nobody_and_one_that_left_does(editor: Client, newsroom: Newsroom) -> None:
    story, other = two(newsroom)
    before = seen(editor, story)
    newsroom.add(story, newsroom.article("Another one"))
    assert "The headline was set" in act(editor, story, "headline", headline="Fine", seen=before)
    before = seen(editor, story)
    Article.objects.filter(source__slug="tass").update(story=other)
    assert "is not in this story any more" in act(editor, story, "lock", seen=before)


@pytest.mark.parametrize("sent", ["", "{}", "[]", "null", json.dumps({"reports": "x"}), "{" * 2000])
def test_a_form_that_lost_its_memory_changes_nothing(editor: Client, newsroom: Newsroom, sent: str) -> None:
    story, _ = two(newsroom)
    answer = editor.post(address(story), {"seen": sent, "do": "lock"})
    assert answer.status_code == 409
    assert Decision.objects.count() == 0


def test_who_may_only_look_sees_no_buttons_and_is_refused(newsroom: Newsroom) -> None:
    story, _ = two(newsroom)
    client = signed_in(person("source manager"))
    page = client.get(address(story)).content.decode()
    assert 'name="do"' not in page
    assert client.post(address(story), {"do": "lock", "seen": seen(client, story)}).status_code == 403
    assert signed_in(person("")).get(address(story)).status_code == 403
    assert client.get("/admin/articles/story/999999/change/").status_code == 404


def test_a_story_is_found_by_words_of_its_reports_in_any_script(editor: Client, newsroom: Newsroom) -> None:
    story = newsroom.story(newsroom.article("Токаев открыл плотину"))
    two(newsroom)
    page = editor.get("/admin/articles/story/", {"q": "Tokayev"}).content.decode()
    assert f"/admin/articles/story/{story.pk}/change/" in page
    assert page.count('class="action-select"') == 1


def test_the_machine_says_which_stories_may_be_one_and_which_may_be_two(editor: Client, newsroom: Newsroom) -> None:
    quake = newsroom.article("Earthquake of magnitude 5.6 shakes Almaty, people leave their houses", summary="")
    same = newsroom.article("Magnitude 5.6 earthquake felt in Almaty, residents run outside", "kazinform", summary="")
    cotton = newsroom.article(
        "Uzbek cotton harvest ends with a record, the ministry of agriculture says", "tass", summary=""
    )
    for kind in (cotton.country_tags, cotton.topic_tags, cotton.entity_tags):
        kind.all().delete()
    mixed, other = newsroom.story(quake, cotton), newsroom.story(same)
    page = editor.get(address(mixed)).content.decode()
    assert "These may be two" in page
    page = editor.get(address(other)).content.decode()
    assert "These may be one" in page
    assert f'name="other" value="{mixed.pk}"' in page
