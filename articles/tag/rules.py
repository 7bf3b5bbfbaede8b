"""One row of the lexicon: what an editor may write, and the rule that it becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from articles.folding import fold

KINDS = ("word", "stem", "phrase", "substring")
WEIGHTS = ("strong", "weak")
OWNER_KINDS = ("country", "topic", "entity", "topic_not", "off_topic", "concept")
# What news is about that is not public affairs: keys of owner kind "off_topic".
OFF_TOPICS = ("sport", "show", "travel", "food", "weather", "stocks", "life", "digest", "traffic", "elsewhere")
LISTS = ("en", "fr", "ru", "kk", "kk-Latn", "ky", "uz", "uz-Cyrl", "tg", "tk", "de", "tr", "zh", "fa")
MIN_STEM = 3


class LexiconError(ValueError):
    """A row that can't be matched; the message names it. The lexicon that was in force stays so."""


@dataclass(frozen=True, slots=True)
class Term:
    """One row of the lexicon, as an editor wrote it (fields: articles/catalogue/README.md)."""

    owner_kind: str  # one of OWNER_KINDS
    owner: str  # ISO2, topic slug, entity id, one of OFF_TOPICS, or the name of a concept
    text: str
    language: str  # one of LISTS
    kind: str = "word"
    weight: str = "strong"  # topics and off_topic only
    case: bool = False
    requires: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    not_: tuple[str, ...] = ()
    ambiguous: bool = False
    src: str = ""  # "auto": made by transliteration


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A compiled term."""

    term: Term
    key: str  # folded, with the borders that must match: " stem", " word "
    group: str  # of overlapping rules of a group the longest counts; "": all count
    plain: bool  # nothing but the key to compare: no case, no context, no further words
    written: str  # the text whose case must be the same, "" when case does not matter
    rest: tuple[tuple[str, bool], ...]  # tokens of a phrase after its first prefix token: (folded, is a prefix)
    open_end: bool  # the last token is a prefix
    requires: tuple[str, ...]
    unless: tuple[str, ...]
    not_: tuple[str, ...]


def check_term(term: Term) -> None:
    """Raise LexiconError, naming the row, when it can never be compiled; its owner is taken on trust."""
    check_row(term, {term.owner_kind: frozenset((term.owner,)), "off_topic": frozenset(OFF_TOPICS)})
    compile_rule(term, term.language)


def check_row(term: Term, known: Mapping[str, frozenset[str]]) -> None:
    if term.owner_kind not in OWNER_KINDS:
        raise LexiconError(f"{_name(term)}: unknown owner kind {term.owner_kind!r}")
    if term.owner_kind != "concept" and term.owner not in known[term.owner_kind]:
        raise LexiconError(f"{_name(term)}: unknown {term.owner_kind} {term.owner!r}")
    if term.language not in LISTS:
        raise LexiconError(f"{_name(term)}: unknown language {term.language!r}")
    if term.kind not in KINDS:
        raise LexiconError(f"{_name(term)}: unknown kind {term.kind!r}")
    if term.weight not in WEIGHTS:
        raise LexiconError(f"{_name(term)}: unknown weight {term.weight!r}")


def _name(term: Term) -> str:
    return f"{term.owner_kind} {term.owner}, {term.language}, {term.text!r}"


def compile_rule(term: Term, language: str) -> Rule:
    """Fold a term as the texts of ``language`` are folded."""
    parts = term.text.split()
    folded: list[tuple[str, bool]] = []
    for part in parts:
        words = fold(part.rstrip("*"), language).split()
        folded += [(word, False) for word in words[:-1]]
        folded += [(word, part.endswith("*")) for word in words[-1:]]
    if not folded:
        raise LexiconError(f"{_name(term)}: nothing to match")
    if term.kind in ("word", "stem") and len(folded) > 1 and language == term.language:
        raise LexiconError(f"{_name(term)}: several words, but kind {term.kind}")
    if term.kind == "stem":
        if len(folded[-1][0]) < MIN_STEM:
            raise LexiconError(f"{_name(term)}: a stem needs at least {MIN_STEM} letters")
        folded[-1] = (folded[-1][0], True)
    key, rest = _key(folded, term.kind)
    context = (term.requires, term.unless, term.not_)
    return Rule(
        term=term,
        key=key,
        group=_group(term),
        plain=not (rest or term.case or any(context)),
        written=term.text.replace("*", "").replace("-", " ") if term.case else "",
        rest=rest,
        open_end=folded[-1][1],
        requires=_hints(term, term.requires, language),
        unless=_hints(term, term.unless, language),
        not_=_hints(term, term.not_, language),
    )


def _group(term: Term) -> str:
    if term.owner_kind in ("country", "entity"):
        return term.owner_kind
    return "" if term.owner_kind == "concept" else f"{term.owner_kind} {term.owner}"


def _key(folded: list[tuple[str, bool]], kind: str) -> tuple[str, tuple[tuple[str, bool], ...]]:
    """The part that the automaton looks for: up to the first prefix token; the rest is compared word by word."""
    if kind == "substring":
        return " ".join(word for word, _ in folded), ()
    key = ""
    for at, (word, prefix) in enumerate(folded):
        key += " " + word
        if prefix:
            return key, tuple(folded[at + 1 :])
    return key + " ", ()


def _hints(term: Term, words: tuple[str, ...], language: str) -> tuple[str, ...]:
    """Context words are prefixes of words; Chinese has no borders."""
    border = "" if term.language == "zh" else " "
    folded = tuple(fold(word.replace("*", " "), language) for word in words)
    if not all(folded):
        raise LexiconError(f"{_name(term)}: an empty word among requires, unless or not")
    return tuple(border + word for word in folded)
