"""What commands over stored articles share: --since, steps, a progress bar, a line at the end."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from datetime import datetime, time
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date
from tqdm import tqdm

from articles.models import Article
from articles.retagging import steps


def since(text: str) -> datetime:
    """Midnight of a day given as YYYY-MM-DD, in TIME_ZONE; raises CommandError."""
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise CommandError(f"--since: {text!r} is not a date such as 2026-11-23")
    return timezone.make_aware(datetime.combine(day, time.min))


class StoredCommand(BaseCommand):
    """A command that walks over stored articles in steps, each in a transaction of its own: it may be stopped."""

    verb: ClassVar[str]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", metavar="DATE", help="only articles from this day on (YYYY-MM-DD)")

    def handle(self, *args: Any, **options: Any) -> None:
        articles = Article.objects.all()
        if options["since"]:
            articles = articles.filter(at__gte=since(options["since"]))
        done = 0
        with tqdm(total=articles.count(), unit="article", disable=not sys.stderr.isatty()) as bar:
            for ids in steps(articles):
                done += self.work(ids, **options)
                bar.update(len(ids))
        self.stdout.write(f"{done} articles {self.verb}.")

    def work(self, ids: list[int], **options: Any) -> int:
        """Treat one step; return how many articles it touched."""
        raise NotImplementedError
