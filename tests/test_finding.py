"""What is kept of a text and what is asked for meet, whatever the script, and nothing typed is an error."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.finding import Phrase, question, words_of


def finds(asked: str, text: str) -> bool:
    """Whether every clause of the question stands in the text, as a database would say."""
    kept = f" {' '.join(words_of(text))} "
    return all(any(holds(phrase, kept) for phrase in clause.any_of) for clause in question(asked).wanted)


def holds(phrase: Phrase, kept: str) -> bool:
    return f" {' '.join(phrase.words)}{'' if phrase.beginning else ' '}" in kept


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("Tokayev", "Токаев"),
        ("Токаев", "Тоқаевтың сапары"),
        ("Тоқаев", "Tokayev's visit"),
        ("Токаева", "Toqayev keldi"),
        ("Kazakhstan", "Қазақстанда"),
        ("Казахстан", "Kazakhstan's"),
        ("Oʻzbekiston", "в Узбекистане"),
        ("rogun", "Рогунской ГЭС"),
        ("рогун", "Rogun dam"),
        ("Астаны", "in Astana"),
        ("tok*", "Токаев"),
        ("中", "访问中国"),
        ("哈萨克斯坦", "中国与哈萨克斯坦签署"),
        ("国与", "中国与哈萨克斯坦"),
        ("2026", "в ２０２６ году"),
        ("Mirziyoyev", "Мирзиёеву"),
        ("Bukhara", "Buxoro shahri"),
        ("газ*", "газопровод"),
        ("«Шёлковый путь»", "новый шелковый путь"),
    ],
)
def test_a_question_finds(asked: str, text: str) -> None:
    assert finds(asked, text)


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("газ", "газета"),
        ("gas", "gaza"),
        ("Iran", "Iraq"),
        ('"gas deal"', "deal on gas"),
        ("国中", "中国"),
        ("Rogun", "Regan"),
    ],
)
def test_a_question_does_not_find(asked: str, text: str) -> None:
    assert not finds(asked, text)


def test_what_is_left_out_is_told_apart() -> None:
    asked = question('gas -oil -"big deal" -')
    assert (len(asked.wanted), len(asked.unwanted)) == (1, 2)


@given(st.text(max_size=300))
def test_whatever_is_typed_becomes_plain_words(text: str) -> None:
    asked = question(text)
    for clause in (*asked.wanted, *asked.unwanted):
        for phrase in clause.any_of:
            assert phrase.words
            assert all(re.fullmatch("[a-z0-9]+", word) for word in phrase.words)
    assert all(re.fullmatch("[a-pr-z0-9][a-z0-9]*", word) for word in words_of(text))  # q begins marks alone
