"""The lexicon in force: read from the database, compiled once in a process, and read again after an edit."""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db.models import Count, Max, Q

from articles.models import Country, Entity, Term, Topic
from articles.store.tags import TagRows
from articles.tag.concepts import load_concepts
from articles.tag.lexicon import EntityFacts, Lexicon, compile_lexicon
from articles.tag.rules import LexiconError
from articles.tag.rules import Term as Row

log = logging.getLogger(__name__)
LOOK_AGAIN = 20.0  # seconds; an edit reaches all workers within a minute


@dataclass(frozen=True, slots=True)
class InForce:
    """A compiled lexicon and the rows that its keys stand for."""

    lexicon: Lexicon
    rows: TagRows
    version: tuple[Any, ...] = ()


_lock = threading.Lock()
_current: InForce | None = None
_looked_at = float("-inf")


def current_lexicon() -> InForce:
    """The lexicon of the database; when an edit broke it, the one before stays in force."""
    global _current, _looked_at
    with _lock:
        if _current is not None and time.monotonic() - _looked_at < LOOK_AGAIN:
            return _current
        version = lexicon_version()
        if _current is None or _current.version != version:
            try:
                _current = read_lexicon(version)
            except LexiconError as error:
                if _current is None:
                    raise
                log.error("the lexicon was not taken over: %s", error)
        _looked_at = time.monotonic()
        return _current


def forget_lexicon() -> None:
    """Look at the database again at the next use; for the process that edited it, and for tests."""
    global _looked_at, _current
    with _lock:
        _looked_at, _current = float("-inf"), None


def lexicon_version() -> tuple[Any, ...]:
    """Changes whenever a term, or what the tagger reads of a topic, entity or country, does."""
    terms = Term.objects.aggregate(Max("updated_at"), Count("pk"), on=Count("pk", filter=Q(enabled=True)))
    rows = [
        *Country.objects.order_by("pk").values_list("pk", "tier"),
        *Topic.objects.order_by("pk").values_list("pk", "slug", "retired", "moved_to"),
        *Entity.objects.order_by("pk").values_list("pk", "slug", "type", "subtype", "all_members", "roles"),
        *Entity.countries.through.objects.order_by("pk").values_list("entity_id", "country_id"),
        *Entity.topics.through.objects.order_by("pk").values_list("entity_id", "topic_id"),
    ]
    return (*terms.values(), hashlib.sha256(repr(rows).encode()).hexdigest())


def read_lexicon(version: tuple[Any, ...] = ()) -> InForce:
    """Compile what the database holds. Raises LexiconError naming the row that can't be used."""
    countries = dict(Country.objects.values_list("code", "tier"))
    topics, moved = standing_topics()
    entities = list(Entity.objects.prefetch_related("countries", "topics"))
    lexicon = compile_lexicon(
        chain(term_rows(), load_concepts()),
        entities=[_facts(entity) for entity in entities],
        countries=countries,
        topics=topics,
    )
    rows = TagRows(frozenset(countries), topics, {entity.slug: entity.pk for entity in entities}, moved)
    return InForce(lexicon, rows, version)


def standing_topics() -> tuple[dict[str, int], dict[str, str]]:
    """Ids of topics by every key that the tagger knows, and which key another one stands for now."""
    rows = {topic.pk: topic for topic in Topic.objects.all()}
    ids: dict[str, int] = {}
    moved: dict[str, str] = {}
    for topic in rows.values():
        heir, steps = topic, 0
        while heir.retired and heir.moved_to_id in rows and steps < len(rows):
            heir, steps = rows[heir.moved_to_id], steps + 1
        if not heir.retired:
            ids[topic.slug] = heir.pk
            if heir is not topic:
                moved[topic.slug] = heir.slug
    return ids, moved


def _facts(entity: Entity) -> EntityFacts:
    return EntityFacts(
        id=entity.slug,
        type=entity.type,
        subtype=entity.subtype,
        countries=tuple(country.code for country in entity.countries.all()),
        topics=tuple(topic.slug for topic in entity.topics.all()),
        all_members=entity.all_members,
        incumbent=any(role.get("to") is None for role in entity.roles),
    )


def term_rows() -> Iterator[Row]:
    """Every enabled term as the tagger's plain row."""
    fields = (
        "country_id", "topic__slug", "entity__slug", "off_topic", "negative", "language", "text", "kind", "weight",
        "case", "requires", "unless", "inside", "ambiguous", "auto",
    )  # fmt: skip
    terms = Term.objects.filter(enabled=True).exclude(topic__retired=True, topic__moved_to=None).values_list(*fields)
    for code, topic, entity, off_topic, negative, language, text, kind, weight, case, *rest in terms.iterator(2000):
        requires, unless, inside, ambiguous, auto = rest
        owner_kind = "country" if code else "entity" if entity else "off_topic" if off_topic else "topic"
        yield Row(
            owner_kind="topic_not" if negative and owner_kind == "topic" else owner_kind,
            owner=code or topic or entity or off_topic,
            text=text,
            language=language,
            kind=kind,
            weight=weight,
            case=case,
            requires=tuple(requires),
            unless=tuple(unless),
            not_=tuple(inside),
            ambiguous=ambiguous,
            src="auto" if auto else "",
        )
