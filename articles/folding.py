"""The one folding of scripts: tokens, the form that the lexicon is matched in, and the skeleton that joins scripts.

A leaf: tag, group and publish all read it, it imports only the standard library.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

APOSTROPHES = "'’‘ʻʼ`´ʹ′＇"
# Languages in which an apostrophe is part of the word (oʻ, gʻ, the Cyrillic hard sign); elsewhere it divides words.
APOSTROPHE_INSIDE = frozenset({"uz", "uz-Cyrl", "kk", "kk-Latn", "ky", "tg", "ru"})

_DROPPED = {ord(c): None for c in "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u0640\u2061\u2062\u2063"}
_MARKS: dict[int, None] = {
    code: None
    for low, high in ((0x300, 0x370), (0x483, 0x488), (0x591, 0x5BE), (0x610, 0x61B), (0x64B, 0x660), (0x670, 0x671))
    for code in range(low, high)
}
_KEEP = {**_DROPPED, **_MARKS, ord("_"): " "}
_INSIDE = {**_KEEP, **{ord(c): "'" for c in APOSTROPHES}}
_BORDER = {**_KEEP, **{ord(c): " " for c in APOSTROPHES}}
_SPECIAL = re.compile(f"[{re.escape(''.join(map(chr, _BORDER)))}]")
_TOKEN = re.compile(r"\w(?:[\w']*\w)?")
_ARABIC_JOIN = re.compile("(?<=[\u0600-\u06ff])\u200c")  # Persian writes a zero-width space between parts of a word

_SINGLE = str.maketrans("ёәғқңөұүһіӣӯҳҷўјѓќњљїѕєґ", "еагкноуухииухчуйгкхчисег")
_LETTERS = {
    "ı": "i", "ß": "ss", "œ": "oe", "æ": "ae", "đ": "d", "ø": "o", "ł": "l", "ə": "e", "ŋ": "n", "ħ": "h", "þ": "th",
    "ð": "d", "ي": "ی", "ك": "ک", "ى": "ی", "ھ": "ه", "'": "",
}  # fmt: skip
_CYRILLIC_LOOKALIKES = str.maketrans("abcehikmoptuxyg", "авсенікмортиху" + "g")
_LATIN_LOOKALIKES = str.maketrans("авсенікмортхуѕј", "abcehikmoptxysj")
_MIXED = re.compile("[a-z][а-яіѕј]|[а-яіѕј][a-z]")
_LATIN = re.compile("[a-z]")
_CYRILLIC = re.compile("[а-яіѕј]")


class _Folded(dict[int, str]):
    """Code point → its folded form, worked out at first sight."""

    def __missing__(self, code: int) -> str:
        out = []
        for char in unicodedata.normalize("NFD", chr(code).lower()):
            if not unicodedata.combining(char):
                out.append(char)
            elif char == "\u0306" and out and out[-1] in "иу":  # й and ў are letters of their own
                out[-1] = {"и": "й", "у": "ў"}[out[-1]]
        value = "".join(_LETTERS.get(char, char) for char in out).translate(_SINGLE)
        self[code] = value
        return value


_FOLDED = _Folded()
_TO_FOLD = re.compile("[^ a-z0-9а-я]")  # whatever may not be its own folded form


def tokens(text: str, language: str = "") -> list[str]:
    """Return the words of ``text`` as they stand there (NFKC, marks and zero-width characters gone).

    ``language`` is a list key ("uz-Cyrl"); it says whether an apostrophe is part of a word.
    """
    if not text.isascii():
        if "\u200c" in text:
            text = _ARABIC_JOIN.sub(" ", text)
        text = unicodedata.normalize("NFKC", text)
    if _SPECIAL.search(text):
        text = text.translate(_INSIDE if language in APOSTROPHE_INSIDE else _BORDER)
    return _TOKEN.findall(text)


def fold_tokens(words: list[str]) -> list[str]:
    """Return the folded form of each word: lower case, no diacritics, one letter for what keyboards confuse."""
    joined = " ".join(words)
    folded = joined.lower()
    if _TO_FOLD.search(folded):
        folded = joined.translate(_FOLDED)
    out = folded.split(" ")
    if _MIXED.search(folded):
        return [_one_script(word) for word in out]
    return out


def fold(text: str, language: str = "") -> str:
    """Return ``text`` as folded words with one space between them: the form in which terms and texts are compared."""
    words = tokens(text, language)
    return " ".join(fold_tokens(words)) if words else ""


def _one_script(word: str) -> str:
    """Write a word that mixes look-alike letters of two scripts in the script of most of its letters."""
    if not _MIXED.search(word):
        return word
    cyrillic = word.translate(_CYRILLIC_LOOKALIKES)
    latin = word.translate(_LATIN_LOOKALIKES)
    mostly_latin = len(_LATIN.findall(word)) > len(_CYRILLIC.findall(word))
    for changed, other in ((latin, _CYRILLIC), (cyrillic, _LATIN))[:: 1 if mostly_latin else -1]:
        if not other.search(changed):
            return changed.translate(_FOLDED)
    return word


_FRONT_SIGNS = frozenset("ءەگك")
_KAZAKH_ARABIC = str.maketrans(
    {
        "ا": "а", "ب": "б", "ۆ": "в", "گ": "г", "ع": "ғ", "د": "д", "ە": "е", "ج": "ж", "ز": "з", "ك": "к",
        "ک": "к", "ق": "қ", "ل": "л", "م": "м", "ن": "н", "ڭ": "ң", "و": "о", "پ": "п", "ر": "р", "س": "с", "ت": "т",
        "ۋ": "у", "ۇ": "ұ", "ف": "ф", "ح": "х", "ھ": "һ", "ه": "һ", "چ": "ч", "ش": "ш", "ء": "", "ئ": "", "ٵ": "ә",
        "ٶ": "ө", "ٷ": "ү", "ٸ": "и",
    }
)  # fmt: skip
_VOWELS = frozenset("аеоұуыіәөүи")


def kazakh_from_arabic(word: str) -> str:
    """Return a Kazakh word of Arabic script in Cyrillic letters (front or back vowels by hamza, ە, گ and ك)."""
    front = not _FRONT_SIGNS.isdisjoint(word)
    out: list[str] = []
    for char in word.translate(_KAZAKH_ARABIC):
        if char in "ىی":
            char = "і" if front else "ы"
        elif char == "ي":
            char = "й" if out and out[-1] in _VOWELS else "и"
        out.append(char)
    return "".join(out)


_ROMAN = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "ғ": "g", "д": "d", "е": "e", "ё": "e", "ә": "a", "ж": "j", "ҷ": "j",
        "з": "z", "и": "i", "ӣ": "i", "й": "y", "і": "i", "ї": "i", "к": "k", "қ": "k", "л": "l", "м": "m", "н": "n",
        "ң": "n", "о": "o", "ө": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ұ": "u", "ү": "u", "ӯ": "u",
        "ў": "o", "ф": "f", "х": "h", "һ": "h", "ҳ": "h", "ц": "c", "ч": "c", "ш": "s", "щ": "s", "ъ": "", "ы": "i",
        "ь": "", "э": "e", "ю": "yu", "я": "ya", "є": "e", "ґ": "g",
        "ا": "a", "آ": "a", "ب": "b", "پ": "p", "ت": "t", "ث": "s", "ج": "j", "چ": "c", "ح": "h", "خ": "h", "د": "d",
        "ذ": "z", "ر": "r", "ز": "z", "ژ": "j", "س": "s", "ش": "s", "ص": "s", "ض": "z", "ط": "t", "ظ": "z", "ع": "",
        "غ": "g", "ف": "f", "ق": "k", "ک": "k", "ك": "k", "گ": "g", "ل": "l", "م": "m", "ن": "n", "و": "o", "ه": "h",
        "ی": "i", "ي": "i", "ى": "i", "ة": "", "ئ": "", "ء": "", "أ": "a", "إ": "i", "ؤ": "o", "ە": "e", "ۋ": "u",
        "ۇ": "u", "ڭ": "n", "ۆ": "o", "ۈ": "u", "ې": "e", "ھ": "h",
        "ı": "i", "ß": "s", "œ": "o", "æ": "e", "đ": "d", "ø": "o", "ł": "l", "ə": "a", "ŋ": "n", "'": "",
    }
)  # fmt: skip
# The order matters: longer spellings first. One sound, one letter: sh → s, ch/ts → c, zh/dj → j, kh → h, gh → g.
_SOUNDS = (
    ("dsch", "j"), ("tsch", "c"), ("sch", "s"), ("dzh", "j"), ("tch", "c"), ("dj", "j"), ("zh", "j"), ("kh", "h"),
    ("gh", "g"), ("ch", "c"), ("ts", "c"), ("sh", "s"), ("ph", "f"), ("ck", "k"), ("q", "k"), ("w", "v"), ("x", "h"),
)  # fmt: skip
_VOWEL_RUN = re.compile("[aeiouy]+")
_DOUBLE = re.compile(r"(.)\1+")
CLASSED_FROM = 6  # letters: shorter words keep their vowels, or газ, суд and сад would all meet
_VOWEL_CLASS = str.maketrans("ou", "aa")


def skeleton(text: str) -> str:
    """Return the words of ``text`` in one rough Latin spelling, so that scripts and transliterations meet.

    Tokayev, Токаев, Тоқаев, Toqaev and Tokaïev become the same word. Made for grouping and search, where other
    words confirm; far too rough for tagging.
    """
    return " ".join(word for raw in tokens(text, "uz") if (word := _skeleton_word(raw)))


@lru_cache(maxsize=1 << 16)  # words come back, and this is slow
def _skeleton_word(word: str) -> str:
    if word.isdigit():
        return word
    heard = sounds(word)
    return one_vowel(heard, classed=len(heard) >= CLASSED_FROM)


def sounds(word: str) -> str:
    """Return a word in Latin letters, one for each sound of a consonant; letters that we do not know stay."""
    word = _one_script(word.lower())
    word = word.translate(_ROMAN)
    word = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    for spelled, sound in _SOUNDS:
        word = word.replace(spelled, sound)
    return word


def one_vowel(heard: str, *, classed: bool) -> str:
    """Return the sounds of a word with one vowel for a run of them, no letter doubled; ``classed``: o and u are a."""
    word = _VOWEL_RUN.sub(lambda run: _vowel(run.group(), classed=classed), heard)
    return _DOUBLE.sub(r"\1", word)


def _vowel(run: str, *, classed: bool) -> str:
    """One vowel stands for a run of vowels and glides: aye → a, iyo → i; in long words o and u are a."""
    first = next((c for c in run if c != "y"), "i")
    return first.translate(_VOWEL_CLASS) if classed else first
