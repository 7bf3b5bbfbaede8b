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


def gather(hits: list[Hit], entity_hits: list[Hit], countries: Mapping[str, Tag], lexicon: Lexicon) -> Evidence:
    """Return the evidence for topics and relevance: topic words, concepts, off-topic words, countries, entities."""
    words: dict[str, list[str]] = defaultdict(list)
    blocked = [hit for hit in hits if hit.term.owner_kind == "topic_not"]
    for hit in hits:
        term = hit.term
        place = "title" if hit.in_title else "text"
        if term.owner_kind == "topic":
            if not blocked or not _blocked(hit, blocked):
                words[f"{term.owner}.{term.weight}.{place}"].append(hit.words)
        elif term.owner_kind == "concept":
            words[f"concept.{term.owner}"].append(hit.words)
            if hit.in_title:
                words[f"concept.{term.owner}.title"].append(hit.words)
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
    evidence = {name: _counted(name, found) for name, found in words.items()}
    _add_countries(evidence, countries)
    _add_topics(evidence, lexicon.topics)
    return evidence


def _counted(name: str, found: list[str]) -> tuple[float, tuple[str, ...]]:
    """How many distinct words stand behind a name (a concept counts once), and which."""
    if name.startswith("concept."):
        value = CONCEPT_IN_TITLE if name.endswith(".title") else 1.0
    else:
        value = 1.0 if len(found) == 1 else float(min(MOST, len({word.lower() for word in found})))
    return value, tuple(dict.fromkeys(found)) if len(found) > 1 else (found[0],)


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


def _add_topics(evidence: Evidence, topics: tuple[str, ...]) -> None:
    """How the topics compare: which are spoken of at all, and what share of all topic words each has."""
    points: dict[str, float] = {}
    words: dict[str, tuple[str, ...]] = {}
    for slug in topics:
        score = 0.0
        behind: tuple[str, ...] = ()
        for kind, worth in POINTS.items():
            value = evidence.get(f"{slug}.{kind}")
            if value is not None:
                score += worth * value[0]
                behind += value[1]
        if score:
            points[slug], words[slug] = score, behind
            _add_theme(evidence, slug)
    if not points:
        evidence["theme.none"] = (1.0, ())
        return
    total, most = sum(points.values()), max(points.values())
    for slug, score in points.items():
        evidence[f"{slug}.share"] = (score / total, words[slug])
        evidence[f"{slug}.points"] = (math.log1p(score), words[slug])
        if score == most:
            evidence[f"{slug}.top"] = (1.0, words[slug])


def _add_theme(evidence: Evidence, slug: str) -> None:
    """Whether a topic is spoken of by a strong word or two weak ones, and by more, for the other topics."""
    strong = [word for place in ("title", "text") for word in evidence.get(f"{slug}.strong.{place}", (0, ()))[1]]
    weak = [word for place in ("title", "text") for word in evidence.get(f"{slug}.weak.{place}", (0, ()))[1]]
    if strong or len(weak) > 1:
        evidence[f"theme.{slug}"] = (1.0, tuple(strong or weak))
    if strong and len(strong) + len(weak) > 1:
        evidence[f"theme2.{slug}"] = (1.0, tuple(strong))
