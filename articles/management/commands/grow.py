"""Fill the database with made-up articles and stories of the catalogue's outlets, for benchmarks and demonstrations."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections import defaultdict
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone
from tqdm import tqdm

from articles.models import Country, Entity, Feed, Source, Term, Topic
from articles.sample.growth import World, events
from articles.store import statistics
from articles.store.growth import Grower

STEP = 2_000  # articles in one transaction
MANY = 50_000  # from here on PostgreSQL makes its index of words at the end
INDEX = "CREATE INDEX article_text_search ON articles_articletext USING gin (search) WITH (fastupdate = off)"
WORDS = 4_000  # of each language


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--articles", type=int, required=True, metavar="N", help="how many to add")
        parser.add_argument("--per-day", type=int, default=1_400, help="articles of one day, up to now (1400)")
        parser.add_argument("--seed", type=int, default=1, help="another number makes another archive (1)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["articles"] < 1 or options["per_day"] < 1:
            raise CommandError("--articles, --per-day: use a whole number from 1")
        now = timezone.now().replace(microsecond=0)
        grower = Grower(now=now)
        made = events(world(), articles=options["articles"], end=now, per_day=options["per_day"], seed=options["seed"])
        with index_at_the_end(options["articles"]), progress(options["articles"], "article") as bar:
            for event in made:
                grower.add(event)
                if grower.waiting >= STEP:
                    bar.update(grower.write())
            bar.update(grower.write())
        self.days(now, options["articles"] / options["per_day"])
        self.stdout.write(f"{options['articles']} articles in {grower.stories} stories.")

    def days(self, now: Any, count: float) -> None:
        """Figures and order of each day."""
        today = timezone.localtime(now).date()
        with progress(int(count) + 2, "day") as bar:
            for back in range(int(count) + 2):
                statistics.remake(today - timedelta(days=back))
                bar.update()


def progress(total: int, unit: str) -> Any:
    """A bar on a terminal."""
    return tqdm(total=total, unit=unit, disable=not sys.stderr.isatty())


@contextmanager
def index_at_the_end(articles: int) -> Any:
    """PostgreSQL makes its index of words many times as fast from all rows at once."""
    if connection.vendor != "postgresql" or articles < MANY:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX article_text_search")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET maintenance_work_mem = '512MB'")
            cursor.execute(INDEX)
            cursor.execute("ANALYZE")


@transaction.atomic
def world() -> World:
    """The catalogue as growth needs it. Raises CommandError where it is not loaded."""
    feeds = Feed.objects.filter(source__in=Source.objects.public()).order_by("pk")
    outlets = [(feed.source_id, feed.pk, feed.language or "en") for feed in feeds]
    if not outlets or not Country.objects.exists():
        raise CommandError("There are no outlets yet; run load_catalogue first.")
    words: dict[str, dict[str, None]] = defaultdict(dict)
    for language, text in Term.objects.order_by("pk").values_list("language", "text"):
        for word in text.replace("*", "").split():
            if len(word) > 2 and len(words[language.partition("-")[0]]) < WORDS:
                words[language.partition("-")[0]][word] = None
    return World(
        countries=list(Country.objects.order_by("position", "code").values_list("code", flat=True)),
        topics=list(Topic.objects.filter(retired=False).order_by("position").values_list("pk", flat=True)),
        entities=[(entity.pk, entity.name) for entity in Entity.objects.order_by("pk")],
        outlets=outlets,
        words={language: list(found) for language, found in words.items() if len(found) > 50},
    )
