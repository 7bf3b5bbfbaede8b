"""Work that editors started and that goes on in the background: what is left stands here, so it can be resumed."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q


class JobQuerySet(models.QuerySet["Job"]):
    def unfinished(self) -> Self:
        """Confirmed jobs with rows left to do, oldest first."""
        return self.filter(confirmed_at__isnull=False, finished_at__isnull=True).order_by("pk")


class Job(models.Model):
    """One action on many rows, done in steps of one transaction each; ``done`` of ``ids`` are behind it."""

    action = models.CharField(max_length=40, help_text="a key of articles.jobs.ACTIONS")
    title = models.CharField(max_length=200, help_text="what it does, in words")
    params = models.JSONField(default=dict)
    ids = models.JSONField(default=list, help_text="of the rows, in the order in which they are treated")
    done = models.PositiveIntegerField(default=0, help_text="of ids")
    changed = models.PositiveIntegerField(default=0, help_text="rows that were other afterwards")
    message = models.CharField(max_length=500, blank=True, help_text="why it ended early")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="jobs"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, blank=True, help_text="empty: nobody has said yes yet")
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["id"], condition=Q(finished_at__isnull=True), name="job_unfinished")]

    def __str__(self) -> str:
        return self.title

    @property
    def percent(self) -> int:
        """How much of it is behind, 0 to 100."""
        return 100 if not self.ids else self.done * 100 // len(self.ids)
