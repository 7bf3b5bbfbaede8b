"""Names that stand in a text and in no list: runs of capitalised words that no term covers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass

from articles.folding import skeleton, tokens
from articles.tag.lexicon import Lexicon
from articles.tag.matcher import find_hits
from articles.tag.scripts import readings

READ = 800  # characters of title and of text
MOST_WORDS = 3
LEAST_LETTERS = 4  # of a name of one word
# Words of English that have a capital anywhere and are no names.
_CALENDAR = """monday tuesday wednesday thursday friday saturday sunday january february march april june july august
    september october november december"""
CALENDAR = frozenset(_CALENDAR.split())
NO_CAPITALS = frozenset({"Arab", "Hans", "Hant", "Geor", "Hebr", "Deva", "Kana", "Hang", ""})  # scripts
_SENTENCE = re.compile(r"(?<=[.!?…:;»”\"])\s+|\n+")
_NAME_PART = re.compile(r"[^\W\d_]+(?:[-'’ʻʼ‘`][^\W\d_]+)*")
_BETWEEN = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Name:
    """One name as it stands in a text."""

    written: str
    key: tuple[str, ...]  # its words in one spelling for all scripts
    opens: bool  # begins a sentence, so that its first word may have its capital from there


def names_in(title: str, text: str, lexicon: Lexicon, *, language: str, script: str) -> Iterator[Name]:
    """Yield the names of a title and a text that no country, entity or place of the lexicon covers.

    Nothing is said of scripts without capitals, of texts in capitals, and of titles that capitalise every word.
    """
    if script in NO_CAPITALS:
        return
    for part in (title[:READ], text[:READ]):
        known = _known(part, lexicon, language, script)
        for sentence in _SENTENCE.split(part):
            words = list(_NAME_PART.finditer(sentence))
            capitals = sum(word.group()[0].isupper() for word in words)
            if len(words) < 3 or 3 * capitals > 2 * len(words) or language == "de":
                continue
            yield from _runs(sentence, words, known)


def _known(part: str, lexicon: Lexicon, language: str, script: str) -> frozenset[str]:
    """Words of the part that belong to a name of the lexicon."""
    hits = find_hits(part, "", lexicon, language=language, script=script)
    own = readings(language, script)[0][0]
    covered = [hit.words for hit in hits if hit.term.owner_kind in ("country", "entity")]
    return frozenset(word for words in covered for word in tokens(words, own))


def _runs(sentence: str, words: list[re.Match[str]], known: Set[str]) -> Iterator[Name]:
    """Yield runs of up to MOST_WORDS capitalised words with nothing but a space between them."""
    run: list[re.Match[str]] = []
    for word in [*words, None]:
        joined = bool(run) and word is not None and _BETWEEN.fullmatch(sentence[run[-1].end() : word.start()])
        if run and not (joined and word is not None and _is_name(word.group())):
            yield from _name(run, words, known)
            run = []
        if word is not None and _is_name(word.group()):
            run.append(word)


def _is_name(word: str) -> bool:
    return len(word) > 1 and word[0].isupper() and not word.isupper()


def _name(run: list[re.Match[str]], words: list[re.Match[str]], known: Set[str]) -> Iterator[Name]:
    written = [word.group() for word in run]
    opens = run[0] is words[0]
    if any(part in known for word in written for part in (word, *re.split(r"\W", word))):
        return
    for part in (
        (written, written[1:]) if opens else (written,)
    ):  # "Minister Salamatov said", but "Bektur Salamatov said"
        key = tuple(skeleton(" ".join(part)).split())
        first = opens and part is written
        if len(key) != len(part) or not 1 <= len(part) <= MOST_WORDS:
            continue
        if len(part) > 1 or (not first and len(part[0]) >= LEAST_LETTERS and part[0].lower() not in CALENDAR):
            yield Name(" ".join(part), key, opens=first)
