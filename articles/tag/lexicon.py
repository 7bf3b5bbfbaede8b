"""The lexicon: rows that editors write, compiled once into one automaton for each language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import ahocorasick

from articles.tag.rules import LISTS, OFF_TOPICS, Rule, Term, check_row, compile_rule

# A text reads its own lists, and these for names only (countries and entities): newsrooms borrow spellings.
BORROWED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "kk": ("ru", "ky", "en"), "ky": ("ru", "kk", "en"), "tg": ("ru", "en"), "uz-Cyrl": ("ru", "en"),
        "uz": ("en", "ru"), "kk-Latn": ("en",), "tk": ("en", "tr"), "ru": ("en",), "fr": ("en",), "de": ("en",),
        "tr": ("en",), "zh": ("en",), "fa": ("en",), "en": (),
    }
)  # fmt: skip
MIN_BORROWED = 5  # letters; shorter names of another language are too often words of this one


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
        check_row(term, known)
        rule = compile_rule(term, term.language)
        lists[term.language].setdefault(rule.key, []).append(rule)
        size += 1
        for reader in _BORROWERS[term.language]:
            if _lendable(term, rule):
                borrowed = compile_rule(term, reader)
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
