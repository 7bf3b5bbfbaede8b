"""Bring countries, topics, entities, sources and feeds from files into the database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.catalogue.files import FOLDER, CatalogueError
from articles.catalogue.load import load_catalogue


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--path", type=Path, default=FOLDER, metavar="DIR", help="folder of the files")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load_catalogue(options["path"])
        except CatalogueError as error:
            raise CommandError(str(error)) from error
        for line in report.lines():
            self.stdout.write(line)
        if options["verbosity"] > 1:
            for line in report.kept:
                self.stdout.write(f"left alone: {line}")
