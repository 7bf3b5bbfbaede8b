"""Tell whether news flow: status 0 when they do, 1 with reasons when ingestion stands still; mails operators."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from articles import watch


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        found = watch.report(timezone.now())
        self.stdout.write("; ".join(found) or "News flow.")
        if found:
            sys.exit(1)
