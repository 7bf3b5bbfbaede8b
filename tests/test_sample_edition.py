"""The sample edition is whole, says sample wherever it can, and puts no invented word into a real mouth."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from articles.models.source import Ownership, Perspective
from articles.sample.edition import LEXICON_PATH, SAMPLE_DIR, EditionError, gold_lines, load_edition, source_rows
from articles.sample.records import Edition, SampleEvent, SampleReport
from articles.tag.catalogue import FOLDER, load_catalogue_terms, load_entities, load_tiers
from articles.tag.language import detect
from articles.tag.lexicon import compile_lexicon
from articles.tag.matcher import find_hits

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
CORE = {"KZ", "KG", "TJ", "TM", "UZ"}
LANGUAGES = {"en", "ru", "fr", "kk", "ky", "uz", "tg", "tk", "fa", "zh", "tr", "de"}
SAY_SAMPLE = re.compile(
    r"sample|пример|үлгі|үлгү|намуна|namuna|nusga|exemple|beispiel|örnek|nümunə|نمونه|示例", re.IGNORECASE
)


@pytest.fixture(scope="module")
def edition() -> Edition:
    return load_edition()


def at_start(edition: Edition) -> list[SampleReport]:
    return [report for report in edition.reports if report.offset <= timedelta()]


def outlets_of(edition: Edition, reports: Iterable[SampleReport]) -> set[str]:
    return {edition.feeds[report.feed].outlet for report in reports}


def gathered(edition: Edition) -> list[SampleEvent]:
    """Events as the first fetch finds them, with what is out by then, of two to eight reports."""
    found = [
        replace(event, reports=tuple(report for report in event.reports if report.offset <= timedelta()))
        for event in edition.events
    ]
    return [event for event in found if 2 <= len(event.reports) <= 8]


def test_outlets_are_of_every_kind_and_every_side(edition: Edition) -> None:
    assert len(edition.outlets) >= 25
    assert {outlet.ownership for outlet in edition.outlets} == set(Ownership.values) - {"unknown"}
    assert {outlet.perspective for outlet in edition.outlets} == set(Perspective.values) - {"unknown"}


def test_some_outlets_have_two_feeds_and_one_has_two_scripts(edition: Edition) -> None:
    two = [outlet for outlet in edition.outlets if len(outlet.feeds) == 2]
    assert len(two) >= 2
    assert any({feed.language for feed in outlet.feeds} == {"uz"} for outlet in two)


def test_nobody_takes_an_outlet_for_a_real_one(edition: Edition) -> None:
    for outlet in edition.outlets:
        assert SAY_SAMPLE.search(outlet.name), outlet.name
        assert outlet.domain.endswith(".example")
        assert outlet.owner.startswith("sample-")


def test_there_is_as_much_as_promised_at_the_first_fetch(edition: Edition) -> None:
    relevant = {event.id: event.relevant for event in edition.events}
    out = at_start(edition)
    events = gathered(edition)
    assert len(out) >= 250
    assert len(events) >= 45
    assert sum(len({report.language for report in event.reports}) > 1 for event in events) >= 25
    assert sum(not relevant[report.event] for report in out) >= 40
    assert sum(bool(event.near) for event in edition.events) >= 25
    assert {report.language for report in out} == LANGUAGES


def test_all_is_of_the_last_ten_days_and_much_of_it_of_today(edition: Edition) -> None:
    out = at_start(edition)
    assert min(report.offset for report in out) >= -timedelta(days=10)
    fresh = [event for event in gathered(edition) if max(r.offset for r in event.reports) > -timedelta(hours=12)]
    assert len(fresh) >= 25


def test_every_topic_is_there_and_none_of_the_five_countries_is_forgotten(edition: Edition) -> None:
    events = [event for event in edition.events if event.relevant]
    topics = Counter(topic for event in events for topic in event.topics)
    countries = Counter(country for event in events for country in event.countries)
    slugs = {topic["slug"] for topic in json.loads((FOLDER / "topics.json").read_text(encoding="utf-8"))}
    assert set(topics) == slugs
    assert min(topics.values()) >= 3
    assert min(countries[code] for code in CORE) >= 20
    assert set(countries) <= set(load_tiers())


def test_labels_are_complete(edition: Edition) -> None:
    for event in edition.events:
        assert bool(event.topics) == event.relevant, event.id
        assert event.countries or not event.relevant, event.id
        assert len(event.topics) <= 3, event.id


def test_a_title_stands_twice_only_where_the_text_is_a_copy(edition: Edition) -> None:
    seen: dict[str, str] = {}
    for report in edition.reports:
        assert seen.setdefault(report.title, report.event) == report.event, report.title
    copies = Counter((report.event, report.summary) for report in edition.reports)
    assert sum(count > 1 for count in copies.values()) >= 5


def test_no_outlet_reports_an_event_twice_in_one_feed(edition: Edition) -> None:
    for event in edition.events:
        feeds = [report.feed for report in event.reports]
        assert len(feeds) == len(set(feeds)), event.id


def test_every_minute_of_the_first_hour_brings_something_and_headlines_change(edition: Edition) -> None:
    minutes = {report.offset // timedelta(minutes=1) for report in edition.reports}
    assert set(range(1, 61)) <= minutes
    edits = [report for report in edition.reports if report.edited_title]
    assert len(edits) >= 8
    assert all(report.edited_title != report.title and report.edited_offset > report.offset for report in edits)


def test_odd_items_are_among_them(edition: Edition) -> None:
    titles = [report.title for report in edition.reports]
    assert max(map(len, titles)) > 300
    assert max(len(report.text) for report in edition.reports) > 1500
    assert any(len(title) > 60 and " " not in title for title in titles)
    assert any("❄" in title for title in titles)
    assert sum(report.language == "fa" for report in edition.reports) >= 8


def test_no_real_person_who_ever_held_an_office_is_named(edition: Edition) -> None:
    rows = json.loads((FOLDER / "entities.json").read_text(encoding="utf-8"))
    people = {row["id"] for row in rows if row["type"] == "person" and row.get("roles")}
    lexicon = compile_lexicon(
        [term for term in load_catalogue_terms() if term.owner in people],
        entities=[facts for facts in load_entities() if facts.id in people],
        countries=load_tiers(),
        topics=[topic["slug"] for topic in json.loads((FOLDER / "topics.json").read_text(encoding="utf-8"))],
    )
    assert find_hits("Токаев", "", lexicon, language="ru", script="Cyrl"), "the check itself finds somebody"
    for report in edition.reports:
        body = f"{report.edited_title} {report.summary} {report.text}"
        language, script = detect(report.title, body, report.language)
        hits = find_hits(report.title, body, lexicon, language=language, script=script)
        assert [hit.words for hit in hits] == [], report.title


def test_invented_people_and_bodies_are_named_apart_from_the_catalogue() -> None:
    invented = json.loads(LEXICON_PATH.read_text(encoding="utf-8"))
    real = {row["id"] for row in json.loads((FOLDER / "entities.json").read_text(encoding="utf-8"))}
    assert all(row["id"].startswith("sample-") for row in invented)
    assert not real & {row["id"] for row in invented}


def test_source_rows_have_the_columns_of_the_catalogue(edition: Edition) -> None:
    rows = source_rows(edition, base_url="http://127.0.0.1:8787/")
    with (FOLDER / "sources.csv").open(encoding="utf-8", newline="") as lines:
        assert list(rows[0]) == csv.DictReader(lines).fieldnames
    assert len({row["feed_url"] for row in rows}) == len(rows) == len(edition.feeds)
    assert rows[0]["feed_url"].startswith("http://127.0.0.1:8787/feeds/")


def test_gold_lines_hold_what_is_out_and_name_stories_of_two_or_more(edition: Edition) -> None:
    lines = list(gold_lines(edition, now=NOW))
    assert len(lines) == len(at_start(edition))
    sizes = Counter(line["gold"]["story"] for line in lines)
    assert all(count > 1 for count in sizes.values())
    assert all(datetime.fromisoformat(line["date"]) <= NOW for line in lines)
    later = list(gold_lines(edition, now=NOW + timedelta(hours=2), started_at=NOW))
    assert len(later) == len(edition.reports)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('feed = "bishkek-ru"', 'feed = "nobody"', "nobody"),
        ("hours = 9.4\n", "", "hours"),
        ('topics = ["water"]', 'topic = ["water"]', "topic"),
        ('id = "issyk-kul-level"', 'id = "pamir-glacier-survey"', "twice"),
        ("[[event]]", "[[events]]", "events"),
        ("hours = 9.4", "hours = ", "line 10"),
    ],
)
def test_a_slip_in_a_file_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    (tmp_path / "events").mkdir()
    for name in ("outlets.toml", "bulletins.toml"):
        (tmp_path / name).write_text((SAMPLE_DIR / name).read_text(encoding="utf-8"), encoding="utf-8")
    text = (SAMPLE_DIR / "events" / "water.toml").read_text(encoding="utf-8")
    (tmp_path / "events" / "water.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(EditionError, match=said):
        load_edition(tmp_path)
