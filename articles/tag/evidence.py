"""What the hits of an article amount to: numbers that the same in every language, each with the words behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from articles.records import Tag
from articles.tag.countries import CORE
from articles.tag.lexicon import Lexicon
from articles.tag.matcher import Hit

Evidence = dict[str, tuple[float, tuple[str, ...]]]  # name → (value between 0 and about 3, words)
MOST = 3  # distinct words of one kind that count


def gather(hits: list[Hit], entity_hits: list[Hit], countries: Mapping[str, Tag], lexicon: Lexicon) -> Evidence:
    """Return the evidence for topics and relevance: topic words, off-topic words, countries, entities, by place."""
    words: dict[str, list[str]] = defaultdict(list)
    blocked = [hit for hit in hits if hit.term.owner_kind == "topic_not"]
    for hit in hits:
        place = "title" if hit.in_title else "text"
        if hit.term.owner_kind == "topic" and not _blocked(hit, blocked):
            words[f"{hit.term.owner}.{hit.term.weight}.{place}"].append(hit.words)
        elif hit.term.owner_kind == "off_topic":
            words[f"off.{hit.term.owner}.{hit.term.weight}"].append(hit.words)
            words[f"off.{hit.term.weight}.{place}"].append(hit.words)
        elif hit.term.owner_kind == "country":
            words[f"country.{'core' if hit.term.owner in CORE else 'foreign'}.{place}"].append(hit.words)
    for hit in entity_hits:
        facts = lexicon.entities[hit.term.owner]
        for slug in facts.topics:
            words[f"{slug}.entity"].append(hit.words)
        kind = "leader" if facts.incumbent else facts.type
        words[f"entity.{kind}"].append(hit.words)
    evidence: Evidence = {
        name: (float(min(MOST, len(set(map(str.lower, found))))), tuple(dict.fromkeys(found)))
        for name, found in words.items()
    }
    _add_countries(evidence, countries, lexicon)
    _add_themes(evidence, lexicon.topics)
    return evidence


def _blocked(hit: Hit, blocked: Iterable[Hit]) -> bool:
    return any(b.term.owner == hit.term.owner and b.first <= hit.last and hit.first <= b.last for b in blocked)


def _add_countries(evidence: Evidence, countries: Mapping[str, Tag], lexicon: Lexicon) -> None:
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


def _add_themes(evidence: Evidence, topics: tuple[str, ...]) -> None:
    """Whether a topic is spoken of at all, for the other topics and for relevance."""
    any_topic: list[str] = []
    for slug in topics:
        strong = [word for place in ("title", "text") for word in evidence.get(f"{slug}.strong.{place}", (0, ()))[1]]
        weak = [word for place in ("title", "text") for word in evidence.get(f"{slug}.weak.{place}", (0, ()))[1]]
        if strong or len(weak) > 1:
            evidence[f"theme.{slug}"] = (1.0, tuple(strong or weak))
            any_topic += strong or weak
        if strong and len(strong) + len(weak) > 1:
            evidence[f"theme2.{slug}"] = (1.0, tuple(strong))
    if not any_topic:
        evidence["theme.none"] = (1.0, ())
