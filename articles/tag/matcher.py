"""One pass of the automaton over a folded text; the hits that survive borders, case, context and longer hits."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass

from articles.folding import fold_tokens, tokens
from articles.tag.lexicon import Lexicon, Rule, Term
from articles.tag.scripts import readings


@dataclass(frozen=True, slots=True)
class Hit:
    """One term found: which words of the text it covers."""

    term: Term
    first: int  # token
    last: int  # token, included
    words: str  # as they stand in the text
    in_title: bool


@dataclass(frozen=True, slots=True)
class Text:
    """An article's words as they stand and as one list of terms reads them; the title comes first."""

    words: list[str]
    folded: str  # " word word "
    starts: list[int]  # where each word begins in ``folded``
    title_words: int
    capitals: bool  # written in capitals throughout, so that case says nothing

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
    upper = sum(word.isupper() for word in words if len(word) > 1)
    capitals = upper > 3 and upper * 10 > 7 * sum(len(word) > 1 for word in words)
    found: list[Match] = []
    for key, written in lists:
        folded = fold_tokens(written(words) if written else words)
        starts = [1]
        for word in folded:
            starts.append(starts[-1] + len(word) + 1)
        text = Text(words, f" {' '.join(folded)} ", starts[:-1], len(head), capitals)
        found += _matches(text, lexicon, key)
    return [
        Hit(rule.term, first, last, " ".join(words[first : last + 1]), first < len(head))
        for first, last, _, rule in _longest(found)
    ]


def _matches(text: Text, lexicon: Lexicon, key: str) -> list[Match]:
    automaton = lexicon.automata.get(key)
    if automaton is None:
        return []
    found = []
    for end, rules in automaton.iter(text.folded):
        for rule in rules:
            match = _match(text, rule, end)
            if match is not None and _allowed(text, match[0], match[1], rule):
                found.append(match)
    return found


def _match(text: Text, rule: Rule, end: int) -> Match | None:
    """The words covered by a raw match whose last character is ``end``; None when its other words differ."""
    key = rule.key
    first = bisect_right(text.starts, end - len(key) + (2 if key[0] == " " else 1)) - 1
    last = bisect_right(text.starts, end - 1 if key[-1] == " " else end) - 1
    letters = len(key)
    for word, prefix in rule.rest:
        last += 1
        if last >= len(text.starts):
            return None
        there = text.folded[text.starts[last] : text.end(last)]
        if not (there.startswith(word) if prefix else there == word):
            return None
        letters += len(word)
    if rule.term.case and not _same_case(text, first, last, rule):
        return None
    return first, last, letters, rule


def _same_case(text: Text, first: int, last: int, rule: Rule) -> bool:
    if text.capitals and not rule.term.text.isupper():
        return True
    there = " ".join(text.words[first : last + 1])
    want = rule.term.text.replace("*", "").replace("-", " ")
    return there.startswith(want) if rule.open_end else there == want


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


def _group(rule: Rule) -> tuple[str, str]:
    kind = rule.term.owner_kind
    return (kind, rule.term.owner if kind not in ("country", "entity") else "")


def _longest(found: list[Match]) -> list[Match]:
    """Drop what overlaps a longer match of the same group; equal spans all stay."""
    groups: dict[tuple[str, str], list[Match]] = defaultdict(list)
    for match in found:
        groups[_group(match[3])].append(match)
    kept: list[Match] = []
    for matches in groups.values():
        if len(matches) == 1:
            kept += matches
            continue
        matches.sort(key=lambda m: (m[0] - m[1], -m[2]))
        owner_at: dict[int, tuple[int, int]] = {}  # token → (words, letters) of the match that took it
        for match in matches:
            first, last, letters, _ = match
            size = (last - first, letters)
            if all(owner_at.get(token, size) == size for token in range(first, last + 1)):
                owner_at.update(dict.fromkeys(range(first, last + 1), size))
                kept.append(match)
    return kept
