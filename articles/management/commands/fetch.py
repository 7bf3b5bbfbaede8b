"""Fetch feeds in this process, without a queue, and put what is new into stories."""

from __future__ import annotations

import json
import sys
import time
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from articles import grouping, health, pipeline
from articles.fetch.masking import mask_address
from articles.lexicon import current_lexicon
from articles.management.dry_run import dry_run
from articles.models import Feed, Story
from articles.store import Ingested, statistics

CHUNK = 200  # feeds leased at a time


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("urls", nargs="*", metavar="FEED_URL", help="addresses of feeds of ours")
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--due", action="store_true", help="feeds whose turn has come (the default)")
        which.add_argument("--all", action="store_true", help="every enabled feed, due or not")
        parser.add_argument("--dry-run", action="store_true", help="print each stage, store nothing")
        parser.add_argument("--json", action="store_true", help="end with one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        ids = self.chosen(options)
        if options["dry_run"]:
            dry_run(list(Feed.objects.filter(pk__in=ids).select_related("source")), self.stdout)
            return
        stories = Story.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        started = time.monotonic()
        results = self.fetch(ids)
        fetched = time.monotonic()
        grouping.group_new(wait=True)
        ended = time.monotonic()
        statistics.catch_up(now=timezone.now(), settle=timedelta())
        counts = {
            "feeds": len(results),
            "changed": sum(result.outcome in ("ok", "empty") for result in results),
            "unchanged": sum(result.outcome == "unchanged" for result in results),
            "failed": sum(result.failed for result in results),
            "articles_new": sum(len(result.new) for result in results),
            "articles_updated": sum(len(result.updated) for result in results),
            "stories_new": Story.objects.filter(pk__gt=stories).count(),
            "seconds": round(fetched - started, 3),
            "group_seconds": round(ended - fetched, 3),
        }
        self.stdout.write(
            "{feeds} feeds: {changed} changed, {unchanged} unchanged, {failed} failed; {articles_new} new articles, "
            "{articles_updated} updated, {stories_new} new stories; {seconds} s and {group_seconds} s for "
            "grouping".format(**counts)
        )
        if options["json"]:
            self.stdout.write(json.dumps(counts))
        if results and all(result.failed for result in results):
            sys.exit(1)

    def chosen(self, options: dict[str, Any]) -> list[int]:
        """Ids of the feeds to fetch; an address that is no feed of ours ends with status 2."""
        if options["urls"]:
            return [self.feed_of(url) for url in options["urls"]]
        feeds = Feed.objects.active() if options["all"] else Feed.objects.due(now=timezone.now())
        return list(feeds.order_by("next_fetch_at", "pk").values_list("pk", flat=True))

    def feed_of(self, url: str) -> int:
        found = Feed.objects.filter(url=url).first() or Feed.objects.filter(current_url=url).first()
        if found is None:
            raise CommandError(
                f"{mask_address(url)} is no feed of ours; add it in the desk or by import_opml", returncode=2
            )
        return found.pk

    def fetch(self, ids: list[int]) -> list[Ingested]:
        """Fetch them all, waiting for turns at busy hosts; a bar on a terminal shows how far it is."""
        results = []
        with tqdm(total=len(ids), unit="feed", disable=not sys.stderr.isatty()) as bar:
            for start in range(0, len(ids), CHUNK):
                now = timezone.now()
                feeds = Feed.objects.lease(ids[start : start + CHUNK], now=now, due_only=False)
                recent = health.recent_outcomes(now)
                for result in pipeline.ingest_feeds(
                    feeds, current_lexicon, clock=timezone.now, wait=True, recent=recent
                ):
                    results.append(result)
                    bar.update()
        return results
