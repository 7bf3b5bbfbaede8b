"""What editors decided: to read, and to take back."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from django.views.decorators.http import require_POST

from articles import decisions
from articles.admin.deciding import LookAdmin
from articles.curation import Refused
from articles.models import Decision

SHOWN = 6  # fields of a decision in the list


@admin.register(Decision)
class DecisionAdmin(LookAdmin):
    list_display = ("at", "user", "action", "what", "changes", "reason", "public", "state")
    list_filter = ("action", "target", "public", ("undone_at", admin.EmptyFieldListFilter))
    list_select_related = ("user", "undone_by")
    actions = ("undo_chosen",)
    change_form_template = "admin/decision.html"

    def has_undo_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("articles.change_decision")

    def get_urls(self) -> list[URLPattern]:
        undo = self.admin_site.admin_view(require_POST(self.undo_one))
        return [path("<int:pk>/undo/", undo, name="articles_decision_undo"), *super().get_urls()]

    @admin.display(description="on")
    def what(self, decision: Decision) -> str:
        return f"{decision.target} {decision.target_id}"

    @admin.display(description="before → after")
    def changes(self, decision: Decision) -> str:
        names = list(dict.fromkeys([*decision.after, *decision.before]))[:SHOWN]
        rows = [(name, short(decision.before.get(name)), short(decision.after.get(name))) for name in names]
        return format_html_join(" ", "<span>{}: <del>{}</del> <ins>{}</ins></span>", rows) if rows else "–"

    @admin.display(description="state")
    def state(self, decision: Decision) -> str:
        return format_html("undone by {}", decision.undone_by or "?") if decision.undone_at else "stands"

    @admin.action(description="Undo", permissions=["undo"])
    def undo_chosen(self, request: HttpRequest, queryset: QuerySet[Decision]) -> None:
        for decision in queryset.order_by("-at", "-pk"):
            self.take_back(request, decision)

    def undo_one(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Undo one decision from its own page or from the desk."""
        self.take_back(request, get_object_or_404(Decision, pk=pk))
        return redirect("admin:articles_decision_changelist")

    def take_back(self, request: HttpRequest, decision: Decision) -> None:
        """Undo, if this person may change what it was about; say what came of it."""
        if not may_undo(request.user, decision):
            raise PermissionDenied
        try:
            decisions.undo(decision, user=request.user)
        except Refused as refusal:
            messages.error(request, f"{decision}: {refusal}")
        else:
            messages.success(request, f"{decision}: undone.")


def may_undo(user: Any, decision: Decision) -> bool:
    """Who may change a thing may undo what others did to it."""
    return user.has_perm("articles.change_decision") and user.has_perm(f"articles.change_{decision.target}")


def short(value: Any) -> str:
    """A value in a few words; nothing for what is empty."""
    text = "" if value in (None, "", [], {}) else str(value)
    return text if len(text) <= 60 else text[:59] + "…"
