"""When lists changed: noted wherever reports or stories change, asked by whoever keeps a page or a feed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from articles.models import Decision, ListChange

ALL = "all"  # anything that readers see
KEPT = timedelta(minutes=20)
LAG = timedelta(seconds=30)  # a change is noted so long before others see it at most: transactions are short
STEP = 5_000  # rows


def note(names: Iterable[str]) -> None:
    """These lists, and all together, are about to change; inside the caller's transaction."""
    now = timezone.now()  # not the time of a whole step, which may have begun long ago
    ListChange.objects.bulk_create([ListChange(name=name, at=now) for name in {ALL, *names}], batch_size=500)


def changed_since(at: datetime, names: Iterable[str]) -> bool:
    """Whether one of these lists may differ from what was read of it at this time (not more than KEPT ago).

    One or two reads of an index. ALL stands for every list, and for what editors decide.
    """
    wanted = set(names)
    if ListChange.objects.filter(name__in=wanted, at__gte=at - LAG).exists():
        return True
    return ALL in wanted and Decision.objects.filter(at__gte=at - LAG).exists()


def forget(*, now: datetime) -> int:
    """Drop what is too old to be asked for, in small steps; return how many rows."""
    dropped = 0
    old = ListChange.objects.filter(at__lt=now - KEPT).order_by("at")
    while ids := list(old.values_list("pk", flat=True)[:STEP]):
        dropped += ListChange.objects.filter(pk__in=ids).delete()[0]
    return dropped
