from __future__ import annotations

import pytest

from articles.folding import fold, kazakh_from_arabic, skeleton, tokens


def test_fold_drops_case_marks_and_punctuation() -> None:
    assert fold("L'Ouzbékistan, Türkiye–Qırğız!", "fr") == "l ouzbekistan turkiye qirgiz"


@pytest.mark.parametrize("apostrophe", "'’‘ʻʼ`")
def test_apostrophe_is_part_of_an_uzbek_word(apostrophe: str) -> None:
    assert fold(f"O{apostrophe}zbekiston", "uz") == "ozbekiston"


def test_text_from_a_russian_keyboard_folds_the_same() -> None:
    assert fold("Қазақстан", "kk") == fold("Казакстан", "kk")


def test_tokens_keep_the_words_as_they_stand() -> None:
    assert tokens("Oʻzbekiston — Toshkent.", "uz") == ["O'zbekiston", "Toshkent"]


@pytest.mark.parametrize(
    "spellings",
    [
        ("Tokayev", "Токаев", "Тоқаев", "Toqayev", "Tokaïev", "Tokaýew"),
        ("Mirziyoyev", "Мирзиёев", "Mirzioïev"),
        ("Berdimuhamedow", "Бердымухамедов", "Berdymoukhamedov"),
        ("Rahmon", "Рахмон", "Раҳмон"),
        ("Japarov", "Жапаров", "Zhaparov"),
    ],
)
def test_skeleton_joins_spellings_across_scripts(spellings: tuple[str, ...]) -> None:
    assert len({skeleton(spelling) for spelling in spellings}) == 1


def test_short_words_keep_their_vowels_in_the_skeleton() -> None:
    assert len({skeleton(word) for word in ("газ", "гоз", "гуз")}) == 3


def test_kazakh_of_arabic_script_becomes_cyrillic() -> None:
    assert kazakh_from_arabic("قازاقستان") == "қазақстан"
