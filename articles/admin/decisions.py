"""What editors decided: to read."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from articles.models import Decision


@admin.register(Decision)
class DecisionAdmin(admin.ModelAdmin):
    list_display = ("at", "user", "action", "target", "target_id", "reason", "undone_at")
    list_filter = ("action", "target", "public")
    list_select_related = ("user",)
    date_hierarchy = "at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
