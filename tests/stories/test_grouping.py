"""The stream over the database: the same stories however it is cut, editors obeyed, nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from articles import curation, grouping
from articles.grouping import forget_window, group_new
from articles.models import Article, Decision, Lease, Story
from articles.models.lease import LeaseLost
from articles.regrouping import Busy, regroup
from articles.undoing import undo
from tests.stories.conftest import NOW, MakeArticle

Partition = set[frozenset[int]]
QUAKE = "Earthquake of magnitude 5.8 shakes Murghab in eastern Tajikistan"
SAME_QUAKE = "Magnitude 5.8 earthquake hits Murghab district in Tajikistan"
THIRD_QUAKE = "Strong earthquake of magnitude 5.8 in Murghab, Tajikistan"
BANK = "Uzbekistan's central bank keeps its rate at 14 percent"
SAME_BANK = "Central bank of Uzbekistan keeps its main rate at 14 percent"
PLACES = ("Osh", "Khujand", "Termez", "Aktau", "Mary", "Naryn", "Karshi", "Turkestan", "Kulob", "Balkanabat")
EVENTS = (
    "Fire in the market of {place} destroys {n} shops",
    "Hospital with {n} beds opened in {place}",
    "Bus falls from bridge near {place}, {n} people hurt",
    "Court in {place} sentences {n} smugglers of cotton",
)


def partition() -> Partition:
    """Articles by story, whatever the ids."""
    stories: dict[int | None, set[int]] = {}
    for pk, story in Article.objects.values_list("pk", "story"):
        stories.setdefault(story, set()).add(pk)
    assert None not in stories
    return {frozenset(members) for members in stories.values()}


@pytest.fixture
def week(make_article: MakeArticle) -> None:
    """120 reports of 40 events of three weeks, each event told three times within hours."""
    for number in range(40):
        title = EVENTS[number % 4].format(place=PLACES[number % 10], n=number + 20)
        for told in range(3):
            words = (title, f"{title}, officials say", f"What is known: {title.lower()}")[told]
            make_article(words, minutes=-21 * 1440 + number * 700 + told * 250)


def ungroup() -> None:
    Article.objects.update(story=None, copy_of=None, grouped_at=None)
    Story.objects.all().delete()
    forget_window()


@pytest.mark.usefixtures("week")
def test_however_the_stream_is_cut_or_interrupted_the_stories_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    group_new()
    whole = partition()
    assert len(whole) < 80
    for step in (1, 7, 50):
        ungroup()
        monkeypatch.setattr(grouping, "STEP", step)
        group_new()
        assert partition() == whole, step
    ungroup()
    while Article.objects.ungrouped().exists():  # a process that is killed after each step
        waiting = Article.objects.ungrouped().values_list("pk", flat=True)
        later = list(waiting[11:])
        Article.objects.filter(pk__in=later).update(hidden=True)
        group_new()
        forget_window()
        Article.objects.filter(pk__in=later).update(hidden=False)
    assert partition() == whole


@pytest.mark.usefixtures("week")
def test_regroup_gives_what_the_stream_gave_and_twice_changes_nothing() -> None:
    group_new()

    def rows() -> list[object]:
        stories = Story.objects.order_by("pk").values_list("pk", "title", "article_count", "merged_into", "rank")
        return [list(stories), list(Article.objects.order_by("pk").values_list("pk", "story", "copy_of"))]

    before = rows()
    assert regroup() == 120
    assert rows() == before
    assert regroup() == 120
    assert rows() == before


@pytest.mark.usefixtures("week")
def test_a_regroup_of_the_last_days_leaves_the_stories_before_them_alone() -> None:
    group_new()
    before = partition()
    middle = NOW - timedelta(days=10, hours=5)
    assert 0 < regroup(since=middle) < 120
    assert partition() == before


def test_ids_stay_by_largest_overlap_and_ids_that_end_redirect(make_article: MakeArticle) -> None:
    quakes = [make_article(title) for title in (QUAKE, SAME_QUAKE, THIRD_QUAKE)]
    bank = make_article(BANK, countries=("UZ",))
    group_new()
    [kept] = {Article.objects.get(pk=article.pk).story_id for article in quakes}
    wrong = Story.objects.create(title="Wrong", first_at=NOW, last_at=NOW, side_added_at=NOW)
    Article.objects.filter(pk=quakes[0].pk).update(story=wrong)
    strange = Story.objects.get(articles=bank)
    Article.objects.filter(pk=bank.pk).update(story=kept)
    regroup()
    wrong.refresh_from_db()
    assert wrong.merged_into_id == kept
    assert set(Article.objects.filter(story=kept)) == set(quakes)
    bank.refresh_from_db()
    assert bank.story_id not in {kept, wrong.pk, None}
    assert not Article.objects.filter(story=strange).exclude(pk=bank.pk).exists()


def test_newcomers_are_put_where_editors_merged_and_not_where_they_locked(make_article: MakeArticle) -> None:
    quake, bank = make_article(QUAKE), make_article(BANK, countries=("UZ",))
    group_new()
    both = story_of(bank)
    curation.merge_stories(both, [story_of(quake)], by=None)
    same = make_article(SAME_QUAKE)
    group_new()
    assert story_of(same) == both
    curation.set_locked(both, True, by=None)
    third = make_article(THIRD_QUAKE)
    group_new()
    assert story_of(third) != both


Decide = Callable[[list[Article], list[Article]], Decision]
DECISIONS: dict[str, Decide] = {
    "merge": lambda quakes, banks: curation.merge_stories(story_of(quakes[0]), [story_of(banks[0])], by=None),
    "split": lambda quakes, _: curation.split_story(story_of(quakes[0]), [quakes[1].pk], by=None),
    "move": lambda quakes, banks: curation.move_article(quakes[0].pk, story_of(banks[0]), by=None),
    "move out": lambda quakes, _: curation.move_article(quakes[2].pk, None, by=None),
    "headline": lambda quakes, _: curation.set_headline(story_of(quakes[0]), "The quake", by=None),
    "lead": lambda quakes, _: curation.set_lead(story_of(quakes[0]), quakes[2].pk, by=None),
    "pin": lambda quakes, _: curation.pin(story_of(quakes[0]), NOW + timedelta(days=9999), by=None),
    "hide": lambda quakes, _: curation.set_hidden(story_of(quakes[0]), True, by=None),
    "lock": lambda quakes, _: curation.set_locked(story_of(quakes[0]), True, by=None),
}


def story_of(article: Article) -> int:
    story_id = Article.objects.values_list("story", flat=True).get(pk=article.pk)
    assert story_id is not None
    return int(story_id)


@pytest.mark.parametrize("what", DECISIONS)
def test_regroup_and_newcomers_respect_what_editors_decided_until_it_is_undone(
    what: str, make_article: MakeArticle
) -> None:
    quakes = [make_article(title) for title in (QUAKE, SAME_QUAKE, THIRD_QUAKE)]
    banks = [make_article(title, countries=("UZ",)) for title in (BANK, SAME_BANK)]
    group_new()
    machine = partition()
    assert machine == {frozenset(a.pk for a in quakes), frozenset(a.pk for a in banks)}
    decision = DECISIONS[what](quakes, banks)

    def decided() -> tuple[set[tuple[object, ...]], dict[int, int | None]]:
        rows = Story.objects.values_list("pk", "headline", "lead_chosen", "hidden", "locked", "merged_into")
        return set(rows), dict(Article.objects.filter(pk__in=old).values_list("pk", "story"))

    old = [article.pk for article in (*quakes, *banks)]
    after = decided()
    regroup()
    assert decided() == after
    make_article("Magnitude 5.8 earthquake: Murghab in Tajikistan shaken")
    make_article("Central bank keeps Uzbekistan's rate at 14 percent", countries=("UZ",))
    group_new()
    regroup()
    assert decided()[0] >= after[0]
    assert decided()[1] == after[1]
    undo(decision.pk, by=None)
    regroup()
    assert {members & frozenset(old) for members in partition()} - {frozenset()} == machine


def test_a_report_whose_story_was_removed_is_grouped_again(make_article: MakeArticle) -> None:
    article = make_article(QUAKE)
    group_new()
    Story.objects.all().delete()
    same = make_article(SAME_QUAKE)
    assert group_new() == 2
    assert story_of(article) == story_of(same)


def test_a_window_in_memory_follows_what_others_changed(make_article: MakeArticle) -> None:
    quake, bank = make_article(QUAKE), make_article(BANK, countries=("UZ",))
    group_new()
    quake.delete()
    Article.objects.filter(pk=bank.pk).update(title=QUAKE, digest="edited")
    same = make_article(SAME_QUAKE)
    group_new()
    assert story_of(same) == story_of(bank)


def test_an_old_report_is_compared_with_its_own_time(make_article: MakeArticle) -> None:
    old = make_article(QUAKE, minutes=-40 * 1440)
    make_article(BANK, countries=("UZ",))
    group_new()
    late = make_article(SAME_QUAKE, minutes=-40 * 1440 + 60)
    now = make_article(THIRD_QUAKE)
    group_new()
    assert story_of(late) == story_of(old)
    assert story_of(now) != story_of(old)


def test_one_grouper_at_a_time_and_a_dead_one_gives_its_place_up(make_article: MakeArticle) -> None:
    make_article(QUAKE)
    dead = Lease.take(grouping.NAME, now=NOW - timedelta(days=900), lasting=timedelta(days=9000))
    assert dead is not None
    assert group_new() == 0
    with pytest.raises(Busy):
        regroup()
    Lease.objects.update(until=NOW - timedelta(days=900))
    assert group_new() == 1
    with pytest.raises(LeaseLost):
        dead.keep()
