"""Write all feeds as OPML to standard output; passwords and keys of addresses are masked."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from articles.importing import export_outlines


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(export_outlines())
