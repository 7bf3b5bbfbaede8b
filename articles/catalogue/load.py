"""Bring the catalogue's files into the database; what an editor changed or removed stays as it is.

Every row keeps what the files last said of it (``CatalogueRow.catalogue``). A field that still says so
follows the file, any other was changed by an editor and is left alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from articles.catalogue import facts, outlets, terms
from articles.models import CatalogueRemoval
from articles.models.catalogue import CatalogueRow
from articles.store.entity_names import index_names

ADDED, CHANGED, SAME, KEPT, REMOVED = "added", "changed", "same", "left alone", "removed"


@dataclass
class Report:
    """What a load did, for each kind of row: ADDED, CHANGED, SAME, KEPT (an editor's), REMOVED."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)  # rows with fields left alone, in words

    def add(self, kind: str, what: str) -> None:
        self.counts.setdefault(kind, Counter())[what] += 1

    def lines(self) -> list[str]:
        """One line for each kind."""
        order = (ADDED, CHANGED, REMOVED, KEPT, SAME)
        return [
            f"{kind}: " + ", ".join(f"{found[what]} {what}" for what in order if found[what])
            for kind, found in self.counts.items()
        ]


def apply(row: CatalogueRow, wanted: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Set the fields that still say what the file last said; return names of (changed, left alone) fields."""
    changed, kept = [], []
    for name, value in wanted.items():
        current = getattr(row, name)
        if current == value:
            continue
        if row.pk is not None and row.catalogue.get(name) == value:
            kept.append(name)  # the file has not changed: the difference is an editor's
        elif row.changed_by_editor(name) or (row.pk is not None and name not in row.catalogue and row.catalogue):
            kept.append(name)
        else:
            setattr(row, name, value)
            changed.append(name)
    if row.catalogue != dict(wanted):
        row.catalogue = dict(wanted)
        changed.append("catalogue")
    return changed, kept


def merge(
    kind: str,
    model: type[CatalogueRow],
    rows: Iterable[tuple[str, dict[str, Any]]],
    report: Report,
    *,
    existing: Mapping[str, CatalogueRow],
    make: Callable[[str], CatalogueRow],
    drop_missing: bool = False,
) -> dict[str, CatalogueRow]:
    """Bring (key, fields) rows of one model into the database in bulk; return the rows by key."""
    gone = set(CatalogueRemoval.objects.filter(model=model._meta.model_name).values_list("key", flat=True))
    found: dict[str, CatalogueRow] = {}
    new, updated = [], []
    names: set[str] = {"catalogue"}
    for key, wanted in rows:
        if key in gone:
            report.add(kind, KEPT)
            continue
        row = existing.get(key) or make(key)
        changed, kept = apply(row, wanted)
        names.update(wanted)
        found[key] = row
        if key not in existing:
            new.append(row)
        elif changed:
            updated.append(row)
        if kept:
            report.kept.append(f"{kind} {key}: {', '.join(kept)}")
        report.add(kind, ADDED if key not in existing else CHANGED if changed else KEPT if kept else SAME)
    model._default_manager.bulk_create(new, batch_size=500)
    model._default_manager.bulk_update(updated, sorted(names), batch_size=200)
    if drop_missing:
        _drop(kind, model, existing, found, report)
    return found


def _drop(
    kind: str,
    model: type[CatalogueRow],
    existing: Mapping[str, CatalogueRow],
    found: Mapping[str, CatalogueRow],
    report: Report,
) -> None:
    """Take out rows that the files no longer have and that no editor touched."""
    stale = [row for key, row in existing.items() if key not in found and row.catalogue]
    untouched = [row for row in stale if not any(row.changed_by_editor(name) for name in row.catalogue)]
    model._default_manager.filter(pk__in=[row.pk for row in untouched]).delete()
    for row in stale:
        report.add(kind, REMOVED if row in untouched else KEPT)


def load_catalogue(folder: Path) -> Report:
    """Load every file of ``folder`` in one transaction; raises CatalogueError and then changes nothing."""
    countries = facts.read_countries(folder)
    topics = facts.read_topics(folder)
    entities = facts.read_entities(folder)
    rows = terms.read_terms(folder)
    sources, feeds, labels = outlets.read_outlets(folder)
    report = Report()
    with transaction.atomic():
        facts.save(countries, topics, entities, report)
        terms.save(rows, report)
        outlets.save(sources, feeds, labels, report)
        index_names()
    return report
