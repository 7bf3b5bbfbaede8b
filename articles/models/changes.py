"""Which lists changed when: rows are only added, so that writers never wait for each other; old ones are dropped."""

from __future__ import annotations

from django.db import models


class ListChange(models.Model):
    """One change of one list; what was made before it shows the list as it was."""

    name = models.CharField(max_length=30, help_text="all, country:KZ, topic:7, entity:12, source:3")
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["name", "at"], name="list_change_name"),
            models.Index(fields=["at"], name="list_change_at"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.at:%H:%M:%S}"
