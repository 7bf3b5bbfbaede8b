"""The language and script of one article, from its letters, its small words, a detector, and the feed's language."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from itertools import islice

import ahocorasick
import pycld2

from articles.tag.words import ALPHABETS, ENDINGS, OWN_LETTERS, SMALL_WORDS

READ = 500  # characters: more text makes nothing surer
READ_WORDS = 25  # enough to be sure, and all that costs
PRIOR = 2.5  # what the feed's language counts: one small word less than two
DETECTOR = 5.0  # what a sure answer of the detector counts
FOREIGN_LETTER = 3.0  # against a language, for each word with a letter that it does not have
MOST_WORDS = 4  # at most so many words with such letters count: names of other languages occur
OWN_LETTER = 1.5
SMALL_WORD = 2.0
ENDING = 0.7
SHORT = 4  # letters: endings of so short words say nothing
DETECTOR_READS = 250  # characters
CLEAR = 150  # characters: mostly of one script, they tell the script of the article
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
_NONE: frozenset[str] = frozenset()
_WORD = re.compile(r"[^\W\d_]+(?:['’‘ʻʼ`][^\W\d_]+)*['’‘ʻʼ`]?")
_ADDRESS = re.compile(r"https?://\S+|[#@]\w+")
_APOSTROPHES = "’‘ʻʼ`´"
_RUNS = {"Latn": re.compile("[A-Za-z\u00c0-\u024f]+"), "Cyrl": re.compile("[\u0400-\u052f]+")}
_SAME = {"iw": "he"}


def detect(title: str, text: str, prior: str = "") -> tuple[str, str]:
    """Return (ISO 639-1 code, script) of an article; ("", "") when it has no letters and no prior.

    ``prior`` is the feed's language: it decides where the words do not. Scripts: Cyrl, Latn, Arab, Hans,
    and others by their ISO 15924 code.
    """
    sample = unicodedata.normalize("NFC", f"{title[:READ]} . {text[:READ]}")
    if "://" in sample or "#" in sample or "@" in sample:
        sample = _ADDRESS.sub(" ", sample)
    for sign in _APOSTROPHES:
        sample = sample.replace(sign, "'")
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


class _ScriptOf(dict[str, str]):
    """Character → its script, "" for what is no letter; worked out at first sight."""

    def __missing__(self, char: str) -> str:
        code = ord(char)
        found = (script for script, low, high in _RANGES if low <= code <= high and char.isalpha())
        self[char] = value = next(found, "")
        return value


_SCRIPT_OF = _ScriptOf()


def _script_letters(sample: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for char, times in Counter(sample).items():
        counts[_SCRIPT_OF[char]] += times
    del counts[""]
    counts["Hans"] *= 3  # one sign says as much as several letters
    return counts


def _script(sample: str) -> str:
    start = sample[:CLEAR]
    for script, run in _RUNS.items():
        if 4 * sum(map(len, run.findall(start))) > 3 * len(start):
            return script
    counts = _script_letters(sample)
    script, times = max(counts.items(), key=lambda item: item[1], default=("", 0))
    return script if times else ""


def _scores(sample: str, script: str, prior: str) -> dict[str, float]:
    """Points of every language that is written in this script."""
    words = [match.group().lower() for match in islice(_WORD.finditer(sample), READ_WORDS)]
    ours = [word for word in words if (word[0] < "\u0250") == (script == "Latn")]
    small, endings = _votes(ours, script)
    letters = frozenset("".join(ours))
    where: dict[str, int] = {}
    scores: dict[str, float] = {}
    for language, alphabet in ALPHABETS[script].items():
        foreign, own = letters - alphabet, letters & OWN_LETTERS.get((language, script), _NONE)
        scores[language] = (
            SMALL_WORD * min(6, small[language])
            + ENDING * min(6, endings[language])
            - FOREIGN_LETTER * _words_with(foreign, ours, where)
            + OWN_LETTER * _words_with(own, ours, where)
        )
    if prior in scores:
        scores[prior] += PRIOR
    best, second = sorted(scores.values())[-1:-3:-1]
    if best - second > DETECTOR and best > DETECTOR:
        return scores  # whatever the detector says
    for language, points in _detector(sample).items():
        if language in scores:
            scores[language] += points
        elif points > DETECTOR * 0.8:
            scores[language] = points - SURE
    return scores


def _words_with(letters: frozenset[str], words: list[str], where: dict[str, int]) -> int:
    """How many words have any of the letters, at most MOST_WORDS; ``where`` remembers a letter's words as a bit set."""
    bits = 0
    for letter in letters:
        if letter not in where:
            where[letter] = int("".join(["1" if letter in word else "0" for word in words]), 2)
        bits |= where[letter]
    return min(MOST_WORDS, bits.bit_count())


def _votes(words: list[str], script: str) -> tuple[Counter[str], Counter[str]]:
    """Distinct small words, and words with an ending, by language."""
    small: list[str] = []
    endings: list[str] = []
    text = f" {' '.join(words)} "
    seen: set[str] = set()
    done = 0  # where the last word with an ending stops: its longest ending brings those inside it
    for end, (word, languages) in _SIGNS[script].iter(text):
        if not word:
            if end != done and " " not in text[end - SHORT - 1 : end]:
                done = end
                endings += languages
        elif word not in seen:
            seen.add(word)
            small += languages
    return Counter(small), Counter(endings)


def _signs(script: str) -> ahocorasick.Automaton:
    """The automaton of a script: " word " → (word, languages), "ending " → ("", languages)."""
    small: dict[str, set[str]] = {}
    tails: dict[str, set[str]] = {}
    for language in ALPHABETS[script]:
        key = f"{language}-{script}" if language in ("kk", "uz") else language
        for word in SMALL_WORDS.get(key, _NONE):
            small.setdefault(word, set()).add(language)
        for tail in ENDINGS.get(key, ()):
            tails.setdefault(tail, set()).add(language)
    automaton = ahocorasick.Automaton()
    for word, languages in small.items():
        automaton.add_word(f" {word} ", (word, tuple(languages)))
    for tail in tails:
        inside = set().union(*(found for other, found in tails.items() if tail.endswith(other)))
        automaton.add_word(f"{tail} ", ("", tuple(inside)))
    automaton.make_automaton()
    return automaton


_SIGNS = {script: _signs(script) for script in ALPHABETS}


def _detector(sample: str) -> dict[str, float]:
    """What the offline detector says, by language; nothing where it fails."""
    if not sample.isprintable():
        sample = "".join(char for char in sample if char.isprintable())
    clean = sample[:DETECTOR_READS].encode("utf-8", "ignore")
    try:
        sure, _, guesses = pycld2.detect(clean, isPlainText=True, bestEffort=True)
    except pycld2.error:
        return {}
    scale = DETECTOR if sure else DETECTOR / 2
    return {
        _SAME.get(code, code): scale * percent / 100
        for _, code, percent, _ in guesses
        if len(code) == 2 and code != "un"
    }
