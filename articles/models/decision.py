"""What editors decided: who, when, what before, what after, why; never changed, only undone."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Decision(models.Model):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="decisions"
    )
    at = models.DateTimeField(auto_now_add=True)
    action = models.CharField(max_length=40, help_text="retag, merge, split, move, hide, pin, lock, headline …")
    target = models.CharField(max_length=20, help_text="article, story, source, feed, term …")
    target_id = models.CharField(max_length=80)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.CharField(max_length=500, blank=True)
    public = models.BooleanField("changed what readers saw", default=False)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["target", "target_id"], name="decision_target"),
            models.Index(fields=["public", "-at"], name="decision_public"),
            models.Index(fields=["-at", "-id"], name="decision_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.target} {self.target_id}"
