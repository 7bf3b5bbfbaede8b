"""Our own labelled items are well formed, and there are enough of every kind to measure with."""

import csv
import json
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

Item = dict[str, Any]
ROOT = Path(__file__).parent
CATALOGUE = ROOT.parent / "articles" / "catalogue"
HALVES = ("tune", "measured")
MAIN_LANGUAGES = ("en", "ru", "fr", "kk", "ky", "uz", "tg", "tk")
LANGUAGES = {*MAIN_LANGUAGES, "de", "tr", "fa", "zh"}
ITEM_KEYS = {"id", "title", "text", "url", "source", "language", "date", "gold"}
GOLD_KEYS = {"language", "relevant", "countries", "topics", "story", "unsure"}
MAX_TOPICS = 3
# What both halves together must hold; while one half is missing, the other must hold its share.
MIN_ITEMS, MIN_PER_LANGUAGE, MIN_IRRELEVANT, MIN_EVENTS, MIN_PER_TOPIC = 400, 30, 80, 100, 16


def read_half(half: str) -> list[Item]:
    path = ROOT / "data" / "labelled" / f"{half}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


@pytest.fixture(scope="module")
def halves() -> dict[str, list[Item]]:
    """The halves that exist, by name."""
    return {half: items for half in HALVES if (items := read_half(half))}


@pytest.fixture(scope="module")
def items(halves: dict[str, list[Item]]) -> list[Item]:
    return [item for half in halves.values() for item in half]


@pytest.fixture(scope="module")
def share(halves: dict[str, list[Item]]) -> float:
    return len(halves) / len(HALVES)


@pytest.fixture(scope="module")
def topic_slugs() -> set[str]:
    return {topic["slug"] for topic in json.loads((CATALOGUE / "topics.json").read_text(encoding="utf-8"))}


def stories_of(items: list[Item]) -> dict[str, list[Item]]:
    stories: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        if item["gold"]["story"] is not None:
            stories[item["gold"]["story"]].append(item)
    return stories


def has_letters_from(text: str, first: str, last: str) -> bool:
    return any(first <= letter <= last for letter in text)


def test_every_line_has_the_documented_fields_and_no_others(items: list[Item]) -> None:
    assert [item["id"] for item in items if set(item) != ITEM_KEYS or set(item["gold"]) != GOLD_KEYS] == []


def test_ids_and_titles_are_never_used_twice(items: list[Item]) -> None:
    for field in ("id", "title"):
        assert [value for value, times in Counter(item[field] for item in items).items() if times > 1] == []


def test_no_address_belongs_to_a_real_outlet(items: list[Item]) -> None:
    hosts = {urlsplit(item["url"]).hostname or "" for item in items}
    assert [host for host in hosts if not host.endswith(".example")] == []


def test_dates_lie_in_the_years_of_the_set(items: list[Item]) -> None:
    assert {date.fromisoformat(item["date"]).year for item in items} <= {2025, 2026}


def test_labels_use_only_languages_countries_and_topics_of_the_catalogue(
    items: list[Item], topic_slugs: set[str]
) -> None:
    with (CATALOGUE / "countries.csv").open(encoding="utf-8") as file:
        codes = {row["iso2"] for row in csv.DictReader(file)}
    for item in items:
        gold = item["gold"]
        assert gold["language"] in LANGUAGES, item["id"]
        assert set(gold["countries"]) <= codes, item["id"]
        assert set(gold["topics"]) <= topic_slugs, item["id"]


def test_relevant_items_have_one_to_three_topics_and_the_others_have_neither_topics_nor_story(
    items: list[Item],
) -> None:
    for item in items:
        gold = item["gold"]
        if gold["relevant"]:
            assert 1 <= len(gold["topics"]) <= MAX_TOPICS, item["id"]
        else:
            assert (gold["topics"], gold["story"]) == ([], None), item["id"]


def test_no_story_spans_both_halves(halves: dict[str, list[Item]]) -> None:
    ids = Counter(story for half in halves.values() for story in stories_of(half))
    assert [story for story, times in ids.items() if times > 1] == []


def test_stories_have_two_to_six_reports_and_half_of_them_cross_languages(items: list[Item], share: float) -> None:
    stories = stories_of(items)
    assert {story: len(reports) for story, reports in stories.items() if not 2 <= len(reports) <= 6} == {}
    crossing = [s for s, reports in stories.items() if len({r["gold"]["language"] for r in reports}) > 1]
    assert len(stories) >= MIN_EVENTS * share
    assert len(crossing) * 2 >= len(stories)


def test_there_are_as_many_near_misses_as_stories(items: list[Item]) -> None:
    alone = [item for item in items if item["gold"]["relevant"] and item["gold"]["story"] is None]
    assert len(alone) >= len(stories_of(items))


def test_there_are_enough_items_languages_topics_and_irrelevant_ones(
    items: list[Item], share: float, topic_slugs: set[str]
) -> None:
    languages = Counter(item["gold"]["language"] for item in items)
    topics = Counter(topic for item in items for topic in item["gold"]["topics"])
    assert len(items) >= MIN_ITEMS * share
    assert {code: languages[code] for code in MAIN_LANGUAGES if languages[code] < MIN_PER_LANGUAGE * share} == {}
    assert {slug: topics[slug] for slug in topic_slugs if topics[slug] < MIN_PER_TOPIC * share} == {}
    assert sum(not item["gold"]["relevant"] for item in items) >= MIN_IRRELEVANT * share


@pytest.mark.parametrize("language", ["kk", "uz"])
def test_languages_with_two_scripts_come_in_both(items: list[Item], language: str) -> None:
    titles = [item["title"] for item in items if item["gold"]["language"] == language]
    cyrillic = [title for title in titles if has_letters_from(title, "Ѐ", "ӿ")]
    assert cyrillic
    assert len(cyrillic) < len(titles)
