"""Outlets and their feeds of the catalogue: rows of sources.csv with one ``outlet`` are one Source."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from articles.catalogue.files import CatalogueError, read_csv
from articles.models import Feed, Source, SourceLabel
from articles.models.source import Ownership, Perspective

if TYPE_CHECKING:
    from articles.catalogue.load import Report

COLUMNS = (
    "slug", "name", "outlet", "owner", "homepage", "feed_url", "language", "base_country", "covers", "ownership",
    "funding_note", "perspective", "kind", "labels_verified", "headline_only",
)  # fmt: skip
COMPILED_ON = date(2026, 11, 23)  # SOURCES.md
BASIS = "Editorial summary from general knowledge, not checked against registries (articles/catalogue/SOURCES.md)"
EDITION = re.compile(r"\s*\([^)]*\)$")

Row = tuple[str, dict[str, Any]]


def read_outlets(folder: Path) -> tuple[list[Row], list[Row], dict[str, bool]]:
    """Return source rows by outlet, feed rows by slug, and whether each outlet's labels are verified."""
    path = folder / "sources.csv"
    groups: dict[str, list[tuple[int, dict[str, str]]]] = defaultdict(list)
    slugs: dict[str, int] = {}
    urls: dict[str, int] = {}
    for line, row in read_csv(path, columns=COLUMNS):
        _check(path, line, row)
        for seen, value, column in ((slugs, row["slug"], "slug"), (urls, row["feed_url"], "feed_url")):
            if value and seen.setdefault(value, line) != line:
                raise CatalogueError(f"{path}, line {line}: {column} {value} stands already on line {seen[value]}")
        groups[row["outlet"]].append((line, row))
    sources = [(outlet, _source([row for _, row in rows])) for outlet, rows in groups.items()]
    feeds = [(row["slug"], _feed(row)) for rows in groups.values() for _, row in rows if row["feed_url"]]
    return sources, feeds, {outlet: rows[0][1]["labels_verified"] == "yes" for outlet, rows in groups.items()}


def _check(path: Path, line: int, row: dict[str, str]) -> None:
    for column, choices in (("ownership", Ownership.values), ("perspective", Perspective.values)):
        if row[column] not in choices:
            place = list(row).index(column) + 1
            raise CatalogueError(f"{path}, line {line}, column {place}: {column} {row[column]!r} is unknown")
    for column in ("slug", "outlet", "name", "owner"):
        if not row[column]:
            raise CatalogueError(f"{path}, line {line}, column {list(row).index(column) + 1}: {column} is empty")
    for column in ("homepage", "feed_url"):
        if row[column] and not row[column].startswith(("http://", "https://")):
            place = list(row).index(column) + 1
            raise CatalogueError(f"{path}, line {line}, column {place}: {column} is no http(s) address")


def _source(rows: list[dict[str, str]]) -> dict[str, Any]:
    first = rows[0]
    return {
        "name": EDITION.sub("", first["name"]) if len(rows) > 1 else first["name"],
        "homepage": first["homepage"],
        "owner": first["owner"],
        "ownership": first["ownership"],
        "funding_note": first["funding_note"],
        "perspective": first["perspective"],
        "kind": first["kind"],
        "base_country": first["base_country"],
        "headline_only": any(row["headline_only"] == "1" for row in rows),
    }


def _feed(row: dict[str, str]) -> dict[str, Any]:
    return {
        "outlet": row["outlet"],
        "url": row["feed_url"],
        "language": row["language"],
        "covers": row["covers"],
        "title": row["name"],
        "note": row.get("note", ""),
    }


def save(sources: list[Row], feeds: list[Row], verified: dict[str, bool], report: Report) -> None:
    """Write outlets, the state of their labels, and feeds; an address that is known already is not doubled."""
    from articles.catalogue.load import merge

    known = {s.slug: s for s in Source.objects.all()}
    found = merge("sources", Source, sources, report, existing=known, make=lambda slug: Source(slug=slug))
    new = [row for slug, row in found.items() if slug not in known and isinstance(row, Source)]
    SourceLabel.objects.bulk_create(
        SourceLabel(source=source, name=name, basis=BASIS, as_of=COMPILED_ON, verified=verified[source.catalogue_key()])
        for source in new
        for name in SourceLabel.Name.values
    )
    rows = {f.slug: f for f in Feed.objects.exclude(slug="")}
    taken = set(Feed.objects.filter(slug="").values_list("url", flat=True))  # imported before it stood in the catalogue
    outlets = {key: wanted.pop("outlet") for key, wanted in feeds}
    now = timezone.now()

    def make(slug: str) -> Feed:
        return Feed(slug=slug, source=found[outlets[slug]], next_fetch_at=now)  # type: ignore[misc]

    wanted_feeds = [(key, wanted) for key, wanted in feeds if wanted["url"] not in taken and outlets[key] in found]
    merged = merge("feeds", Feed, wanted_feeds, report, existing=rows, make=make)
    fresh = [feed for feed in merged.values() if isinstance(feed, Feed) and not feed.current_url]
    for feed in fresh:
        feed.current_url = feed.url
    Feed.objects.bulk_update(fresh, ["current_url"])
