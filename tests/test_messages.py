"""The interface in French and Russian is whole: every marked word is translated, compiled and rightly set."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings
from django.utils import translation
from django.utils.translation import ngettext

from articles.publish import when
from tests.conftest import ROOT, missing

LANGUAGES = ("fr", "ru")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|</?\w+|href|datetime")
CASES = [(1, 0), (2, 1), (4, 1), (5, 2), (11, 2), (12, 2), (21, 0), (22, 1), (100, 2), (101, 0), (111, 2)]


def messages(language: str, folder: Path | None = None) -> polib.POFile:
    folder = folder or ROOT / "articles" / "locale"
    return polib.pofile(str(folder / language / "LC_MESSAGES" / "django.po"), wrapwidth=0)


def words(entry: polib.POEntry) -> list[str]:
    """What a message becomes, in all its forms."""
    return list(entry.msgstr_plural.values()) or [entry.msgstr]


@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_words_are_those_of_the_text_file(language: str) -> None:
    text = messages(language)
    compiled = polib.mofile(str(ROOT / "articles" / "locale" / language / "LC_MESSAGES" / "django.mo"))
    told = {(entry.msgctxt, entry.msgid): words(entry) for entry in text}
    assert {(entry.msgctxt, entry.msgid): words(entry) for entry in compiled} == told, "run bin/messages"


def test_every_marked_word_is_translated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if shutil.which("xgettext") is None:
        missing("gettext is not installed")
    folder = tmp_path / "locale"
    shutil.copytree(ROOT / "articles" / "locale", folder)
    monkeypatch.chdir(ROOT)
    ignored = ["locale", ".venv", "var", "tests"]
    with override_settings(LOCALE_PATHS=[folder]):
        call_command("makemessages", locale=list(LANGUAGES), ignore_patterns=ignored, no_obsolete=True, verbosity=0)
    for language in LANGUAGES:
        found = messages(language, folder)
        assert len(found) > 300
        lacking = [entry.msgid for entry in found if entry.fuzzy or not entry.translated()]
        assert lacking == [], f"{language}: run bin/messages"
        idle = {entry.msgid for entry in messages(language)} - {entry.msgid for entry in found}
        assert idle == set(), f"{language}: nobody says these any more; run bin/messages"


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_the_places_for_values(language: str) -> None:
    for entry in messages(language):
        wanted = sorted(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        for form in words(entry):
            assert sorted(PLACEHOLDER.findall(form)) == wanted, entry.msgid


def test_french_signs_stand_off_by_a_narrow_space_that_does_not_break() -> None:
    for entry in messages("fr"):
        for form in words(entry):
            plain = re.sub(r"<[^>]*>|%\(\w+\)[sd]|https?://\S+|/api/\S+|\d\d:\d\d", "x", form)
            assert not re.search(r"[^\u202f:;?!][:;?!»]|«[^\u202f]", plain), form
            assert "'" not in plain, form


def test_russian_dashes_and_quotes_are_russian() -> None:
    for entry in messages("ru"):
        for form in words(entry):
            plain = re.sub(r"<[^>]*>", "", form)
            assert '"' not in plain, form
            assert not re.search(r" —|\s-\s", plain), form


@pytest.mark.parametrize(("count", "form"), CASES)
def test_russian_counts_in_three_forms(count: int, form: int) -> None:
    with translation.override("ru"):
        told = ngettext("%(n)d outlet", "%(n)d outlets", count) % {"n": count}
    assert told == f"{count} {('издание', 'издания', 'изданий')[form]}"


def test_french_counts_nothing_as_one() -> None:
    with translation.override("fr"):
        told = [ngettext("%(n)d outlet", "%(n)d outlets", count) % {"n": count} for count in (0, 1, 2)]
    assert told == ["0 média", "1 média", "2 médias"]


@pytest.mark.parametrize(
    ("language", "brief", "long"),
    [
        ("en", "5 May 2026", "Tuesday 5 May 2026"),
        ("fr", "5 mai 2026", "mardi 5 mai 2026"),
        ("ru", "5 мая 2026", "Вторник, 5 мая 2026"),
    ],
)
def test_days_are_written_as_the_language_writes_them(language: str, brief: str, long: str) -> None:
    day = date(2026, 5, 5)
    with translation.override(language):
        assert (when.brief_day(day, year=True), when.long_day(day)) == (brief, long)


def test_every_language_of_the_site_is_held_to_this() -> None:
    assert {code for code, _ in settings.LANGUAGES} - {settings.LANGUAGE_CODE} == set(LANGUAGES)
