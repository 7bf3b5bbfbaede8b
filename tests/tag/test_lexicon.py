from __future__ import annotations

import pytest

from articles.tag.lexicon import EntityFacts, Lexicon, compile_lexicon
from articles.tag.matcher import Hit, find_hits
from articles.tag.rules import LexiconError, Term


def lexicon(*terms: Term) -> Lexicon:
    facts = [EntityFacts("osh", countries=("KG",)), EntityFacts("osh-region", countries=("KG",))]
    return compile_lexicon(
        terms, entities=facts, countries={"KG": "core", "GE": "power", "TR": "neighbour"}, topics=["energy"]
    )


def hits(text: str, *terms: Term, language: str = "en") -> list[Hit]:
    return find_hits(text, "", lexicon(*terms), language=language, script="Latn" if language == "en" else "Cyrl")


def test_word_matches_whole_words_only() -> None:
    term = Term("entity", "osh", "Ош", "ru", "word")
    assert [hit.words for hit in hits("Мэр города Ош ушёл", term, language="ru")] == ["Ош"]
    assert hits("Ошибка мэра", term, language="ru") == []


def test_stem_matches_inflected_words() -> None:
    term = Term("country", "KG", "кыргыз", "ru", "stem")
    assert [hit.words for hit in hits("Новости Кыргызстана", term, language="ru")] == ["Кыргызстана"]


def test_phrase_takes_prefixes_where_starred() -> None:
    term = Term("topic", "energy", "атомн* станци*", "ru", "phrase")
    assert [hit.words for hit in hits("Строят атомную станцию", term, language="ru")] == ["атомную станцию"]
    assert hits("Атомная новая станция", term, language="ru") == []


def test_longest_span_wins() -> None:
    found = hits(
        "Governor of Osh Region resigns",
        Term("entity", "osh", "Osh", "en", "word"),
        Term("entity", "osh-region", "Osh Region", "en", "phrase"),
    )
    assert [hit.term.owner for hit in found] == ["osh-region"]


def test_case_requires_unless_and_not_hold_a_term_back() -> None:
    turkey = Term("country", "TR", "Turkey", "en", "word", case=True, not_=("turkey breast",))
    georgia = Term("country", "GE", "Georgia", "en", "word", requires=("Tbilisi",), unless=("Atlanta",))
    assert [hit.term.owner for hit in hits("Turkey signs", turkey)] == ["TR"]
    assert hits("roast turkey", turkey) == []
    assert hits("Georgia votes", georgia) == []
    assert [hit.term.owner for hit in hits("Georgia votes, says Tbilisi", georgia)] == ["GE"]
    assert hits("Georgia votes, Tbilisi and Atlanta", georgia) == []


@pytest.mark.parametrize(
    "term",
    [
        Term("entity", "osh", "...", "en", "word"),
        Term("entity", "nobody", "Osh", "en", "word"),
        Term("entity", "osh", "Osh", "xx", "word"),
        Term("entity", "osh", "Osh", "en", "regex"),
        Term("entity", "osh", "os", "en", "stem"),
        Term("entity", "osh", "Osh city", "en", "word"),
        Term("topic", "energy", "gas", "en", "word", weight="heavy"),
    ],
)
def test_broken_row_is_refused_by_name(term: Term) -> None:
    with pytest.raises(LexiconError, match=term.owner):
        lexicon(term)
