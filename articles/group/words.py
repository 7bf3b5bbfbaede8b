"""Text to tokens: folded words, rare-name frames, numbers, dates and language-independent concepts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from articles.folding import APOSTROPHE_INSIDE, APOSTROPHES, kazakh_from_arabic
from articles.group.concepts import Concepts, folded_word

TEXT_CHARS = 700  # of the text beside the title: the event stands in the first sentences
MAX_TOKENS = 140
_TOKEN = re.compile(r"\d+(?:[.,]\d+|[ \u00a0\u202f]\d{3}(?!\d))*|[^\W\d_](?:[^\W_]|'(?=[^\W\d_]))*")
_APOSTROPHE = re.compile(f"[{APOSTROPHES}]")
_ARABIC = re.compile("[\u0600-\u06ff]")
_SENTENCE_END = frozenset('.!?…:;«"“|—–-•')
_ROMAN = re.compile(r"(?:X{0,2})(?:IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10}
_FRAME = str.maketrans({"g": "k", "c": "j", "z": "s", "f": "v", "h": None, **dict.fromkeys("aeiouy")})


@dataclass(frozen=True, slots=True)
class Token:
    """One word or number as it stands in the text."""

    text: str
    folded: str  # Latin skeleton in lower case; digits for a number
    number: str = ""  # normalised, "" for a word
    name: bool = False  # capital letter where the sentence does not ask for one


@dataclass(slots=True)
class Bag:
    """Features of one report by kind; a value is the word as it stands in the text (for explanations)."""

    words: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    dates: dict[str, str] = field(default_factory=dict)
    concepts: dict[str, str] = field(default_factory=dict)
    stages: set[str] = field(default_factory=set)  # "future", "analysis" …: which side of an event the report tells
    folded: list[str] = field(default_factory=list)  # every token of title and text, in order


def tokens(text: str, language: str) -> list[Token]:
    """Divide plain text into at most MAX_TOKENS words and numbers."""
    found: list[Token] = []
    text = _APOSTROPHE.sub("'" if language in APOSTROPHE_INSIDE else " ", text)
    if language == "kk" and _ARABIC.search(text):
        text = " ".join(kazakh_from_arabic(word) for word in text.split())
    end = 0
    for match in _TOKEN.finditer(text):
        if len(found) == MAX_TOKENS:
            break
        word = match.group()
        if word[0].isdigit():
            number = normal_number(word)
            found.append(Token(word, number, number=number))
        else:
            opens = not found or not _SENTENCE_END.isdisjoint(text[end : match.start()])
            found.append(Token(word, folded_word(word), number=_roman(word), name=word[0].isupper() and not opens))
        end = match.end()
    return found


def normal_number(text: str) -> str:
    """Write a number in one way: "1 700" and "1,700" are 1700; "81,31" is 81.3."""
    parts = re.split(r"[., \u00a0\u202f]", text)
    if len(parts) > 1 and all(len(part) == 3 for part in parts[1:]) and len(parts[0]) <= 3:
        return "".join(parts)[:15]
    if len(parts) == 2 and len(parts[1]) <= 2:
        return f"{parts[0][:12].lstrip('0') or '0'}.{parts[1][0]}".removesuffix(".0")
    return (parts[0].lstrip("0") or "0")[:15]


def _roman(word: str) -> str:
    """Return the value of II to XXIX as digits; single letters are words more often than numbers."""
    if len(word) < 2 or not _ROMAN.fullmatch(word):
        return ""
    values = [_ROMAN_VALUES[letter] for letter in word]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return str(sum(-value if value < after else value for value, after in pairs))


@lru_cache(maxsize=100_000)
def frame(folded: str) -> str:
    """Return the first consonants of a folded name: spellings of one name in several scripts meet here.

    "" for names of fewer than three consonants, which would meet too many others.
    """
    consonants = folded.translate(_FRAME)
    single = "".join(letter for i, letter in enumerate(consonants) if i == 0 or consonants[i - 1] != letter)
    return (folded[0] if folded[0] in "aeiou" else "") + single[:5] if len(single) >= 3 else ""


def bag(title: str, text: str, language: str, concepts: Concepts) -> Bag:
    """Read the features of a report from its title and the beginning of its text."""
    result = Bag()
    for part in (title[:TEXT_CHARS], text[:TEXT_CHARS]):
        found = tokens(part, language)
        result.folded.extend(token.folded for token in found)
        _read_concepts(result, part, found, language, concepts)
        _read_numbers(result, found, language, concepts)
        for token in found:
            _read_word(result, token, language, concepts)
    return result


def _read_word(result: Bag, token: Token, language: str, concepts: Concepts) -> None:
    if token.number or len(token.folded) < 3 or concepts.is_stop(token.folded, language):
        return
    result.words.setdefault(token.folded[:5], token.text)
    if token.name and len(token.folded) >= 4 and (key := frame(token.folded)):
        result.names.setdefault(key, token.text)


def _read_concepts(result: Bag, part: str, found: list[Token], language: str, concepts: Concepts) -> None:
    for concept, words in concepts.find(part, [token.folded for token in found], language):
        if concept.isdigit():
            result.numbers.setdefault(concept, words)
        elif concept.startswith("stage-"):
            result.stages.add(concept.removeprefix("stage-"))
        elif not concept.startswith("month-"):
            result.concepts.setdefault(concept, words)


def _read_numbers(result: Bag, found: list[Token], language: str, concepts: Concepts) -> None:
    """Take numbers apart from days of a month ("6 ноября", "November 6")."""
    for i, token in enumerate(found):
        if not token.number:
            continue
        months = [concepts.month(found[j].folded, language) for j in (i + 1, i - 1, i + 2) if 0 <= j < len(found)]
        month = next((m for m in months if m), 0)
        if month and token.number.isdigit() and 1 <= int(token.number) <= 31:
            result.dates.setdefault(f"{month}-{token.number}", token.text)
        else:
            result.numbers.setdefault(token.number, token.text)
