"""Locks that end by themselves, so that a dead process never holds anything for long."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, models, transaction
from django.utils import timezone

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class LeaseLost(RuntimeError):
    """We were silent for so long that another process may have taken our place."""


@dataclass
class Held:
    """A lease that is ours until then; the time itself is the proof, since everybody who takes it writes another."""

    name: str
    until: datetime
    lasting: timedelta

    def keep(self) -> None:
        """Hold it for as long again. Raises: LeaseLost when it has become another's."""
        until = timezone.now() + self.lasting
        if not Lease.objects.filter(name=self.name, until=self.until).update(until=until):
            raise LeaseLost(f"the lease {self.name!r} was taken over by another process")
        self.until = until

    def give_back(self) -> None:
        Lease.objects.filter(name=self.name, until=self.until).update(until=LONG_AGO)


class Lease(models.Model):
    """Who may do a thing that only one process may do at a time, and until when."""

    name = models.CharField(max_length=60, primary_key=True)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} until {self.until:%H:%M:%S}"

    @classmethod
    def take(cls, name: str, *, now: datetime, lasting: timedelta) -> Held | None:
        """The lease when it was free; a conditional update decides, so two processes never both win."""
        held = Held(name, now + lasting, lasting)
        if cls.objects.filter(name=name, until__lte=now).update(until=held.until):
            return held
        try:
            with transaction.atomic():
                cls.objects.create(name=name, until=held.until)
        except IntegrityError:
            return None
        return held

    @classmethod
    @contextmanager
    def held(cls, name: str, *, lasting: timedelta) -> Iterator[Held | None]:
        """Yield the lease if it was free; give it back at the end, also after an error."""
        mine = cls.take(name, now=timezone.now(), lasting=lasting)
        try:
            yield mine
        finally:
            if mine:
                mine.give_back()
