"""One pass of the automaton over a folded text; the hits that survive borders, case, context and longer hits."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass

from articles.folding import fold_tokens, kazakh_from_arabic, tokens
from articles.tag.lexicon import Lexicon, Rule, Term

# (language, script) → list of terms, where the list is not the language's own; and for what has no list of its own.
LIST_OF = {("kk", "Latn"): "kk-Latn", ("uz", "Cyrl"): "uz-Cyrl"}
SCRIPT_LISTS = {"Cyrl": ("ru",), "Latn": ("en",), "Arab": ("fa",), "Hans": ("zh",)}
KIN = {"az": ("tr",), "ug": ("fa",), "mn": ("ru",), "tt": ("kk",), "uk": ("ru",), "be": ("ru",), "bg": ("ru",)}


@dataclass(frozen=True, slots=True)
class Hit:
    """One term found: which words of the text it covers."""

    term: Term
    first: int  # token
    last: int  # token, included
    words: str  # as they stand in the text
    in_title: bool

    @property
    def length(self) -> int:
        """Letters covered by the term: the longer stem on one word wins."""
        return self.last - self.first


@dataclass(slots=True)
class Text:
    """An article's words, read in one language: title first."""

    words: list[str]
    folded: str  # " word word "
    starts: list[int]  # where each word begins in ``folded``
    title_words: int
    capitals: bool  # written in capitals throughout, so that case says nothing


def read_text(title: str, body: str, *, language: str, script: str) -> Text:
    """Divide into words and fold them for the lists of this language."""
    key = list_keys(language, script)[0]
    head, tail = tokens(title, key), tokens(body, key)
    words = head + tail
    shown = words
    if language == "kk" and script == "Arab":
        words = [kazakh_from_arabic(word) for word in words]
    folded = fold_tokens(words) if words else []
    starts, at = [], 1
    for word in folded:
        starts.append(at)
        at += len(word) + 1
    upper = sum(word.isupper() for word in shown if len(word) > 1)
    capitals = upper > 3 and upper * 10 > 7 * sum(len(word) > 1 for word in shown)
    return Text(shown, f" {' '.join(folded)} " if folded else "", starts, len(head), capitals)


def list_keys(language: str, script: str) -> tuple[str, ...]:
    """The lists that a text of this language and script is read with."""
    special = LIST_OF.get((language, script))
    if special:
        return (special,)
    if language in {"en", "fr", "ru", "kk", "ky", "uz", "tg", "tk", "de", "tr", "zh", "fa"}:
        return (language,)
    return KIN.get(language) or SCRIPT_LISTS.get(script, ("en",))


def find_hits(text: Text, lexicon: Lexicon, *, language: str, script: str) -> list[Hit]:
    """Return every term that stands in the text, longest spans only, within its group (README, "Matching rules")."""
    found: list[tuple[int, int, int, Rule]] = []  # first token, last token, matched letters, rule
    for key in list_keys(language, script):
        automaton = lexicon.automata.get(key)
        if automaton is None or not text.folded:
            continue
        for end, rules in automaton.iter(text.folded):
            for rule in rules:
                span = _span(text, rule, end)
                if span is not None:
                    found.append((*span, rule))
    return [
        _hit(text, first, last, rule) for first, last, _, rule in _longest(found) if _allowed(text, first, last, rule)
    ]


def _span(text: Text, rule: Rule, end: int) -> tuple[int, int, int] | None:
    """Tokens covered by a raw match whose last character is ``end``; None when the words after it differ."""
    border = rule.key[0] == " "
    first = bisect_right(text.starts, end - len(rule.key) + (2 if border else 1)) - 1
    last = bisect_right(text.starts, end - 1 if rule.key[-1] == " " else end) - 1
    letters = len(rule.key)
    for word, prefix in rule.rest:
        last += 1
        if last >= len(text.starts):
            return None
        stop = text.starts[last + 1] - 1 if last + 1 < len(text.starts) else len(text.folded) - 1
        there = text.folded[text.starts[last] : stop]
        if not (there.startswith(word) if prefix else there == word):
            return None
        letters += len(word)
    if rule.term.case and not _same_case(text, first, last, rule):
        return None
    return first, last, letters


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
        begin, end = text.starts[first] - 1, text.starts[last + 1] - 1 if last + 1 < len(text.starts) else len(folded)
        if not any(word in folded[:begin] + " " or word in folded[end:] for word in rule.requires):
            return False
    return not any(_covers(text, phrase, first, last) for phrase in rule.not_)


def _covers(text: Text, phrase: str, first: int, last: int) -> bool:
    begin = text.starts[first]
    last_begin = text.starts[last]
    at = text.folded.find(phrase)
    while at != -1:
        if at <= begin and last_begin < at + len(phrase):
            return True
        at = text.folded.find(phrase, at + 1)
    return False


def _group(rule: Rule) -> tuple[str, str]:
    kind = rule.term.owner_kind
    return (kind, rule.term.owner if kind not in ("country", "entity") else "")


def _longest(found: list[tuple[int, int, int, Rule]]) -> list[tuple[int, int, int, Rule]]:
    """Drop what lies inside a longer match of the same group; equal spans all stay."""
    groups: dict[tuple[str, str], list[tuple[int, int, int, Rule]]] = defaultdict(list)
    for match in found:
        groups[_group(match[3])].append(match)
    kept = []
    for matches in groups.values():
        matches.sort(key=lambda m: (m[0] - m[1], -m[2]))
        taken: list[tuple[int, int, int, Rule]] = []
        for match in matches:
            first, last, letters, _ = match
            if not any(
                f <= last and first <= t and (t - f, size) != (last - first, letters) for f, t, size, _ in taken
            ):
                taken.append(match)
        kept += taken
    return kept


def _hit(text: Text, first: int, last: int, rule: Rule) -> Hit:
    return Hit(rule.term, first, last, " ".join(text.words[first : last + 1]), first < text.title_words)
