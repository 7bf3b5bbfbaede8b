"""What editors decide about stories, and taking it back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from articles import curation
from articles.models import Apart, Article, Decision, Story, StoryCountry
from articles.undoing import undo
from tests.stories.conftest import NOW, MakeArticle, MakeStory


@pytest.fixture
def quake(make_article: MakeArticle, make_story: MakeStory) -> Story:
    return make_story(make_article("Earthquake shakes Murghab"), make_article("Murghab shaken by an earthquake"))


@pytest.fixture
def bank(make_article: MakeArticle, make_story: MakeStory) -> Story:
    return make_story(*(make_article(f"Central bank keeps its rate, {n}", countries=("UZ",)) for n in range(3)))


def members(story: Story) -> set[int]:
    return set(Article.objects.filter(story=story).values_list("pk", flat=True))


def everything() -> list[Any]:
    """All that a decision may change, for comparing before and after."""
    stories = Story.objects.order_by("pk").values_list(
        "pk", "title", "headline", "lead", "lead_chosen", "article_count", "merged_into", "hidden", "locked",
        "pinned_until", "rank",
    )  # fmt: skip
    articles = Article.objects.order_by("pk").values_list("pk", "story", "placed_by_editor", "copy_of")
    lists = StoryCountry.objects.order_by("story", "country").values_list("story", "country", "weight")
    return [list(stories), list(articles), list(lists), list(Apart.objects.values_list("story", "other"))]


def test_a_merge_moves_the_reports_redirects_the_address_and_leaves_the_lists(quake: Story, bank: Story) -> None:
    both = members(quake) | members(bank)
    curation.merge_stories(quake.pk, [bank.pk], by=None, now=NOW)
    bank.refresh_from_db()
    assert (members(quake), bank.merged_into, bank.article_count) == (both, quake, 0)
    assert not StoryCountry.objects.filter(story=bank).exists()
    assert {facet.country_id for facet in StoryCountry.objects.filter(story=quake)} == {"TJ", "UZ"}
    assert Article.objects.filter(story=quake, placed_by_editor=True).count() == 5


def test_a_split_makes_a_story_of_its_own_that_stands_on_the_lists(bank: Story) -> None:
    first, *rest = sorted(members(bank))
    decision = curation.split_story(bank.pk, rest, by=None, now=NOW)
    [new] = Story.objects.exclude(pk=bank.pk)
    assert decision.after["created"] == [new.pk]
    assert (members(bank), members(new), new.article_count) == ({first}, set(rest), 2)
    assert StoryCountry.objects.filter(story=new, country="UZ").exists()
    assert Apart.objects.filter(story=bank, other=new).exists()


def test_a_moved_report_stays_where_it_was_put(quake: Story, bank: Story) -> None:
    moved = min(members(bank))
    curation.move_article(moved, quake.pk, by=None, now=NOW)
    assert moved in members(quake)
    assert Article.objects.get(pk=moved).placed_by_editor
    quake.refresh_from_db()
    bank.refresh_from_db()
    assert (quake.article_count, bank.article_count) == (3, 2)


def test_moving_the_last_report_leaves_a_redirect_behind(quake: Story, make_article: Any, make_story: Any) -> None:
    alone = make_story(make_article("Aftershock in Murghab"))
    curation.move_article(min(members(alone)), quake.pk, by=None, now=NOW)
    alone.refresh_from_db()
    assert alone.merged_into == quake


def test_copies_never_point_into_another_story(make_article: MakeArticle, make_story: MakeStory) -> None:
    wire = make_article("The wire says it")
    reprints = [make_article("The wire says it", copy_of=wire) for _ in range(2)]
    story = make_story(wire, *reprints)
    curation.split_story(story.pk, [article.pk for article in reprints], by=None, now=NOW)
    assert list(Article.objects.order_by("pk").values_list("copy_of", flat=True)) == [None, None, reprints[0].pk]


def decide(what: str, quake: Story, bank: Story) -> Decision:
    later = NOW + timedelta(days=1)
    return {
        "merge": lambda: curation.merge_stories(quake.pk, [bank.pk], by=None, now=NOW),
        "split": lambda: curation.split_story(bank.pk, [max(members(bank))], by=None, now=NOW),
        "move": lambda: curation.move_article(max(members(bank)), quake.pk, by=None, now=NOW),
        "move out": lambda: curation.move_article(max(members(bank)), None, by=None, now=NOW),
        "headline": lambda: curation.set_headline(quake.pk, " What  happened ", by=None, now=NOW),
        "lead": lambda: curation.set_lead(bank.pk, max(members(bank)), by=None, now=NOW),
        "pin": lambda: curation.pin(quake.pk, later, by=None, now=NOW),
        "hide": lambda: curation.set_hidden(quake.pk, True, by=None, now=NOW),
        "lock": lambda: curation.set_locked(quake.pk, True, by=None, now=NOW),
    }[what]()


@pytest.mark.parametrize("what", ["merge", "split", "move", "move out", "headline", "lead", "pin", "hide", "lock"])
def test_every_decision_changes_something_and_undone_leaves_everything_as_it_was(
    what: str, quake: Story, bank: Story
) -> None:
    before = everything()
    decision = decide(what, quake, bank)
    decided = everything()
    assert decided != before
    assert decision.before != decision.after
    undo(decision.pk, by=None, now=NOW)
    after = everything()
    for created in decision.after["created"]:
        assert Story.objects.get(pk=created).merged_into == bank
        after[0] = [row for row in after[0] if row[0] != created]
    assert after == before
    decision.refresh_from_db()
    assert decision.undone_at == NOW


def test_a_decision_is_undone_once(quake: Story) -> None:
    decision = curation.set_locked(quake.pk, True, by=None, now=NOW)
    undo(decision.pk, by=None, now=NOW)
    with pytest.raises(curation.Refused, match="already"):
        undo(decision.pk, by=None, now=NOW)


def test_undoing_leaves_what_was_decided_later(quake: Story, bank: Story) -> None:
    first = curation.set_headline(quake.pk, "One", by=None, now=NOW)
    curation.set_headline(quake.pk, "Two", by=None, now=NOW)
    moved = curation.move_article(min(members(bank)), quake.pk, by=None, now=NOW)
    article = int(
        next(iter(set(moved.after["articles"]) & {str(pk) for pk in members(quake)} & set(moved.before["articles"])))
    )
    undo(first.pk, by=None, now=NOW)
    quake.refresh_from_db()
    assert quake.headline == "Two"
    assert article in members(quake)


def test_an_undone_merge_leaves_what_joined_since_with_the_story_that_stayed(
    quake: Story, bank: Story, make_article: MakeArticle
) -> None:
    of_bank, of_quake = members(bank), members(quake)
    decision = curation.merge_stories(quake.pk, [bank.pk], by=None, now=NOW)
    late = make_article("An aftershock", story=quake)
    undo(decision.pk, by=None, now=NOW)
    assert (members(bank), members(quake)) == (of_bank, of_quake | {late.pk})


def test_a_split_that_was_merged_and_unmerged_is_still_a_split(bank: Story) -> None:
    split = curation.split_story(bank.pk, [max(members(bank))], by=None, now=NOW)
    [new] = split.after["created"]
    merge = curation.merge_stories(bank.pk, [new], by=None, now=NOW)
    assert not Apart.objects.exists()
    undo(merge.pk, by=None, now=NOW)
    assert list(Apart.objects.values_list("story", "other")) == [(bank.pk, new)]


def test_what_makes_no_sense_is_refused_in_words(quake: Story, bank: Story) -> None:
    curation.merge_stories(quake.pk, [bank.pk], by=None, now=NOW)
    for wrong in (
        lambda: curation.merge_stories(quake.pk, [quake.pk], by=None),
        lambda: curation.merge_stories(quake.pk, [bank.pk], by=None),
        lambda: curation.split_story(quake.pk, members(quake), by=None),
        lambda: curation.split_story(quake.pk, [], by=None),
        lambda: curation.move_article(min(members(quake)), quake.pk, by=None),
        lambda: curation.move_article(0, quake.pk, by=None),
        lambda: curation.set_headline(bank.pk, "Gone", by=None),
        lambda: curation.set_lead(quake.pk, 0, by=None),
        lambda: curation.pin(quake.pk, NOW, by=None, now=NOW),
        lambda: undo(0, by=None),
    ):
        with pytest.raises(curation.Refused, match=r"\.$"):
            wrong()
