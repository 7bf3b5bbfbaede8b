"""Figures by day, so that nobody counts a growing table while a reader waits, and the stories of each day in order."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F

from articles.models.story import Story


class DailyCountQuerySet(models.QuerySet["DailyCount"]):
    def of(self, kind: str, *keys: str | int) -> Self:
        """The rows of these countries, topics, entities or outlets, by their primary keys."""
        return self.filter(kind=kind, key__in=[str(key) for key in keys])


class DailyCount(models.Model):
    """What readers could see of one day (in TIME_ZONE) of everything, or of one country, topic, entity or outlet."""

    class Kind(models.TextChoices):
        ALL = "all"
        COUNTRY = "country"
        TOPIC = "topic"
        ENTITY = "entity"
        SOURCE = "source"

    day = models.DateField()
    kind = models.CharField(max_length=8, choices=Kind)
    key = models.CharField(max_length=20, blank=True, help_text="primary key of what is counted; empty for all")
    articles = models.PositiveIntegerField(default=0)
    steered = models.PositiveIntegerField(default=0, help_text="of them, of outlets that a state owns or steers")
    stories = models.PositiveIntegerField(default=0, help_text="stories with a report of this day")
    languages = models.JSONField(default=dict, help_text="articles by language")
    sides = models.JSONField(default=dict, help_text="articles by side of their outlets")

    objects = DailyCountQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key", "day"], name="daily_count_unique")]
        indexes = [models.Index(fields=["day", "kind"], name="daily_count_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.key}".strip()


class StoryDay(models.Model):
    """The place of a story on one day (in TIME_ZONE), from what had been reported by the end of that day."""

    day = models.DateField()
    place = models.PositiveIntegerField(help_text="1 is the first")
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="days")
    rank = models.FloatField(default=0)
    articles = models.PositiveIntegerField(default=0, help_text="reports of that day")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["story", "day"], name="story_day_unique")]
        indexes = [models.Index(fields=["day", "place"], name="story_day_place")]

    def __str__(self) -> str:
        return f"{self.day} {self.place}"


class ChangedDay(models.Model):
    """A mark that the figures of a day must be made again; rows are only added, so that writers never wait."""

    day = models.DateField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(F("day"), name="changed_day")]

    def __str__(self) -> str:
        return f"{self.day}"
