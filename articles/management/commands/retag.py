"""Tag the stored articles by the present rules; what editors decided stays."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from articles.management.stored import StoredCommand
from articles.retagging import retag_articles


class Command(StoredCommand):
    help = __doc__
    verb = "tagged again"

    def work(self, ids: list[int], **options: Any) -> int:
        return retag_articles(ids, now=timezone.now())
