from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from articles.rank import Group, missing_groups, one_sided, score
from articles.records import StoryFacts

THEN = datetime(2025, 11, 20, tzinfo=UTC)
ONE = StoryFacts(
    THEN, THEN, articles=1, copies=0, sources=1, owners=1,
    ownerships={"independent": 1}, perspectives={"kg": 1}, languages=("ky",),
)  # fmt: skip
WIDE = replace(
    ONE, articles=9, sources=9, owners=9, ownerships={"independent": 4, "commercial": 3, "exile": 2},
    perspectives={"kg": 5, "ru": 2, "western": 2}, languages=("ky", "ru", "en"),
)  # fmt: skip


def test_the_parts_add_up_to_the_base() -> None:
    result = score(WIDE)
    assert sum(value for _, value in result.points) == pytest.approx(result.base)
    assert dict(result.points)["owners"] > dict(score(ONE).points)["owners"]


def test_more_owners_sides_and_languages_stand_higher() -> None:
    assert score(WIDE).rank > score(ONE).rank


def test_a_newer_story_overtakes_in_the_end() -> None:
    week_later = replace(ONE, first_at=THEN + timedelta(days=7), last_at=THEN + timedelta(days=7))
    assert score(week_later).rank > score(WIDE).rank


def test_articles_of_one_owner_add_nothing() -> None:
    assert score(replace(ONE, articles=50)).rank == score(ONE).rank


def test_a_chorus_of_state_wires_counts_as_two_owners() -> None:
    chorus = replace(ONE, owners=8, sources=8, ownerships={"state": 6, "state-affiliated": 2})
    duet = replace(ONE, owners=2, sources=2, ownerships={"state": 1, "state-affiliated": 1})
    assert score(chorus).base == score(duet).base


def test_copies_are_capped() -> None:
    assert score(replace(ONE, copies=3)).base == score(replace(ONE, copies=300)).base


def test_endless_follow_ups_do_not_keep_a_story_on_top() -> None:
    assert (
        score(replace(ONE, last_at=THEN + timedelta(days=4))).rank
        == score(replace(ONE, last_at=THEN + timedelta(days=9))).rank
    )


def test_a_story_outside_the_region_stands_lower() -> None:
    assert score(replace(ONE, core=False)).rank < score(ONE).rank


def test_a_group_is_missing_only_where_it_would_be_expected() -> None:
    state, exile = Group("state", 6, 0.6, 10, 10), Group("exile", 0, 0.3, 4, 4)
    rare = Group("think-tank", 0, 0.05, 4, 4)
    assert [(m.name, m.verdict) for m in missing_groups([state, rare, exile])] == [("exile", "not seen")]


def test_silence_is_not_known_when_most_feeds_of_the_group_did_not_answer() -> None:
    groups = [Group("state", 6, 0.6, 10, 10), Group("exile", 0, 0.3, 4, 1), Group("independent", 0, 0.4, 0, 0)]
    assert {m.verdict for m in missing_groups(groups)} == {"not known"}


def test_one_sided_stories_are_named_by_their_side() -> None:
    two = replace(ONE, owners=2, sources=2)
    assert one_sided(replace(two, ownerships={"state": 1, "state-affiliated": 1})) == "state-only"
    assert one_sided(replace(two, ownerships={"exile": 2})) == "exile-only"
    assert one_sided(replace(two, ownerships={"state": 1, "exile": 1})) == ""
    assert one_sided(replace(two, ownerships={"commercial": 2}, perspectives={"ru": 1, "western": 1})) == "outside-only"


def test_one_report_has_no_other_side_yet() -> None:
    assert one_sided(replace(ONE, ownerships={"state": 1})) == ""
