from __future__ import annotations

import pytest

from articles.tag.language import detect


@pytest.mark.parametrize(
    ("title", "language", "script"),
    [
        ("Правительство обсудило бюджет на следующий год", "ru", "Cyrl"),
        ("Үкімет келесі жылға арналған бюджетті талқылады", "kk", "Cyrl"),
        ("Úkimet kelesi jylǵa arnalǵan búdjetti talqylady", "kk", "Latn"),
        ("ۇكىمەت كەلەسى جىلعا ارنالعان بيۋدجەتتى تالقىلادى", "kk", "Arab"),
        ("Өкмөт кийинки жылга бюджетти талкуулады", "ky", "Cyrl"),
        ("Hukumat kelgusi yil uchun byudjetni muhokama qildi", "uz", "Latn"),
        ("Ҳукумат келгуси йил учун бюджетни муҳокама қилди", "uz", "Cyrl"),
        ("Ҳукумат буҷети соли ояндаро баррасӣ намуд", "tg", "Cyrl"),
        ("Hökümet indiki ýyl üçin býujeti maslahatlaşdy", "tk", "Latn"),
        ("Hükümet gelecek yılın bütçesini görüştü", "tr", "Latn"),
        ("Die Regierung hat den Haushalt für das nächste Jahr beraten", "de", "Latn"),
        ("政府讨论明年预算", "zh", "Hans"),
        ("دولت بودجه سال آینده را بررسی کرد", "fa", "Arab"),
    ],
)
def test_language_and_script_of_a_sentence(title: str, language: str, script: str) -> None:
    assert detect(title, "") == (language, script)


def test_feeds_language_decides_where_words_do_not() -> None:
    assert detect("COVID-19", "", "ky")[0] in ("ky", "en")
    assert detect("12:30", "", "ky") == ("ky", "")


def test_feeds_language_does_not_outvote_the_text() -> None:
    assert detect("Правительство обсудило бюджет на следующий год", "Решение принято.", "kk")[0] == "ru"


def test_nothing_is_said_of_nothing() -> None:
    assert detect("", "") == ("", "")
