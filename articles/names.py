"""Offers of names that recur in the news and stand in no list, and taking one in with one decision."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from articles import decisions
from articles.curation import Refused
from articles.folding import skeleton
from articles.importing import free_slug
from articles.models import Entity, Offer, Term
from articles.new_names import NewName, find_new_names
from articles.tag.rules import LISTS

SINCE = timedelta(days=3)
OFFERED = 40
SPELLINGS = 3  # of one language that become terms


def offer_names(*, now: datetime) -> int:
    """Bring the offers of names up to date; what was declined or taken is not offered again."""
    found = {skeleton(name.name)[:120]: name for name in find_new_names(now=now, around=SINCE)[:OFFERED]}
    waiting = Offer.objects.filter(kind=Offer.Kind.NAME, state=Offer.State.OPEN)
    waiting.exclude(key__in=list(found)).delete()
    for key, name in found.items():
        why = [f"{len(name.articles)} reports of {name.outlets} outlets in three days"]
        Offer.objects.update_or_create(
            kind=Offer.Kind.NAME,
            key=key,
            defaults={
                "text": name.name[:300], "why": why, "facts": by_language(name), "score": len(name.articles), "at": now,
            },
        )  # fmt: skip
    return len(found)


def by_language(name: NewName) -> dict[str, list[str]]:
    """The commonest spellings of a name in each language that has terms."""
    spellings: dict[str, list[str]] = defaultdict(list)
    for language, written in name.spellings:
        if language in LISTS and len(spellings[language]) < SPELLINGS:
            spellings[language].append(written)
    return {language: written for language, written in spellings.items() if written}


@transaction.atomic
def take_name(offer: Offer, kind: str, *, by: Any) -> Entity:
    """Make an entity of an offered name with a term for each spelling. Raises Refused when it was decided already."""
    if kind not in Entity.Type.values:
        raise Refused("Say what kind of name it is.")
    waiting = Offer.objects.filter(pk=offer.pk, kind=Offer.Kind.NAME, state=Offer.State.OPEN)
    if not waiting.update(state=Offer.State.TAKEN):
        raise Refused("Somebody has decided about this name already.")
    slug = free_slug(slugify(offer.text) or skeleton(offer.text), set(Entity.objects.values_list("slug", flat=True)))
    names = {language: spellings[0] for language, spellings in offer.facts.items()} or {"en": offer.text}
    entity = Entity.objects.create(slug=slug, type=kind, names=names)
    Term.objects.bulk_create(
        Term(entity=entity, language=language, text=text[:200], kind=Term.Kind.PHRASE)
        for language, spellings in offer.facts.items()
        for text in spellings
    )
    decisions.record(by, decisions.ADD, entity, before={}, after=decisions.snapshot(entity))
    return entity
