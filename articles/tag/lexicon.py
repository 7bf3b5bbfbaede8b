"""The lexicon: rows that editors write, compiled once into one automaton for each language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import ahocorasick

from articles.folding import fold

KINDS = ("word", "stem", "phrase", "substring")
WEIGHTS = ("strong", "weak")
OWNER_KINDS = ("country", "topic", "entity", "topic_not", "off_topic", "concept")
# What news is about that is not public affairs: keys of owner kind "off_topic".
OFF_TOPICS = ("sport", "show", "travel", "food", "weather", "stocks", "life", "digest", "traffic", "elsewhere")
LISTS = ("en", "fr", "ru", "kk", "kk-Latn", "ky", "uz", "uz-Cyrl", "tg", "tk", "de", "tr", "zh", "fa")

# A text reads its own lists, and these for names only (countries and entities): newsrooms borrow spellings.
BORROWED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "kk": ("ru", "ky", "en"), "ky": ("ru", "kk", "en"), "tg": ("ru", "en"), "uz-Cyrl": ("ru", "en"),
        "uz": ("en", "ru"), "kk-Latn": ("en",), "tk": ("en", "tr"), "ru": ("en",), "fr": ("en",), "de": ("en",),
        "tr": ("en",), "zh": ("en",), "fa": ("en",), "en": (),
    }
)  # fmt: skip
MIN_BORROWED = 5  # letters; shorter names of another language are too often words of this one
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


@dataclass(frozen=True, slots=True)
class EntityFacts:
    """What the tagger needs to know of an entity."""

    id: str
    type: str = ""
    subtype: str = ""
    countries: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    all_members: bool = False  # naming it names all its countries (C5+1), else more than two name none (SCO)
    incumbent: bool = False  # holds an office of state now


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


# What the automaton holds for a key: characters from the first of its first word to its last character; None for one
# word, else 1 when it ends with a border; its letters; the plain rules; the others that end with the key; those that go
# on, by the first letter of their next word.
Value = tuple[int, int | None, int, tuple[Rule, ...], tuple[Rule, ...], dict[str, tuple[Rule, ...]]]


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """Compiled, never changed, shared between threads."""

    automata: Mapping[str, ahocorasick.Automaton] = field(default_factory=dict)  # list key → automaton of Values
    entities: Mapping[str, EntityFacts] = field(default_factory=dict)
    tiers: Mapping[str, str] = field(default_factory=dict)  # ISO2 → core, neighbour, power, other
    topics: tuple[str, ...] = ()
    size: int = 0  # terms


def compile_lexicon(
    terms: Iterable[Term],
    *,
    entities: Iterable[EntityFacts] = (),
    countries: Mapping[str, str] = MappingProxyType({}),
    topics: Iterable[str] = (),
) -> Lexicon:
    """Return the lexicon of these rows; ``countries`` maps ISO2 to tier.

    Raises:
        LexiconError: a row has an unknown kind, language, weight or owner, or nothing to match; it is named.
    """
    known = {
        "country": frozenset(countries),
        "topic": (slugs := frozenset(topics)),
        "topic_not": slugs,
        "entity": frozenset(facts := {entity.id: entity for entity in entities}),
        "off_topic": frozenset(OFF_TOPICS),
    }
    lists: dict[str, dict[str, list[Rule]]] = {key: {} for key in LISTS}
    size = 0
    for term in terms:
        _check(term, known)
        rule = _compile(term, term.language)
        lists[term.language].setdefault(rule.key, []).append(rule)
        size += 1
        for reader in _BORROWERS[term.language]:
            if _lendable(term, rule):
                borrowed = _compile(term, reader)
                lists[reader].setdefault(borrowed.key, []).append(borrowed)
    return Lexicon(
        automata=MappingProxyType({key: _automaton(rules) for key, rules in lists.items() if rules}),
        entities=MappingProxyType(facts),
        tiers=MappingProxyType(dict(countries)),
        topics=tuple(sorted(slugs)),
        size=size,
    )


_BORROWERS = {key: tuple(reader for reader, lenders in BORROWED.items() if key in lenders) for key in LISTS}


def _lendable(term: Term, rule: Rule) -> bool:
    if term.owner_kind not in ("country", "entity") or term.ambiguous or term.requires or term.unless:
        return False
    return len(rule.key.strip()) >= MIN_BORROWED or (term.case and term.text.isupper() and len(term.text) > 2)


def _automaton(rules: dict[str, list[Rule]]) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for key, found in rules.items():
        one_word = key[0] == " " and " " not in key[1:-1]
        value: Value = (
            len(key) - (2 if key[0] == " " else 1),
            None if one_word else int(key[-1] == " "),
            len(key),
            tuple(_distinct(rule for rule in found if rule.plain)),
            tuple(rule for rule in found if not rule.plain and not rule.rest),
            _by_next_letter(found),
        )
        automaton.add_word(key, value)
    automaton.make_automaton()
    return automaton


def _by_next_letter(rules: Iterable[Rule]) -> dict[str, tuple[Rule, ...]]:
    found: dict[str, tuple[Rule, ...]] = {}
    for rule in rules:
        if rule.rest:
            letter = rule.rest[0][0][0]
            found[letter] = (*found.get(letter, ()), rule)
    return found


def _distinct(rules: Iterable[Rule]) -> Iterable[Rule]:
    """One rule for each owner: lists that borrow from each other say the same thing several times."""
    best: dict[tuple[str, str], Rule] = {}
    for rule in rules:
        owner = (rule.term.owner_kind, rule.term.owner)
        if owner not in best or (best[owner].term.weight, rule.term.weight) == ("weak", "strong"):
            best[owner] = rule
    return best.values()


def _check(term: Term, known: Mapping[str, frozenset[str]]) -> None:
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


def _compile(term: Term, language: str) -> Rule:
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
