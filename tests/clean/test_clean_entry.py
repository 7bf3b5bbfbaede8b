"""An entry leaves the cleaner as plain words and links to pages, the same however often it is cleaned."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.clean import MAX_TITLE, clean_entry, primary_language
from articles.records import CleanEntry, Entry
from tests.clean.test_html import SOUP

LINES = st.sampled_from(
    [
        "PREV another story of that day",
        "NEXT yet another story",
        "For Latest Updates Follow us on Google News",
        "Read more",
        "Читать далее",
        "Читайте также:",
        "Глава государства прибыл с визитом в столицу",
        "-",
        "слово",
        "Ещё",
        "«",
        "»",
        "“",
        "The President said on Monday that the talks would go on next week in the capital of the country.",
        "Президент сказал, что переговоры продолжатся на следующей неделе в столице страны.Он вернулся.",
        "и это продолжение строки",
        "The post A visit appeared first on The Times.",
        "A title",
        "a title",
        "",
        "  x ",
        "Tags: a",
        "<p>",
        "</p>",
        "<a href=/x>Another story of the same day</a>",
        "<br>",
        "&lt;b&gt;",
        "<li>",
        "← Предыдущая статья",
    ]
)
PAGE = st.lists(LINES | SOUP, max_size=14).map("\n".join)
ENTRIES = st.builds(
    Entry,
    guid=SOUP,
    link=SOUP,
    title=st.sampled_from(["A title", "", "Ещё"]) | SOUP,
    summary=PAGE,
    content=PAGE,
    authors=st.lists(SOUP, max_size=3).map(tuple),
    categories=st.lists(SOUP, max_size=3).map(tuple),
    language=st.sampled_from(["", "ru-RU", "KZ", "zh_CN", "en us", "x"]) | st.text(max_size=5),
    enclosures=st.lists(SOUP.map("https://a.example/".__add__) | SOUP, max_size=3).map(tuple),
)


def as_entry(clean: CleanEntry) -> Entry:
    """What a feed that carried the cleaned words would give."""
    return Entry(
        guid=clean.guid,
        link=clean.link,
        title=clean.title,
        summary=clean.summary,
        content=clean.text,
        authors=(clean.author,),
        categories=clean.categories,
        language=clean.language,
        enclosures=(clean.image_url,),
    )


@given(ENTRIES)
def test_cleaning_twice_changes_nothing(entry: Entry) -> None:
    once = clean_entry(entry, base="https://a.example/feed")
    assert clean_entry(as_entry(once), base="https://a.example/feed") == once


@given(ENTRIES)
def test_nothing_foreign_is_left(entry: Entry) -> None:
    clean = clean_entry(entry)
    for text in (clean.title, clean.summary, clean.text, clean.author, *clean.categories):
        assert not any(
            text.startswith(mark, at + 1) for at in range(len(text)) if text[at] == "<" for mark in "!/?abBsS"
        )
        assert "\0" not in text
        text.encode("utf-8")
    for line in (clean.title, clean.author, *clean.categories):
        assert "\n" not in line
    for link in (clean.link, clean.image_url):
        assert link == "" or link.startswith(("http://", "https://"))


def test_an_entry_becomes_plain_words_and_links() -> None:
    entry = Entry(
        guid=" tag:a\0 ",
        link="/news/1?utm_source=rss#top",
        title="<b>Rogun</b> &amp;amp; Nurek",
        summary="<p>Water <script>x</script>rises.</p>",
        content="<p>Water rises.</p><p>And <a href='javascript:x'>falls</a>.</p>",
        authors=("<i>A. Author</i>", "A. Author", "B"),
        categories=("Energy &amp; water", "Energy & water", ""),
        published_at=datetime(2026, 5, 1, tzinfo=UTC),
        enclosures=("javascript:x", "https://a.example/sound.mp3", "/p.jpg#x"),
    )
    assert clean_entry(entry, base="https://a.example/", declared_language="tg-TJ") == CleanEntry(
        guid="tag:a",
        link="https://a.example/news/1",
        title="Rogun & Nurek",
        summary="Water rises.",
        text="Water rises.\n\nAnd falls.",
        author="A. Author, B",
        categories=("Energy & water",),
        published_at=datetime(2026, 5, 1, tzinfo=UTC),
        language="tg",
        image_url="https://a.example/p.jpg",
    )


def test_a_body_alone_stands_as_the_summary() -> None:
    clean = clean_entry(Entry(title="T", content="<p>Only this.</p>"))
    assert (clean.summary, clean.text) == ("Only this.", "")
    same = clean_entry(Entry(summary="<p>Only this.</p>", content="Only <b>this</b>."))
    assert (same.summary, same.text) == ("Only this.", "")


def test_overlong_fields_are_cut_at_a_word() -> None:
    title = clean_entry(Entry(title="слово " * 1000)).title
    assert len(title) <= MAX_TITLE
    assert title.endswith("слово…")
    assert len(clean_entry(Entry(categories=tuple(map(str, range(500))))).categories) == 50


@pytest.mark.parametrize(
    ("declared", "language"),
    [
        ("ru-RU", "ru"),
        ("EN_us", "en"),
        ("kz", "kk"),
        ("kg", "ky"),
        ("cn", "zh"),
        ("uz-Cyrl", "uz"),
        ("english", ""),
        ("", ""),
    ],
)
def test_a_declared_language_becomes_its_primary_subtag(declared: str, language: str) -> None:
    assert primary_language(declared) == language


def test_a_scraped_page_loses_what_is_not_its_own(shared_data: Path) -> None:
    page = (shared_data / "seed-article.txt").read_text("utf-8")
    for content in (page, "<div>" + page.replace("\n\n", "</div><div>").replace("\n", "<br>") + "</div>"):
        clean = clean_entry(Entry(title="« La Russie est militairement invincible »", content=content))
        for words in ("PREV", "NEXT", "Google", "Hamas", "Koursk", "doctrine nucléaire", "recrutement", "fillette"):
            assert words not in clean.summary
        for words in (
            "Tokayev estime",
            "pourront être discutées. Les dirigeants",
            "Tokaïev s’efforce",
            "Poutine avait affirmé",
            "stratégiques. « Une escalade",
            "de l'aide humanitaire à l'Ukraine.",
        ):
            assert words in clean.summary
        assert not clean.summary.startswith("«")
        assert clean_entry(replace(as_entry(clean), title=clean.title)) == clean
