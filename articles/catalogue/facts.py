"""Countries, topics and entities of the catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.text import slugify

from articles.catalogue.files import CatalogueError, line_of, need, read_csv, read_json
from articles.models import Country, Entity, Topic

if TYPE_CHECKING:
    from articles.catalogue.load import Report

Row = tuple[str, dict[str, Any]]
NAMES = {"uz_cyrl": "uz-Cyrl"}
NAMES_FILE = "entity_names.csv"
TIERS = ("core", "neighbour", "power", "other")
CORE_ORDER = ("KZ", "KG", "TJ", "TM", "UZ")
DISPLAY = ("en", "fr", "ru", "kk", "ky", "uz", "tg", "tk", "de", "tr", "zh", "fa")
SHORT = {"AE": "emirates", "EU": "european-union", "US": "united-states", "GB": "united-kingdom"}


def read_countries(folder: Path) -> list[Row]:
    """Rows by ISO2; the five first, then neighbours and powers."""
    path = folder / "countries.csv"
    rows: list[Row] = []
    seen: dict[str, int] = {}
    for line, row in read_csv(path, columns=("iso2", "tier", "name_en", "name_fr", "name_ru")):
        code = row["iso2"]
        if row["tier"] not in TIERS:
            raise CatalogueError(f"{path}, line {line}, column 2: {row['tier']!r} is not one of {', '.join(TIERS)}")
        if seen.setdefault(code, line) != line:
            raise CatalogueError(f"{path}, line {line}, column 1: {code} stands already on line {seen[code]}")
        names = {
            NAMES.get(name[5:], name[5:]): value for name, value in row.items() if name.startswith("name_") and value
        }
        place = CORE_ORDER.index(code) if code in CORE_ORDER else 10 + 10 * TIERS.index(row["tier"])
        slug = SHORT.get(code) or slugify(row["name_en"]) or code.lower()
        rows.append((code, {"slug": slug, "tier": row["tier"], "names": names, "position": place}))
    return rows


def read_topics(folder: Path) -> list[Row]:
    """Rows by slug, in the order of the file."""
    path = folder / "topics.json"
    rows: list[Row] = []
    for place, topic in enumerate(need_list(path, read_json(path))):
        slug = need(path, topic, "slug", str)
        titles = need(path, topic, "title", dict)
        rows.append((slug, {"titles": titles, "description": str(topic.get("description", "")), "position": place}))
    return rows


def read_entities(folder: Path) -> list[Row]:
    """Rows by id; ``countries`` and ``topics`` are lists of codes and slugs."""
    path = folder / "entities.json"
    rows: list[Row] = []
    written = read_written_names(folder)
    for entity in need_list(path, read_json(path)):
        key = need(path, entity, "id", str)
        kind = need(path, entity, "type", str)
        if kind not in Entity.Type.values:
            raise CatalogueError(f"{path}{line_of(path, key)}: {key}: {kind!r} is no type of entity")
        aliases = need(path, entity, "aliases", dict)
        rows.append(
            (
                key,
                {
                    "type": kind,
                    "subtype": str(entity.get("subtype", "")),
                    "names": {**display_names(entity, aliases), **written.pop(key, {})},
                    "roles": list(entity.get("roles", [])),
                    "all_members": bool(entity.get("all_members", False)),
                    "countries": sorted(entity.get("countries", [])),
                    "topics": sorted(entity.get("topics", [])),
                },
            )
        )
    if written:
        raise CatalogueError(f"{folder / NAMES_FILE}: {next(iter(written))!r} is no id of {path.name}")
    return rows


def read_written_names(folder: Path) -> dict[str, dict[str, str]]:
    """Names to show by id and language, where no alias serves: most aliases of inflecting languages are stems."""
    path = folder / NAMES_FILE
    if not path.is_file():
        return {}
    return {
        row["id"]: {language: name for language, name in row.items() if language != "id" and name}
        for _, row in read_csv(path, columns=("id",))
    }


def display_names(entity: dict[str, Any], aliases: dict[str, list[dict[str, Any]]]) -> dict[str, str]:
    """The name to show in each language: given ones, else the first alias written by hand that is no stem.

    A person known by a surname alone is shown with the full name that the id spells, in English.
    """
    names = dict(entity.get("names", {}))
    for language in DISPLAY:
        listed = aliases.get(language, [])
        whole = [a for a in listed if a.get("k") in ("word", "phrase", "substring") and "*" not in a["t"]]
        by_hand = [a["t"].strip() for a in whole if a.get("src") != "auto"] or [a["t"].strip() for a in whole]
        best = next((text for text in by_hand if text[:1].isupper()), by_hand[0] if by_hand else "")
        if not best and listed:
            best = listed[0]["t"].replace("*", "")
        if best and language not in names:
            names[language] = best[:1].upper() + best[1:]
    if entity["type"] == "person":
        full = " ".join(part.capitalize() for part in entity["id"].split("-"))
        names["en"] = full if len(full.split()) > 1 else names.get("en", full)
        names.setdefault("fr", names["en"])
    return names


def need_list(path: Path, value: Any) -> list[dict[str, Any]]:
    """The document as a list of objects."""
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise CatalogueError(f"{path}, line 1, column 1: a list of objects was expected")
    return value


def save(countries: list[Row], topics: list[Row], entities: list[Row], report: Report) -> None:
    """Write countries and topics, then entities with their links to both."""
    from articles.catalogue.load import merge

    merge(
        "countries", Country, countries, report, existing={c.code: c for c in Country.objects.all()},
        make=lambda code: Country(code=code),
    )  # fmt: skip
    merge(
        "topics", Topic, topics, report, existing={t.slug: t for t in Topic.objects.all()},
        make=lambda slug: Topic(slug=slug),
    )  # fmt: skip
    links = {key: (wanted.pop("countries"), wanted.pop("topics")) for key, wanted in entities}
    existing = {e.slug: e for e in Entity.objects.all()}
    before = set(existing)
    merge("entities", Entity, entities, report, existing=existing, make=lambda slug: Entity(slug=slug))
    _link(links, before)


def _link(links: dict[str, tuple[list[str], list[str]]], before: set[str]) -> None:
    """Give new entities their countries and topics; links of known ones are an editor's to change."""
    new = {e.slug: e for e in Entity.objects.filter(slug__in=[slug for slug in links if slug not in before])}
    topics = {t.slug: t.pk for t in Topic.objects.all()}
    countries = set(Country.objects.values_list("code", flat=True))
    of_country = Entity.countries.through
    of_topic = Entity.topics.through
    of_country.objects.bulk_create(
        [of_country(entity_id=e.pk, country_id=c) for s, e in new.items() for c in links[s][0] if c in countries]
    )
    of_topic.objects.bulk_create(
        [of_topic(entity_id=e.pk, topic_id=topics[t]) for s, e in new.items() for t in links[s][1] if t in topics]
    )
