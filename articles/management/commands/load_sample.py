"""Bring the invented outlets of the sample edition into this database; bin/run calls it, on a database of its own."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from articles.catalogue.facts import display_names
from articles.catalogue.files import FOLDER, read_json
from articles.models import Entity, Feed, Source, Term
from articles.sample.edition import load_edition, source_rows


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, required=True, help="where the invented outlets are served on loopback")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SAMPLE_EDITION:
            raise CommandError("only for the database of the sample edition: set SAMPLE_EDITION=1")
        Source.objects.all().delete()
        rows = source_rows(load_edition(), base_url=f"http://127.0.0.1:{options['port']}")
        outlets: dict[str, Source] = {}
        for row in rows:
            source = outlets.get(row["outlet"])
            if source is None:
                fields = (
                    "name",
                    "owner",
                    "homepage",
                    "ownership",
                    "perspective",
                    "kind",
                    "base_country",
                    "funding_note",
                )
                source = Source.objects.create(slug=row["outlet"], **{name: row[name] for name in fields})
                outlets[row["outlet"]] = source
            Feed.objects.create(
                source=source, slug=row["slug"], url=row["feed_url"], current_url=row["feed_url"], title=row["name"],
                language=row["language"], covers=row["covers"], next_fetch_at=timezone.now(),
            )  # fmt: skip
        self._lexicon()
        self.stdout.write(f"{len(outlets)} invented outlets, {len(rows)} feeds.")

    def _lexicon(self) -> None:
        """The few invented names that the sample's reports use."""

        path = FOLDER.parent / "sample" / "lexicon.json"
        for entity in read_json(path) if path.exists() else []:
            made, _ = Entity.objects.get_or_create(
                slug=entity["id"],
                defaults={"type": entity["type"], "names": display_names(entity, entity["aliases"])},
            )
            made.countries.set(entity.get("countries", []))
            Term.objects.bulk_create(
                Term(entity=made, language=language, text=alias["t"], kind=alias["k"], case=bool(alias.get("case")))
                for language, aliases in entity["aliases"].items()
                for alias in aliases
            )
