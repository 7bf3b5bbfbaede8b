"""The stage: a clean entry and a lexicon in, language, countries, topics, entities and relevance out, with reasons."""

from __future__ import annotations

from articles.records import CleanEntry, SourceHints, Tag, Tags
from articles.tag.countries import CORE, home, resolve_entities, score_countries, score_entities
from articles.tag.hosts import host_of
from articles.tag.language import detect
from articles.tag.lexicon import Lexicon
from articles.tag.matcher import Hit, find_hits

READ_TITLE = 600  # characters; what is longer is no headline
READ_TEXT = 4_000  # characters of summary, or of text where there is no summary


def tag_entry(entry: CleanEntry, lexicon: Lexicon, *, hints: SourceHints) -> Tags:
    """Tag one article. Reads a bounded part of it; never raises for what an article says."""
    title = entry.title[:READ_TITLE]
    body = (entry.summary or entry.text)[:READ_TEXT]
    language, script = detect(title, body, hints.language or entry.language)
    hits = find_hits(title, body, lexicon, language=language, script=script)
    entity_hits = resolve_entities(hits, lexicon)
    countries = score_countries(hits, entity_hits, lexicon)
    prior = home(hints, host_of(entry.link), language)
    if prior is not None and not any(code in CORE for code in countries):
        countries[prior.key] = prior
    off = [hit for hit in hits if hit.term.owner_kind == "off_topic"]
    core = [tag for code, tag in countries.items() if lexicon.tiers.get(code) == "core"]
    relevant = hints.all_relevant or (bool(core) and not off)
    return Tags(
        language=language,
        script=script,
        relevant=relevant,
        relevance_why=("whole-feed",) if hints.all_relevant else core[0].why if core else (),
        countries=tuple(sorted(countries.values(), key=lambda tag: (-tag.score, tag.key))),
        topics=_topics(hits, entity_hits, lexicon) if relevant else (),
        entities=score_entities(entity_hits),
    )


def _topics(hits: list[Hit], entity_hits: list[Hit], lexicon: Lexicon) -> tuple[Tag, ...]:
    out = []
    blocked = [hit for hit in hits if hit.term.owner_kind == "topic_not"]
    for slug in lexicon.topics:
        mine = [
            hit
            for hit in hits
            if hit.term.owner_kind == "topic"
            and hit.term.owner == slug
            and not any(b.term.owner == slug and b.first <= hit.last and hit.first <= b.last for b in blocked)
        ]
        strong = {hit.words.lower() for hit in mine if hit.term.weight == "strong"}
        weak = {hit.words.lower() for hit in mine if hit.term.weight == "weak"}
        score = 2.0 * len(strong) + len(weak)
        score += any(slug in lexicon.entities[hit.term.owner].topics for hit in entity_hits)
        if score >= (2 if strong else 3):
            out.append(Tag(slug, score, tuple(dict.fromkeys(hit.words for hit in mine))))
    return tuple(sorted(out, key=lambda tag: (-tag.score, tag.key)))
