"""What the machine offers the editors to decide: names that recur in no list, stories that may be one or two."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from articles.models.story import Story


class Offer(models.Model):
    class Kind(models.TextChoices):
        NAME = "name", "a name that is in no list"
        ONE = "one", "stories that may be one"
        TWO = "two", "a story that may be two"

    class State(models.TextChoices):
        OPEN = "open"
        TAKEN = "taken"
        DECLINED = "declined"

    kind = models.CharField(max_length=5, choices=Kind)
    key = models.CharField(max_length=120, help_text="what it is about, so that nothing is offered twice")
    text = models.CharField(max_length=300)
    why = models.JSONField(default=list, help_text="the machine's reasons, in words")
    facts = models.JSONField(default=dict, help_text="spellings by language of a name")
    score = models.FloatField(default=0)
    story = models.ForeignKey(Story, null=True, blank=True, on_delete=models.CASCADE, related_name="offers")
    other = models.ForeignKey(Story, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-score", "-pk"]
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="offer_unique")]
        indexes = [models.Index(fields=["kind", "-score"], condition=Q(state="open"), name="offer_open")]

    def __str__(self) -> str:
        return self.text
