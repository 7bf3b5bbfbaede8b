"""Events: headline, pin, hide, lock."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from articles.models import Article, Lease, Story, StoryCountry, StoryCountryTopic, StoryEntity, StoryTopic


class ReportInline(admin.TabularInline):
    model = Article
    fk_name = "story"
    fields = readonly_fields = ("title", "source", "language", "at", "copy_of", "placed_by_editor")
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Story)
class StoryAdmin(admin.ModelAdmin):
    list_display = ("__str__", "source_count", "article_count", "last_at", "rank", "pinned_until", "locked", "hidden")
    list_filter = ("hidden", "locked", "one_sided", "core")
    search_fields = ("title", "headline")
    raw_id_fields = ("lead", "merged_into", "earlier")
    fields = (
        "title",
        "headline",
        "lead",
        "lead_chosen",
        "pinned_until",
        "hidden",
        "locked",
        "merged_into",
        "earlier",
        "points",
    )
    readonly_fields = ("title", "points", "merged_into")
    inlines = (ReportInline,)
    actions = ("pin", "unpin", "hide", "show", "lock", "unlock")
    show_full_result_count = False
    list_per_page = 50

    def _set(self, request: HttpRequest, queryset: QuerySet[Story], what: str, **values: Any) -> None:
        self.message_user(request, f"{queryset.update(**values)} stories {what}.", messages.SUCCESS)

    @admin.action(description="Pin for a day", permissions=["change"])
    def pin(self, request: HttpRequest, queryset: QuerySet[Story]) -> None:
        self._set(request, queryset.filter(hidden=False), "pinned", pinned_until=timezone.now() + timedelta(days=1))

    @admin.action(description="Unpin", permissions=["change"])
    def unpin(self, request: HttpRequest, queryset: QuerySet[Story]) -> None:
        self._set(request, queryset, "unpinned", pinned_until=None)

    @admin.action(description="Hide from readers", permissions=["change"])
    def hide(self, request: HttpRequest, queryset: QuerySet[Story]) -> None:
        self._set(request, queryset, "hidden", hidden=True, pinned_until=None)

    @admin.action(description="Show to readers", permissions=["change"])
    def show(self, request: HttpRequest, queryset: QuerySet[Story]) -> None:
        self._set(request, queryset, "shown", hidden=False)

    @admin.action(description="Lock: takes no newcomers", permissions=["change"])
    def lock(self, request: HttpRequest, queryset: QuerySet[Story]) -> None:
        self._set(request, queryset, "locked", locked=True)

    @admin.action(description="Unlock", permissions=["change"])
    def unlock(self, request: HttpRequest, queryset: QuerySet[Story]) -> None:
        self._set(request, queryset, "unlocked", locked=False)


@admin.register(StoryCountry, StoryTopic, StoryEntity, StoryCountryTopic)
class FacetAdmin(admin.ModelAdmin):
    """Rows of lists, which the machine keeps: to look at."""

    list_display = ("story", "weight", "last_at", "rank")
    list_select_related = ("story",)
    raw_id_fields = ("story",)
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Lease)
class LeaseAdmin(admin.ModelAdmin):
    list_display = ("name", "until")
