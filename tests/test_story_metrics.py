import pytest

from articles.story_metrics import bcubed, pairwise


def test_a_perfect_grouping_scores_one_whatever_its_names() -> None:
    gold, predicted = ["a", "a", None, "b"], [7, 7, 8, 9]
    assert bcubed(gold, predicted).f1 == 1
    assert pairwise(gold, predicted).f1 == 1


def test_bcubed_follows_the_definition_by_hand() -> None:
    agreement = bcubed(["a", "a", "a", "b"], [1, 1, 2, 2])
    assert agreement.precision == pytest.approx((1 + 1 + 0.5 + 0.5) / 4)
    assert agreement.recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)


def test_pairs_are_counted_once_and_reports_alone_make_none() -> None:
    agreement = pairwise(["a", "a", "a", None, None], [1, 1, 2, 2, None])
    assert agreement.precision == 1 / 2
    assert agreement.recall == 1 / 3


def test_cross_language_pairs_leave_out_pairs_of_one_language() -> None:
    agreement = pairwise(["a", "a", "a"], [1, 1, 2], ["ru", "ru", "en"])
    assert agreement.precision == 1  # nothing was claimed across languages
    assert agreement.recall == 0


def test_nothing_to_group_is_no_fault() -> None:
    assert bcubed([], []).f1 == 1
    assert pairwise([], []).f1 == 1


def test_lists_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        bcubed(["a"], [])
