"""Terms of the catalogue: one row for each alias of a country or entity and each term of a topic."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from articles.catalogue.facts import need_list
from articles.catalogue.files import CatalogueError, line_of, need, read_json
from articles.models import Country, Entity, Term, Topic

if TYPE_CHECKING:
    from articles.catalogue.load import Report

Row = tuple[str, dict[str, Any]]
LANGUAGES = frozenset(("en", "fr", "ru", "kk", "kk-Latn", "ky", "uz", "uz-Cyrl", "tg", "tk", "de", "tr", "zh", "fa"))


def read_terms(folder: Path) -> list[Row]:
    """Rows by ``Term.catalogue_key``; the first of equal keys wins."""
    rows: dict[str, dict[str, Any]] = {}
    for path, owner, language, alias in _aliases(folder):
        text = alias.get("t")
        kind = alias.get("k")
        if not isinstance(text, str) or not text.strip() or len(text) > 200 or "|" in text:
            raise CatalogueError(f"{path}: {owner}, {language}: a term without text: {alias!r:.80}")
        if kind not in Term.Kind.values or language not in LANGUAGES:
            wrong = f"kind {kind!r}" if language in LANGUAGES else f"language {language!r}"
            raise CatalogueError(f"{path}{line_of(path, text)}: {owner}: {text!r} has an unknown {wrong}")
        rows.setdefault(f"{owner}|{language}|{text}|{kind}", _fields(alias))
    return list(rows.items())


def _fields(alias: dict[str, Any]) -> dict[str, Any]:
    return {
        "weight": alias.get("w", Term.Weight.STRONG),
        "case": bool(alias.get("case")),
        "requires": list(alias.get("requires", [])),
        "unless": list(alias.get("unless", [])),
        "inside": list(alias.get("not", [])),
        "ambiguous": bool(alias.get("ambiguous")),
        "auto": alias.get("src") == "auto",
    }


def _aliases(folder: Path) -> Iterator[tuple[Path, str, str, dict[str, Any]]]:
    """Every alias of every file with its owner as in ``Term.catalogue_key``."""
    path = folder / "country_aliases.json"
    for code, lists in read_json(path).items():
        yield from _lists(path, f"country:{code}", lists)
    path = folder / "topics.json"
    for topic in need_list(path, read_json(path)):
        slug = need(path, topic, "slug", str)
        yield from _lists(path, f"topic:{slug}", need(path, topic, "terms", dict))
        yield from _lists(path, f"topic:{slug}!", topic.get("not", {}))
    path = folder / "entities.json"
    for entity in need_list(path, read_json(path)):
        yield from _lists(path, f"entity:{need(path, entity, 'id', str)}", need(path, entity, "aliases", dict))
    path = folder / "off_topic.json"
    if path.exists():
        for key, lists in read_json(path).items():
            yield from _lists(path, f"off:{key}", lists)


def _lists(path: Path, owner: str, lists: Any) -> Iterator[tuple[Path, str, str, dict[str, Any]]]:
    if not isinstance(lists, dict):
        raise CatalogueError(f"{path}: {owner}: lists of aliases by language were expected")
    for language, aliases in lists.items():
        for alias in need_list(path, aliases):
            yield path, owner, language, alias


def save(rows: list[Row], report: Report) -> None:
    """Write the terms whose owner exists; terms that the files dropped and no editor touched go."""
    from articles.catalogue.load import merge

    topics = {topic.slug: topic for topic in Topic.objects.all()}
    entities = {entity.slug: entity for entity in Entity.objects.all()}
    countries = set(Country.objects.values_list("code", flat=True))

    def make(key: str) -> Term:
        owner, language, text, kind = key.split("|")
        sort, _, name = owner.partition(":")
        term = Term(language=language, text=text, kind=kind)
        if sort == "country":
            term.country_id = name
        elif sort == "topic":
            term.topic, term.negative = topics[name.removesuffix("!")], name.endswith("!")
        elif sort == "entity":
            term.entity = entities[name]
        else:
            term.off_topic = name
        return term

    def owned(key: str) -> bool:
        sort, _, name = key.split("|")[0].partition(":")
        home = {"country": countries, "topic": topics, "entity": entities}.get(sort)
        return home is None or name.removesuffix("!") in home

    existing = {
        term.catalogue_key(): term for term in Term.objects.select_related("topic", "entity").exclude(catalogue={})
    }
    merge(
        "terms", Term, [row for row in rows if owned(row[0])], report, existing=existing, make=make, drop_missing=True
    )
