"""Run the stored words through the present cleaner."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from articles.management.stored import StoredCommand
from articles.retagging import reclean_articles


class Command(StoredCommand):
    help = __doc__
    verb = "changed"

    def work(self, ids: list[int], **options: Any) -> int:
        return reclean_articles(ids, now=timezone.now())
