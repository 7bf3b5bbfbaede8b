"""Locks that end by themselves, so that a dead process never holds anything for long."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, models, transaction
from django.utils import timezone


class Lease(models.Model):
    """Who may do a thing that only one process may do at a time, and until when."""

    name = models.CharField(max_length=60, primary_key=True)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} until {self.until:%H:%M:%S}"

    @classmethod
    def take(cls, name: str, *, now: datetime, lasting: timedelta) -> bool:
        """Whether the lease is ours now; a conditional update decides, so two processes never both win."""
        if cls.objects.filter(name=name, until__lte=now).update(until=now + lasting):
            return True
        try:
            with transaction.atomic():
                cls.objects.create(name=name, until=now + lasting)
        except IntegrityError:
            return False
        return True

    @classmethod
    @contextmanager
    def held(cls, name: str, *, lasting: timedelta) -> Iterator[bool]:
        """Yield whether the lease was free; give it back at the end, also after an error."""
        mine = cls.take(name, now=timezone.now(), lasting=lasting)
        try:
            yield mine
        finally:
            if mine:
                cls.objects.filter(name=name).update(until=datetime(1970, 1, 1, tzinfo=UTC))
