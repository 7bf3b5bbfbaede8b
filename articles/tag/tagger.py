"""The stage: a clean entry and a lexicon in, language, countries, topics, entities and relevance out, with reasons."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass

from articles.records import CleanEntry, SourceHints, Tag, Tags
from articles.tag.countries import CORE, home, resolve_entities, score_countries, score_entities
from articles.tag.evidence import Evidence, gather
from articles.tag.hosts import host_of
from articles.tag.language import detect
from articles.tag.lexicon import Lexicon
from articles.tag.matcher import Hit, find_hits
from articles.tag.model import RELEVANCE, Model, load_model
from articles.tag.rules import Term

READ_TITLE = 600  # characters; what is longer is no headline
READ_TEXT = 3_000  # characters of summary
LEAD = 600  # characters: a shorter summary is followed by the text, where we have it; an article's subject comes first
FEED_CATEGORY = 1.0  # score of a topic that a category of the feed stands for
MOST_TOPICS = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in an article before anything is decided."""

    language: str
    script: str
    countries: dict[str, Tag]
    entities: tuple[Tag, ...]
    evidence: Evidence
    hits: list[Hit]


def tag_entry(entry: CleanEntry, lexicon: Lexicon, *, hints: SourceHints) -> Tags:
    """Tag one article. Reads a bounded part of it; never raises for what an article says."""
    reading = read_entry(entry, lexicon, hints=hints)
    model = load_model()
    scores = model.scores(reading.evidence)
    relevant, why = _relevance(reading, model, scores, hints)
    return Tags(
        language=reading.language,
        script=reading.script,
        relevant=relevant,
        relevance_why=why,
        countries=tuple(sorted(reading.countries.values(), key=lambda tag: (-tag.score, tag.key))),
        topics=_topics(reading, entry, lexicon, model, scores, hints) if relevant else (),
        entities=reading.entities,
    )


def read_entry(
    entry: CleanEntry, lexicon: Lexicon, *, hints: SourceHints, without: Container[Term] | None = None
) -> Reading:
    """Find language, terms, countries and entities, and add them up to evidence.

    ``without`` names terms to overlook, for training and for trying a lexicon with fewer terms.
    """
    title = entry.title[:READ_TITLE]
    body = entry.summary[:READ_TEXT]
    if len(body) < LEAD and entry.text:
        text = entry.text[: LEAD + len(body)]
        body = text if text.startswith(body) else f"{body}\n{text}"[:LEAD]
    language, script = detect(title, body, hints.language or entry.language)
    hits = find_hits(title, body, lexicon, language=language, script=script)
    if without is not None:
        hits = [hit for hit in hits if hit.term not in without]
    entity_hits = resolve_entities(hits, lexicon)
    countries = score_countries(hits, entity_hits, lexicon)
    prior = home(hints, host_of(entry.link), language)
    if prior is not None and prior.key in lexicon.tiers and not any(code in CORE for code in countries):
        countries[prior.key] = prior
    return Reading(
        language=language,
        script=script,
        countries=countries,
        entities=score_entities(entity_hits),
        evidence=gather(hits, entity_hits, countries, lexicon),
        hits=hits,
    )


def _relevance(
    reading: Reading, model: Model, scores: Mapping[str, float], hints: SourceHints
) -> tuple[bool, tuple[str, ...]]:
    """Whether the article belongs here, and the words or the rule that say so."""
    if hints.all_relevant:
        return True, ("whole-feed",)
    core = [tag for code, tag in reading.countries.items() if code in CORE]
    if not core:
        return False, ("no-country",)
    if scores[RELEVANCE] >= model.thresholds[RELEVANCE]:
        return True, tuple(dict.fromkeys((*core[0].why, *model.why(RELEVANCE, reading.evidence))))[:6]
    off = [word for name, (_, words) in reading.evidence.items() if name.startswith("off.") for word in words]
    return False, tuple(dict.fromkeys(off))[:6] or ("nothing-public",)


def _topics(
    reading: Reading,
    entry: CleanEntry,
    lexicon: Lexicon,
    model: Model,
    scores: Mapping[str, float],
    hints: SourceHints,
) -> tuple[Tag, ...]:
    """Topics by the model, and those that categories of the feed stand for; the surest few."""
    found: dict[str, Tag] = {}
    for slug in lexicon.topics:
        if slug not in scores:
            words = _two_words(slug, reading.evidence)  # a topic newer than the model
            if words:
                found[slug] = Tag(slug, 0.5, words)
            continue
        score = scores[slug]
        if score >= model.thresholds[slug]:
            why = model.why(slug, reading.evidence)
            if why:  # nothing is tagged by something that can't be shown
                found[slug] = Tag(slug, round(score, 2), why)
    for category in entry.categories:
        mapped = hints.category_topics.get(category.casefold())
        if mapped in lexicon.topics:
            found[mapped] = Tag(mapped, FEED_CATEGORY, (category,))
    return tuple(sorted(found.values(), key=lambda tag: (-tag.score, tag.key)))[:MOST_TOPICS]


def _two_words(slug: str, evidence: Evidence) -> tuple[str, ...]:
    """The words of a topic when there are two, one of them strong; else none."""
    words = evidence.get(f"{slug}.share", (0.0, ()))[1]
    strong = any(f"{slug}.strong.{place}" in evidence for place in ("title", "text"))
    return words if strong and len(set(words)) > 1 else ()
