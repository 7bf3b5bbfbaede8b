"""What the hits of an article amount to: numbers that mean the same in every language, and the words behind each."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping

from articles.records import Tag
from articles.tag.countries import CORE
from articles.tag.lexicon import Lexicon
from articles.tag.matcher import Hit

Evidence = dict[str, tuple[float, tuple[str, ...]]]  # name → (value between 0 and about 3, words)
MOST = 3  # distinct words of one kind that count
CONCEPT_IN_TITLE = 0.7  # on top of 1 for standing anywhere
# What a word of a topic counts when topics are compared, by strength and place.
POINTS = {"strong.title": 2.0, "strong.text": 1.2, "weak.title": 1.0, "weak.text": 0.5, "entity": 0.7}


NO_TOPICS = frozenset(("off", "country", "concept"))  # what other names of the same endings begin with


def gather(hits: list[Hit], entity_hits: list[Hit], countries: Mapping[str, Tag], lexicon: Lexicon) -> Evidence:
    """Return the evidence for topics and relevance: topic words, concepts, off-topic words, countries, entities."""
    words: dict[str, list[str]] = defaultdict(list)
    evidence: Evidence = {}
    blocked = [hit for hit in hits if hit.term.owner_kind == "topic_not"]
    for hit in hits:
        term = hit.term
        place = "title" if hit.in_title else "text"
        if term.owner_kind == "topic":
            if not blocked or not _blocked(hit, blocked):
                words[f"{term.owner}.{term.weight}.{place}"].append(hit.words)
        elif term.owner_kind == "concept":
            evidence[f"concept.{term.owner}"] = (1.0, (hit.words,))
            if hit.in_title:
                evidence[f"concept.{term.owner}.title"] = (CONCEPT_IN_TITLE, (hit.words,))
        elif term.owner_kind == "off_topic":
            words[f"off.{term.owner}.{term.weight}"].append(hit.words)
            words[f"off.{term.weight}.{place}"].append(hit.words)
        elif term.owner_kind == "country":
            words[f"country.{'core' if term.owner in CORE else 'foreign'}.{place}"].append(hit.words)
    for hit in entity_hits:
        facts = lexicon.entities[hit.term.owner]
        for slug in facts.topics:
            words[f"{slug}.entity"].append(hit.words)
        words[f"entity.{'leader' if facts.incumbent else facts.type}"].append(hit.words)
    for name, found in words.items():
        if len(found) == 1:
            evidence[name] = (1.0, (found[0],))
        else:  # how many distinct words
            evidence[name] = (float(min(MOST, len({word.lower() for word in found}))), tuple(dict.fromkeys(found)))
    _add_countries(evidence, countries)
    _add_topics(evidence)
    return evidence


def _blocked(hit: Hit, blocked: Iterable[Hit]) -> bool:
    return any(b.term.owner == hit.term.owner and b.first <= hit.last and hit.first <= b.last for b in blocked)


def _add_countries(evidence: Evidence, countries: Mapping[str, Tag]) -> None:
    core = [tag for code, tag in countries.items() if code in CORE]
    foreign = [tag for code, tag in countries.items() if code not in CORE]
    for code in ("RU", "CN", "AF"):
        if code in countries:
            evidence[f"has.{code}"] = (1.0, countries[code].why)
            if countries[code].score >= 2:
                evidence[f"has.{code}.title"] = (1.0, countries[code].why)
    if foreign:
        evidence["foreign"] = (1.0, foreign[0].why)
    if len(foreign) > 1:
        evidence["foreign.several"] = (1.0, tuple(word for tag in foreign for word in tag.why[:1]))
    if len(core) > 1:
        evidence["core.two"] = (1.0, tuple(word for tag in core for word in tag.why[:1]))
    if len(core) > 3:
        evidence["core.many"] = (1.0, core[0].why)
    if not core:
        evidence["core.none"] = (1.0, ())
    elif all(tag.score < 1 and tag.why[0].startswith(("outlet", "language")) for tag in core):
        evidence["core.prior"] = (1.0, core[0].why)


def _add_topics(evidence: Evidence) -> None:
    """How the topics compare: which are spoken of at all ("theme"), and what share of all topic words each has."""
    points: dict[str, float] = {}
    words: dict[str, tuple[str, ...]] = {}
    for name, (value, behind) in list(evidence.items()):
        slug, _, kind = name.partition(".")
        if kind in POINTS and slug not in NO_TOPICS:
            points[slug] = points.get(slug, 0.0) + POINTS[kind] * value
            words[slug] = words.get(slug, ()) + behind
    if not points:
        evidence["theme.none"] = (1.0, ())
        return
    total = sum(points.values())
    for slug, score in points.items():
        evidence[f"{slug}.share"] = (score / total, words[slug])
        evidence[f"{slug}.points"] = (math.log1p(score), words[slug])
        if score >= POINTS["weak.title"]:
            evidence[f"theme.{slug}"] = (1.0, words[slug])
