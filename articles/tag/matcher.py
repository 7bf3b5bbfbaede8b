"""One pass of the automaton over a folded text; the hits that survive borders, case, context and longer hits."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

import ahocorasick

from articles.folding import fold_tokens, tokens
from articles.tag.lexicon import Lexicon
from articles.tag.rules import Rule, Term
from articles.tag.scripts import readings


class Hit(NamedTuple):
    """One term found: which words of the text it covers."""

    term: Term
    first: int  # token
    last: int  # token, included
    words: str  # as they stand in the text
    in_title: bool


class Text:
    """An article's words as they stand and as one list of terms reads them; the title comes first."""

    def __init__(self, words: list[str], folded: list[str]) -> None:
        self.words = words
        self.folded = f" {' '.join(folded)} "
        self.starts = list(accumulate(map(len, folded[:-1]), _next_start, initial=1))  # of each word in ``folded``

    @cached_property
    def capitals(self) -> bool:
        """Written in capitals throughout, so that case says nothing."""
        long = [word for word in self.words if len(word) > 1]
        upper = sum(map(str.isupper, long))
        return upper > 3 and upper * 10 > 7 * len(long)

    def end(self, token: int) -> int:
        """Where a word ends in ``folded``."""
        return self.starts[token + 1] - 1 if token + 1 < len(self.starts) else len(self.folded) - 1


Match = tuple[int, int, int, Rule]  # first token, last token, matched letters


def find_hits(title: str, body: str, lexicon: Lexicon, *, language: str, script: str) -> list[Hit]:
    """Return every term that stands in the text; of overlapping ones of a group the longest (README, "Matching")."""
    lists = readings(language, script)
    head, tail = tokens(title, lists[0][0]), tokens(body, lists[0][0])
    words = head + tail
    if not words:
        return []
    title_words = len(head)
    found: list[Match] = []
    for key, written in lists:
        if key in lexicon.automata:
            text = Text(words, fold_tokens(written(words) if written else words))
            found += _matches(text, lexicon.automata[key])
    return [
        Hit(
            rule.term,
            first,
            last,
            words[first] if first == last else " ".join(words[first : last + 1]),
            first < title_words,
        )
        for first, last, _, rule in _longest(found)
    ]


def _matches(text: Text, automaton: ahocorasick.Automaton) -> list[Match]:
    found: list[Match] = []
    starts = text.starts
    for end, (lead, trail, letters, plain, others, phrases) in automaton.iter(text.folded):
        first = bisect_right(starts, end - lead) - 1
        last = first if trail is None else bisect_right(starts, end - trail) - 1
        for rule in plain:
            found.append((first, last, letters, rule))
        if phrases and last + 1 < len(starts):
            others += phrases.get(text.folded[starts[last + 1]], ())
        for rule in others:
            match = _match(text, rule, first, last, letters)
            if match is not None and _allowed(text, match[0], match[1], rule):
                found.append(match)
    return found


def _next_start(start: int, size: int) -> int:
    return start + size + 1


def _match(text: Text, rule: Rule, first: int, last: int, letters: int) -> Match | None:
    """The words covered by a raw match of the words ``first`` to ``last``; None when its other words differ."""
    for word, prefix in rule.rest:
        last += 1
        if last >= len(text.starts):
            return None
        there = text.folded[text.starts[last] : text.end(last)]
        if not (there.startswith(word) if prefix else there == word):
            return None
        letters += len(word)
    if rule.written and not _same_case(text, first, last, rule):
        return None
    return first, last, letters, rule


def _same_case(text: Text, first: int, last: int, rule: Rule) -> bool:
    if text.capitals and not rule.written.isupper():
        return True
    there = " ".join(text.words[first : last + 1])
    return there.startswith(rule.written) if rule.open_end else there == rule.written


def _allowed(text: Text, first: int, last: int, rule: Rule) -> bool:
    """Context: a required word elsewhere, no forbidden word anywhere, not inside a longer phrase."""
    folded = text.folded
    if rule.unless and any(word in folded for word in rule.unless):
        return False
    if rule.requires:
        before, after = folded[: text.starts[first]], folded[text.end(last) :]
        if not any(word in before or word in after for word in rule.requires):
            return False
    return not any(_covers(text, phrase, first, last) for phrase in rule.not_)


def _covers(text: Text, phrase: str, first: int, last: int) -> bool:
    at = text.folded.find(phrase)
    while at != -1:
        if at <= text.starts[first] and text.starts[last] < at + len(phrase):
            return True
        at = text.folded.find(phrase, at + 1)
    return False


def _longest(found: list[Match]) -> list[Match]:
    """Drop what overlaps a longer match of the same group; equal spans all stay, and so does what is in no group."""
    groups: dict[str, list[Match]] = defaultdict(list)
    for match in found:
        groups[match[3].group].append(match)
    kept: list[Match] = groups.pop("", [])
    for matches in groups.values():
        if len(matches) == 1:
            kept += matches
            continue
        matches.sort(key=_size)
        taken: dict[int, tuple[int, int]] = {}  # token → (words, letters) of the match that took it
        for match in matches:
            first, last = match[0], match[1]
            size = (last - first, match[2])
            if first == last:
                if taken.setdefault(first, size) == size:
                    kept.append(match)
            elif all(taken.get(token, size) == size for token in range(first, last + 1)):
                taken.update(dict.fromkeys(range(first, last + 1), size))
                kept.append(match)
    return kept


def _size(match: Match) -> tuple[int, int]:
    return match[0] - match[1], -match[2]
