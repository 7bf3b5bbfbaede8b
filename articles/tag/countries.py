"""Hits → entities and countries, each with a score and the words that caused it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from articles.records import SourceHints, Tag
from articles.tag.lexicon import Lexicon
from articles.tag.matcher import Hit

CORE = ("KZ", "KG", "TJ", "TM", "UZ")
# The language of an article points to a country where nothing else does; Russian and English point nowhere.
HOME_OF_LANGUAGE = {"kk": "KZ", "ky": "KG", "tg": "TJ", "tk": "TM", "uz": "UZ"}
PRIOR = 0.5

IN_TITLE, IN_TEXT = 2.0, 1.0
BY_ENTITY = 0.8  # an entity names its country a little less surely than the country's own name
MEMBERSHIP = 2  # an entity of more countries than this names none of them, unless all_members
WHY = 6  # words kept for each tag


def resolve_entities(hits: Iterable[Hit], lexicon: Lexicon) -> list[Hit]:
    """Settle names that several entities share: the one whose country is named otherwise, else none."""
    entity_hits = [hit for hit in hits if hit.term.owner_kind == "entity"]
    by_span: dict[tuple[int, int], list[Hit]] = defaultdict(list)
    for hit in entity_hits:
        by_span[hit.first, hit.last].append(hit)
    named = {hit.term.owner for hit in hits if hit.term.owner_kind == "country"}
    named.update(
        code
        for found in by_span.values()
        if len({hit.term.owner for hit in found}) == 1
        for code in _countries(found[0], lexicon)
    )
    kept = []
    for found in by_span.values():
        if len({hit.term.owner for hit in found}) > 1:
            groups = [hit for hit in found if lexicon.entities[hit.term.owner].all_members]
            found = groups[:1] or [
                hit for hit in found if named.intersection(lexicon.entities[hit.term.owner].countries)
            ]
            if len({hit.term.owner for hit in found}) > 1:
                continue
        kept += found[:1]
    return kept


def _countries(hit: Hit, lexicon: Lexicon) -> tuple[str, ...]:
    facts = lexicon.entities[hit.term.owner]
    return facts.countries if facts.all_members or len(facts.countries) <= MEMBERSHIP else ()


def _is_group(hit: Hit, lexicon: Lexicon) -> bool:
    """A format or organisation: "Uzbekistan in C5+1" is about Uzbekistan, while TAPI crosses all its countries."""
    facts = lexicon.entities[hit.term.owner]
    return facts.all_members and facts.type in ("format", "organisation")


def score_countries(hits: Iterable[Hit], entity_hits: Iterable[Hit], lexicon: Lexicon) -> dict[str, Tag]:
    """Return a tag for each country that is named, by itself or by an entity."""
    points: dict[str, float] = defaultdict(float)
    why: dict[str, list[str]] = defaultdict(list)
    for hit in hits:
        if hit.term.owner_kind == "country":
            points[hit.term.owner] += IN_TITLE if hit.in_title else IN_TEXT
            why[hit.term.owner].append(hit.words)
    one_of_them = any(hit.in_title and hit.term.owner in CORE for hit in hits if hit.term.owner_kind == "country")
    for hit in entity_hits:
        if one_of_them and _is_group(hit, lexicon):
            continue
        for code in _countries(hit, lexicon):
            points[code] += BY_ENTITY * (IN_TITLE if hit.in_title else IN_TEXT)
            why[code].append(hit.words)
    return {code: Tag(code, round(points[code], 2), distinct(why[code])) for code in points}


def score_entities(entity_hits: Iterable[Hit]) -> tuple[Tag, ...]:
    """Return a tag for each entity named."""
    points: dict[str, float] = defaultdict(float)
    why: dict[str, list[str]] = defaultdict(list)
    for hit in entity_hits:
        points[hit.term.owner] += IN_TITLE if hit.in_title else IN_TEXT
        why[hit.term.owner].append(hit.words)
    return tuple(
        Tag(key, round(points[key], 2), distinct(why[key])) for key in sorted(points, key=lambda k: (-points[k], k))
    )


def distinct(words: Sequence[str]) -> tuple[str, ...]:
    """Each word once, in order, at most WHY."""
    return tuple(dict.fromkeys(words))[:WHY]


def home(hints: SourceHints, host: str, language: str) -> Tag | None:
    """The country that an article is about when it names none, with the rule that says so."""
    covers = [code for code in hints.covers if code in CORE]
    if len(covers) == 1 and "regional" not in hints.covers and "world" not in hints.covers:
        return Tag(covers[0], PRIOR, ("outlet-covers",))
    if hints.country:
        return Tag(hints.country, PRIOR, ("outlet-country",))
    domain = host.rpartition(".")[2].upper()
    if domain in CORE:
        return Tag(domain, PRIOR, ("outlet-domain",))
    if language in HOME_OF_LANGUAGE:
        return Tag(HOME_OF_LANGUAGE[language], PRIOR, ("language",))
    return None
