"""Every real feed of the shared test data, alone and in its sequence, yields exactly the items that stand in it."""

from __future__ import annotations

import csv
import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from articles.errors import HtmlPage, IngestError, NotAFeed
from articles.parse import parse_feed
from articles.parse.identity import candidate_keys, identities
from articles.records import CleanEntry, Response
from articles.sandbox import Reading, read_here
from tests.conftest import shared_folder

NOW = datetime(2026, 7, 1, tzinfo=UTC)
REAL = shared_folder() / "feeds" / "real"
SEQUENCES = shared_folder() / "feeds" / "sequences"


def rows(folder: Path) -> list[dict[str, str]]:
    index = folder / "index.csv"
    if not index.is_file():
        return []
    with index.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def answer(path: Path) -> Response:
    body = path.read_bytes()
    if body.startswith(b"\x1f\x8b"):  # kept as it was sent; the fetcher has inflated it by now
        body = gzip.decompress(body)
    return Response(url="https://outlet.example/feed", final_url="https://outlet.example/feed", status=200, body=body)


def read(path: Path) -> list[CleanEntry]:
    try:
        return read_here(answer(path), now=NOW).entries
    except IngestError:
        return []


def test_every_real_feed_yields_its_items(shared_data: Path) -> None:
    found = {row["file"]: len(set(identities(read(REAL / row["file"])))) for row in rows(REAL)}
    expected = {row["file"]: int(row["entries_expected"]) for row in rows(REAL)}
    assert len(expected) > 150
    assert found == expected


@pytest.mark.parametrize("row", rows(REAL), ids=lambda row: row["file"])
def test_what_is_stored_of_a_real_feed_is_plain(row: dict[str, str]) -> None:
    for entry in read(REAL / row["file"]):
        for text in (entry.title, entry.summary, entry.text, entry.author, *entry.categories):
            assert "\0" not in text
            assert "\ufffe" not in text
            assert "<p>" not in text
            assert "</" not in text
            assert "&nbsp;" not in text
        assert "\n" not in entry.title + entry.author
        assert entry.link.startswith(("https://", "http://")) or not entry.link
        for date in (entry.published_at, entry.updated_at):
            assert date is None or (date.year >= 1990 and date.utcoffset() is not None)


class Store:
    """The rule of identity over time, as small as it can be."""

    def __init__(self) -> None:
        self.items = 0
        self.known: dict[str, int] = {}

    def add(self, entries: list[CleanEntry]) -> int:
        before = self.items
        for keys in candidate_keys(entries):
            item = next((self.known[key] for key in keys if key in self.known), None)
            if item is None:
                item = self.items = self.items + 1
            for key in keys:
                self.known.setdefault(key, item)
        return self.items - before


def sequences() -> list[str]:
    return list(dict.fromkeys(row["file"].split("/")[0] for row in rows(SEQUENCES)))


@pytest.mark.parametrize("feed", sequences())
def test_a_feed_polled_over_time_grows_by_what_is_new(feed: str) -> None:
    steps = [row for row in rows(SEQUENCES) if row["file"].startswith(f"{feed}/")]
    store = Store()
    for row in steps:
        entries = read(SEQUENCES / row["file"])
        assert (store.add(entries), store.items) == (int(row["new_in_store"]), int(row["total_in_store"])), row["file"]
        assert store.add(entries) == 0


def test_a_page_offers_the_feed_that_it_advertises(shared_data: Path) -> None:
    with pytest.raises(HtmlPage) as caught:
        parse_feed(answer(REAL / "nnw__furbo.html"), now=NOW)
    assert caught.value.suggestion.startswith("http://furbo.org/feed")


def test_a_json_feed_that_was_cut_off_says_where(shared_data: Path) -> None:
    with pytest.raises(NotAFeed, match="line 1"):
        parse_feed(answer(REAL / "nnw__allthis-partial.json"), now=NOW)


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("fp__chardet-koi8r.xml", "Как пережить новогоднюю ночь"),
        ("fp__chardet-gb2312.xml", "不归移民漫画系列：专业工作"),
        ("fp__chardet-shiftjis.xml", "に記事投稿が反映されない"),
        ("fp__chardet-euckr.xml", "한글닉네임 표시하기"),
        ("mf__koi8r.xml", "Вторая новость"),
        ("nfp__iconv.xml", "В Бузулуке главные стройплощадки"),
        ("rsp__uolNoticias.rss", "ção"),
        ("rsp__encoding.rss", "Reações dos partidos"),
        ("egf__zona_ca_20250719.xml", "Казахстан прислал сюда"),
    ],
)
def test_the_letters_of_an_encoding_come_out_right(file: str, words: str, shared_data: Path) -> None:
    entries = read(REAL / file)
    assert any(words in f"{entry.title} {entry.summary}" for entry in entries)


def test_dates_of_1970_are_no_dates(shared_data: Path) -> None:
    reading: Reading = read_here(answer(REAL / "egf__meduza.xml"), now=NOW)
    assert len(reading.entries) == 24
    assert all(entry.published_at is None for entry in reading.entries)
