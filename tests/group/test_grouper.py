from datetime import UTC, datetime, timedelta

from articles.group import Constraints, Grouper, GroupSettings, Merge, group_all
from articles.records import Report

NOW = datetime(2025, 11, 20, 8, tzinfo=UTC)


def report(number: int, title: str, **fields: object) -> Report:
    values: dict[str, object] = {
        "text": "",
        "language": "en",
        "at": NOW + timedelta(minutes=number),
        "source": f"outlet-{number}",
        "owner": f"owner-{number}",
        "countries": ("TJ",),
    }
    return Report(id=number, title=title, **{**values, **fields})  # type: ignore[arg-type]


QUAKE = report(1, "Earthquake of magnitude 5.8 shakes Murghab in eastern Tajikistan", entities=("murghab",))
SAME_QUAKE = report(2, "Magnitude 5.8 earthquake hits Murghab district in Tajikistan", entities=("murghab",))
RUSSIAN_QUAKE = report(
    3, "Землетрясение магнитудой 5,8 произошло в Мургабе на востоке Таджикистана", language="ru", entities=("murghab",)
)
BANK = report(4, "Uzbekistan's central bank keeps its rate at 14 percent", countries=("UZ",))


def test_two_reports_of_one_event_are_one_story_and_another_event_is_not() -> None:
    assert group_all([QUAKE, BANK, SAME_QUAKE]) == [0, 1, 0]


def test_a_report_in_another_script_finds_its_story() -> None:
    assert group_all([QUAKE, BANK, RUSSIAN_QUAKE]) == [0, 1, 0]


def test_the_order_in_which_reports_are_passed_changes_nothing() -> None:
    forth = group_all([QUAKE, SAME_QUAKE, BANK, RUSSIAN_QUAKE])
    back = group_all([RUSSIAN_QUAKE, BANK, SAME_QUAKE, QUAKE])
    assert [forth[i] == forth[0] for i in range(4)] == [back[3 - i] == back[3] for i in range(4)]


def test_an_assignment_says_what_it_joined_and_in_which_words() -> None:
    grouper = Grouper()
    first = grouper.add(QUAKE)
    second = grouper.add(SAME_QUAKE)
    assert first.new
    assert not second.new
    assert second.story == first.story
    assert second.joined == QUAKE.id
    assert "murghab" in {word.lower() for word in second.why}


def test_a_grouper_loaded_from_what_is_stored_goes_on_as_the_old_one_would() -> None:
    going_on, killed = Grouper(), Grouper()
    stored = [(r, killed.add(r).story) for r in (QUAKE, BANK)]
    for each in (QUAKE, BANK):
        going_on.add(each)
    loaded = Grouper()
    for each, story in stored:
        loaded.load(each, story)
    ours, theirs = loaded.add(SAME_QUAKE), going_on.add(SAME_QUAKE)
    assert (ours.story, ours.score, ours.joined) == (theirs.story, theirs.score, theirs.joined)


def test_the_same_text_under_another_masthead_is_a_copy_of_the_first() -> None:
    grouper = Grouper()
    grouper.add(QUAKE)
    reprint = grouper.add(report(9, QUAKE.title, source="other"))
    assert reprint.copy_of == QUAKE.id


def test_latin_and_cyrillic_editions_of_one_text_are_copies() -> None:
    latin = report(
        1, "Toshkent viloyatida yangi suv ombori qurilishi boshlandi, loyiha 2027-yilda tugaydi", language="uz"
    )
    cyrillic = report(
        2, "Тошкент вилоятида янги сув омбори қурилиши бошланди, лойиҳа 2027-йилда тугайди", language="uz"
    )
    grouper = Grouper()
    grouper.add(latin)
    assert grouper.add(cyrillic).copy_of == latin.id


def test_a_template_with_other_numbers_is_no_copy() -> None:
    grouper = Grouper()
    grouper.add(report(1, "Official exchange rate of the somoni on 3 November: one dollar is 9.24"))
    assert (
        grouper.add(report(2, "Official exchange rate of the somoni on 4 November: one dollar is 9.31")).copy_of is None
    )


def test_a_flood_of_near_identical_items_of_one_outlet_makes_no_monster_story() -> None:
    flood = [
        report(
            n, f"Exchange rates of the national bank: the dollar at {n}.{n % 7}, the rouble at {n % 13}", source="bank"
        )
        for n in range(400)
    ]
    stories = group_all(flood)
    assert max(stories.count(story) for story in set(stories)) <= 2 * GroupSettings().max_source_reports


def test_the_same_form_filled_in_by_many_outlets_makes_no_monster_story() -> None:
    flood = [
        report(n, f"Exchange rates of the bank today: the dollar at {1000 + n} and the rouble at {5000 + n}")
        for n in range(200)
    ]
    stories = group_all(flood)
    assert max(stories.count(story) for story in set(stories)) <= GroupSettings().max_source_reports


def test_reports_leave_the_window_after_its_length() -> None:
    grouper = Grouper()
    grouper.add(QUAKE)
    late = report(5, QUAKE.title, at=NOW + timedelta(days=8))
    assert grouper.add(late).new
    assert len(grouper.window.items) == 1


def test_an_undated_report_ages_by_the_time_when_it_was_fetched() -> None:
    grouper = Grouper()
    grouper.add(report(1, QUAKE.title, dated=False))
    grouper.add(report(2, BANK.title))
    grouper.add(report(3, BANK.title, at=NOW + timedelta(days=8)))
    assert len(grouper.window.items) == 1


def test_reports_without_any_date_come_last_and_still_see_the_end_of_the_window() -> None:
    undated = report(3, SAME_QUAKE.title, dated=False, at=datetime(9999, 1, 1, tzinfo=UTC))
    assert group_all([undated, QUAKE]) == [0, 0]


def test_a_locked_story_takes_no_newcomer() -> None:
    grouper = Grouper(constraints=Constraints(locked=frozenset({7})))
    grouper.load(QUAKE, 7)
    assert grouper.add(SAME_QUAKE).new


def test_a_report_stays_where_an_editor_put_it() -> None:
    grouper = Grouper(constraints=Constraints(fixed={BANK.id: 7}))
    grouper.load(QUAKE, 7)
    assert grouper.add(BANK).story == 7


SHY = GroupSettings(join=100.0, merge=0.0)  # nobody joins by himself: stories are merged with stories


def test_stories_that_an_editor_split_are_not_merged_again() -> None:
    def stories(constraints: Constraints) -> int:
        grouper = Grouper(SHY, constraints=constraints)
        grouper.load(QUAKE, 7)
        grouper.load(BANK, 8)
        grouper.move(BANK.id, 8)
        return grouper.add(SAME_QUAKE).story

    assert stories(Constraints()) == 7
    assert stories(Constraints(never_merge=frozenset({(-1, 7)}))) == -1


def test_a_story_that_is_like_an_older_one_becomes_part_of_it() -> None:
    grouper = Grouper(SHY)
    first, second = grouper.add(QUAKE), grouper.add(SAME_QUAKE)
    assert (first.story, first.new) == (-1, True)
    assert (second.story, second.new, second.merges) == (-1, False, ())
    assert "murghab" in {word.lower() for word in second.why}
    assert len(grouper.stories[-1].slots) == 2


def two_quakes(constraints: Constraints) -> list[Merge]:
    grouper = Grouper(SHY, constraints=constraints)
    grouper.load(QUAKE, 7)
    grouper.load(RUSSIAN_QUAKE, 8)
    return list(grouper.add(SAME_QUAKE).merges)


def test_a_newcomer_joins_the_two_stories_between_which_it_stands() -> None:
    [merge] = two_quakes(Constraints())
    assert (merge.kept, merge.gone) == (7, 8)


def test_a_story_that_an_editor_touched_grows_but_does_not_end() -> None:
    [merge] = two_quakes(Constraints(held=frozenset({8})))
    assert (merge.kept, merge.gone) == (8, 7)
    assert two_quakes(Constraints(held=frozenset({7, 8}))) == []


def test_a_report_that_is_forgotten_or_moved_is_not_found_where_it_was() -> None:
    grouper = Grouper()
    grouper.load(QUAKE, 7)
    grouper.move(QUAKE.id, 9)
    assert grouper.story_key(QUAKE.id) == 9
    assert grouper.add(SAME_QUAKE).story == 9
    grouper.forget(QUAKE.id)
    grouper.forget(SAME_QUAKE.id)
    assert (grouper.story_key(QUAKE.id), grouper.stories, len(grouper.window.items)) == (None, {}, 0)
    assert grouper.add(RUSSIAN_QUAKE).new


def test_a_new_story_goes_on_under_the_id_of_its_row() -> None:
    grouper = Grouper()
    grouper.rename(grouper.add(QUAKE).story, 42)
    assert grouper.add(SAME_QUAKE).story == 42


def test_empty_and_hostile_reports_are_grouped_without_fault() -> None:
    odd = ["", " ", "\x00", "0" * 5000, "'" * 500, "١٢٣", "𝕊" * 300, "²³ ½", "a" * 100_000, "و" * 3000]
    stories = group_all([report(n, title, text=title, language="xx") for n, title in enumerate(odd)])
    assert len(stories) == len(odd)
