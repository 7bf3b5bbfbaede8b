"""Outlets that readers proposed: a queue for the editors. Nothing of the reader is kept."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Suggestion(models.Model):
    class State(models.TextChoices):
        OPEN = "open", "to be looked at"
        TAKEN = "taken"
        DECLINED = "declined"

    url = models.URLField("address of the site or of a feed", max_length=500)
    name = models.CharField("name of the outlet", max_length=200, blank=True)
    why = models.TextField("why it belongs here", max_length=1000, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    times = models.PositiveIntegerField("how often it was proposed", default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["url"], name="suggestion_url_unique")]
        indexes = [models.Index(fields=["id"], condition=Q(state="open"), name="suggestion_open")]

    def __str__(self) -> str:
        return self.name or self.url
