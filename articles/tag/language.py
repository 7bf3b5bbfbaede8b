"""The language and script of one article, from its letters, its small words, a detector, and the feed's language."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

import pycld2

from articles.tag.words import ALPHABETS, ENDINGS, OWN_LETTERS, SMALL_WORDS

READ = 800  # characters: more text makes nothing surer
PRIOR = 2.5  # what the feed's language counts: one small word less than two
DETECTOR = 5.0  # what a sure answer of the detector counts
FOREIGN_LETTER = 3.0  # against a language, for each word with a letter that it does not have
FOREIGN_WORDS = 4  # at most so many such words: names of other languages occur
OWN_LETTER = 1.5
SMALL_WORD = 2.0
ENDING = 0.7
SURE = 1.5  # a language must reach this to be said at all

_RANGES = (
    ("Cyrl", 0x400, 0x52F), ("Latn", 0x41, 0x24F), ("Latn", 0x1E00, 0x1EFF), ("Arab", 0x600, 0x6FF),
    ("Arab", 0x750, 0x77F), ("Arab", 0xFB50, 0xFDFF), ("Arab", 0xFE70, 0xFEFF), ("Hans", 0x4E00, 0x9FFF),
    ("Hans", 0x3400, 0x4DBF), ("Kana", 0x3040, 0x30FF), ("Hang", 0xAC00, 0xD7AF), ("Geor", 0x10A0, 0x10FF),
    ("Armn", 0x530, 0x58F), ("Deva", 0x900, 0x97F), ("Hebr", 0x590, 0x5FF), ("Grek", 0x370, 0x3FF),
    ("Mong", 0x1800, 0x18AF), ("Thai", 0xE00, 0xE7F),
)  # fmt: skip
_ONE_LANGUAGE = {
    "Kana": "ja", "Hang": "ko", "Geor": "ka", "Armn": "hy", "Deva": "hi", "Hebr": "he", "Grek": "el", "Mong": "mn",
    "Thai": "th", "Hans": "zh",
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:['’‘ʻʼ`][^\W\d_]+)*['’‘ʻʼ`]?")
_ADDRESS = re.compile(r"https?://\S+|[#@]\w+")
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʻʼ`´", "'"))
_SAME = {"iw": "he", "no": "nb", "sr": "sr", "hr": "hr", "zh-Hant": "zh", "fil": "tl"}


def detect(title: str, text: str, prior: str = "") -> tuple[str, str]:
    """Return (ISO 639-1 code, script) of an article; ("", "") when it has no letters and no prior.

    ``prior`` is the feed's language: it decides where the words do not. Scripts: Cyrl, Latn, Arab, Hans,
    and others by their ISO 15924 code.
    """
    sample = unicodedata.normalize("NFC", f"{title[:READ]} . {text[:READ]}")
    sample = _ADDRESS.sub(" ", sample).translate(_APOSTROPHES)
    script = _script(sample)
    if not script:
        return prior, ""
    if script == "Hans" and _script_letters(sample)["Kana"]:
        return "ja", "Kana"
    if script in _ONE_LANGUAGE:
        return _ONE_LANGUAGE[script], script
    scores = _scores(sample, script, prior)
    if not scores:
        return prior if prior in ALPHABETS.get(script, {}) else "", script
    best = max(scores, key=lambda language: scores[language])
    if scores[best] < SURE:
        return (prior if prior in ALPHABETS[script] else ""), script
    return best, script


def _script_letters(sample: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for char, times in Counter(sample).items():
        code = ord(char)
        for script, low, high in _RANGES:
            if low <= code <= high and char.isalpha():
                counts[script] += times
                break
    counts["Hans"] *= 3  # one sign says as much as several letters
    return counts


def _script(sample: str) -> str:
    counts = _script_letters(sample)
    script, times = max(counts.items(), key=lambda item: item[1], default=("", 0))
    return script if times else ""


def _scores(sample: str, script: str, prior: str) -> dict[str, float]:
    """Points of every language that is written in this script."""
    words = [word.lower() for word in _WORD.findall(sample)]
    scores = dict.fromkeys(ALPHABETS[script], 0.0)
    for language in scores:
        scores[language] += _letters(words, language, script)
        scores[language] += _small_words(words, f"{language}-{script}" if language in ("kk", "uz") else language)
    for language, points in _detector(sample, prior).items():
        if language in scores:
            scores[language] += points
        elif points > DETECTOR * 0.8:
            scores[language] = points - SURE
    if prior in scores:
        scores[prior] += PRIOR
    return scores


def _letters(words: list[str], language: str, script: str) -> float:
    """For letters that only this language has, against letters that it does not have."""
    alphabet, own = ALPHABETS[script][language], OWN_LETTERS.get((language, script), frozenset())
    foreign = sum(1 for word in words if not alphabet.issuperset(word) and _in_script(word, script))
    points = -FOREIGN_LETTER * min(foreign, FOREIGN_WORDS)
    if own:
        points += OWN_LETTER * min(4, sum(1 for word in words if not own.isdisjoint(word)))
    return points


def _in_script(word: str, script: str) -> bool:
    latin = word[0] < "\u0250"
    return latin == (script == "Latn")


def _small_words(words: list[str], key: str) -> float:
    known, endings = SMALL_WORDS.get(key, frozenset()), ENDINGS.get(key)
    points = SMALL_WORD * min(6, sum(1 for word in words if word in known))
    if endings:
        points += ENDING * min(6, sum(1 for word in words if len(word) > 4 and word.endswith(endings)))
    return points


def _detector(sample: str, prior: str) -> dict[str, float]:
    """What the offline detector says, by language; nothing where it fails."""
    clean = "".join(char for char in sample if char.isprintable()).encode("utf-8", "ignore")
    try:
        sure, _, guesses = pycld2.detect(clean, isPlainText=True, bestEffort=True)
    except pycld2.error:
        return {}
    scale = DETECTOR if sure else DETECTOR / 2
    return {_SAME.get(code, code): scale * percent / 100 for _, code, percent, _ in guesses if code != "un"}
