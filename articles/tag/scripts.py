"""Write the words of one script of a language in another, so that one list of terms reads both."""

from __future__ import annotations

from collections.abc import Callable

from articles.folding import kazakh_from_arabic

Reading = tuple[str, Callable[[list[str]], list[str]] | None]  # list key, how to write the words for it

_UZBEK = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "j", "з": "z", "и": "i",
        "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u",
        "ф": "f", "х": "x", "ц": "s", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ь": "", "ы": "i", "э": "e",
        "ю": "yu", "я": "ya", "ў": "o", "қ": "q", "ғ": "g", "ҳ": "h",
    }
)  # fmt: skip
_VOWELS = frozenset("аеёиоуэюяўы")

_KAZAKH = str.maketrans(
    {
        "a": "а", "ä": "ә", "á": "ә", "ə": "ә", "b": "б", "c": "ц", "d": "д", "e": "е", "f": "ф", "g": "г", "ğ": "ғ",
        "ǵ": "ғ", "h": "х", "i": "і", "j": "ж", "k": "к", "l": "л", "m": "м", "n": "н", "ñ": "ң", "ń": "ң", "ŋ": "ң",
        "o": "о", "ö": "ө", "ó": "ө", "p": "п", "q": "қ", "r": "р", "s": "с", "ş": "ш", "t": "т", "u": "у", "ū": "ұ",
        "ü": "ү", "ú": "ү", "ý": "у", "v": "в", "w": "у", "x": "х", "z": "з",
    }
)  # fmt: skip
_KAZAKH_PAIRS = (
    ("sh", "ш"), ("ch", "ч"), ("ts", "ц"), ("ııa", "ия"), ("iia", "ия"), ("ıa", "ия"), ("ia", "ия"), ("iya", "ия"),
    ("ıu", "ию"),
)  # fmt: skip
_KAZAKH_VOWELS = frozenset("аәеоөуұүыі")


def uzbek_from_cyrillic(words: list[str]) -> list[str]:
    """Write Uzbek in Latin letters, without apostrophes (a fold drops them)."""
    return [_uzbek_word(word.lower()) for word in words]


def _uzbek_word(word: str) -> str:
    out = []
    before = ""
    for char in word:
        if char == "е" and (not before or before in _VOWELS):
            out.append("ye")
        elif char == "ц" and before in _VOWELS:
            out.append("ts")
        else:
            out.append(char.translate(_UZBEK))
        before = char
    return "".join(out)


def kazakh_from_latin(words: list[str]) -> list[str]:
    """Write Kazakh in Cyrillic letters; two alphabets in use give y and ı different sounds, the text tells which."""
    lower = [word.lower() for word in words]
    letters = "".join(lower)
    y_is_vowel = letters.count("y") >= letters.count("ı") or "ý" in letters or "ǵ" in letters
    return [_kazakh_word(word, y_is_vowel=y_is_vowel) for word in lower]


def _kazakh_word(word: str, *, y_is_vowel: bool) -> str:
    for latin, cyrillic in _KAZAKH_PAIRS:
        word = word.replace(latin, cyrillic)
    word = word.replace("y", "ы" if y_is_vowel else "й").replace("ı", "и" if y_is_vowel else "ы").translate(_KAZAKH)
    out: list[str] = []
    for char in word:
        glide = char in "иі" and out and out[-1] in _KAZAKH_VOWELS and y_is_vowel
        out.append("й" if glide else char)
    return "".join(out)


def _kazakh_arabic(words: list[str]) -> list[str]:
    return [kazakh_from_arabic(word) for word in words]


_OWN = frozenset({"en", "fr", "ru", "kk", "ky", "uz", "tg", "tk", "de", "tr", "zh", "fa"})
_KIN = {"az": "tr", "ug": "fa", "mn": "ru", "tt": "kk", "uk": "ru", "be": "ru", "bg": "ru"}
_OF_SCRIPT = {"Cyrl": "ru", "Latn": "en", "Arab": "fa", "Hans": "zh"}
_SPECIAL: dict[tuple[str, str], tuple[Reading, ...]] = {
    ("uz", "Cyrl"): (("uz-Cyrl", None), ("uz", uzbek_from_cyrillic)),
    ("kk", "Latn"): (("kk-Latn", None), ("kk", kazakh_from_latin)),
    ("kk", "Arab"): (("kk", _kazakh_arabic),),
}


def readings(language: str, script: str) -> tuple[Reading, ...]:
    """The lists that a text is read with: its own; in another script also transliterated; else its script's."""
    special = _SPECIAL.get((language, script))
    if special:
        return special
    if language in _OWN:
        return ((language, None),)
    return ((_KIN.get(language) or _OF_SCRIPT.get(script, "en"), None),)
