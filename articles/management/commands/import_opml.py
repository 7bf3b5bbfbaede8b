"""Read feeds from an OPML file (- for standard input); each unknown address becomes a source of its own."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.importing import import_outlines
from articles.parse.opml import MAX_BYTES, OpmlError, read_opml


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="an OPML file, - for standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["file"]
        try:
            data = sys.stdin.buffer.read(MAX_BYTES + 1) if name == "-" else Path(name).read_bytes()
            outlines = read_opml(data)
        except OSError as error:
            raise CommandError(f"{name}: {error.strerror}") from error
        except OpmlError as error:
            raise CommandError(f"{name}: {error}") from error
        added, known = import_outlines(outlines)
        self.stdout.write(f"{added} feeds added for review, {known} known already.")
