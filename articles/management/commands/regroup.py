"""Group stored articles again by the present rules; story ids stay by largest overlap, ids that end redirect."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.management.stored import since
from articles.regrouping import Busy, regroup


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", metavar="DATE", help="only articles from this day on (YYYY-MM-DD)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = regroup(since=since(options["since"]) if options["since"] else None)
        except Busy as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{done} articles grouped again.")
