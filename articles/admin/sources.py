"""Outlets, their labels, feeds and fetches."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from articles.admin.deciding import DeskAdmin, LookAdmin
from articles.fetch.masking import mask_address
from articles.models import Feed, FetchEvent, Source, SourceLabel
from articles.models.source import LONG_AGO
from articles.store.statistics import mark_outlets
from articles.tasks import fetch_feeds


class LabelInline(admin.TabularInline):
    model = SourceLabel
    extra = 0


class FeedInline(admin.TabularInline):
    model = Feed
    fields = ("url", "language", "covers", "all_relevant", "enabled", "outcome", "next_fetch_at")
    readonly_fields = ("outcome", "next_fetch_at")
    extra = 0
    show_change_link = True


@admin.register(Source)
class SourceAdmin(DeskAdmin):
    list_display = (
        "name",
        "owner",
        "ownership",
        "perspective",
        "feed_count",
        "needs_review",
        "headline_only",
        "hidden",
    )
    list_filter = ("needs_review", "ownership", "perspective", "hidden", "headline_only", "kind")
    search_fields = ("name", "slug", "owner", "homepage")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (LabelInline, FeedInline)
    actions = ("mark_reviewed", "hide", "show")
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        return super().get_queryset(request).annotate(feed_total=Count("feeds"))

    @admin.display(description="feeds", ordering="feed_total")
    def feed_count(self, source: Source) -> int:
        return source.feed_total  # type: ignore[attr-defined]

    @admin.action(description="Mark as reviewed", permissions=["change"])
    def mark_reviewed(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        self.message_user(request, f"{queryset.update(needs_review=False)} outlets reviewed.", messages.SUCCESS)

    @admin.action(description="Hide from readers", permissions=["change"])
    def hide(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        self._set_hidden(request, queryset, hidden=True)

    @admin.action(description="Show to readers", permissions=["change"])
    def show(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        self._set_hidden(request, queryset, hidden=False)

    def _set_hidden(self, request: HttpRequest, queryset: QuerySet[Source], *, hidden: bool) -> None:
        ids = list(queryset.values_list("pk", flat=True))
        changed = Source.objects.filter(pk__in=ids).update(hidden=hidden)
        mark_outlets(ids, now=timezone.now())
        self.message_user(request, f"{changed} outlets {'hidden' if hidden else 'shown'}.", messages.SUCCESS)

    def save_model(self, request: HttpRequest, obj: Source, form: Any, change: bool) -> None:
        """Figures by day follow what a form changes of a side, an owner or whether readers see the outlet."""
        super().save_model(request, obj, form, change)
        if change and {"hidden", "perspective", "ownership", "owner"} & set(form.changed_data):
            mark_outlets([obj.pk], now=timezone.now())


class EventInline(admin.TabularInline):
    model = FetchEvent
    fields = readonly_fields = (
        "at", "outcome", "status", "bytes", "milliseconds", "new_items", "updated_items", "message",
    )  # fmt: skip
    extra = 0
    can_delete = False
    verbose_name_plural = "the last fetches"

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Feed)
class FeedAdmin(DeskAdmin):
    list_display = (
        "address",
        "source",
        "language",
        "outcome",
        "message",
        "failures",
        "last_success_at",
        "next_fetch_at",
        "enabled",
    )
    list_filter = ("outcome", "enabled", "language", "all_relevant")
    list_select_related = ("source",)
    search_fields = ("url", "current_url", "title", "source__name")
    raw_id_fields = ("source",)
    readonly_fields = (
        "outcome", "status", "message", "suggestion", "failures", "etag", "last_modified", "interval", "leased_until",
        "last_fetched_at", "last_success_at", "last_item_at", "articles_count", "moved_url", "moved_seen",
        "reported_at", "failing_since", "rhythm", "asked_interval",
    )  # fmt: skip
    exclude = ("body_hash", "validated_since", "reported")
    inlines = (EventInline,)
    actions = ("fetch_now", "pause", "resume", "reset", "take_move")
    list_per_page = 50

    @admin.display(description="address", ordering="url")
    def address(self, feed: Feed) -> str:
        return mask_address(feed.url)

    @admin.action(description="Fetch now", permissions=["change"])
    def fetch_now(self, request: HttpRequest, queryset: QuerySet[Feed]) -> None:
        ids = list(queryset.values_list("pk", flat=True))
        queryset.update(next_fetch_at=timezone.now())
        fetch_feeds.delay(ids)
        self.message_user(request, f"{len(ids)} feeds are fetched now.", messages.SUCCESS)

    @admin.action(description="Pause", permissions=["change"])
    def pause(self, request: HttpRequest, queryset: QuerySet[Feed]) -> None:
        self.message_user(request, f"{queryset.update(enabled=False)} feeds paused.", messages.SUCCESS)

    @admin.action(description="Resume", permissions=["change"])
    def resume(self, request: HttpRequest, queryset: QuerySet[Feed]) -> None:
        changed = queryset.update(enabled=True, next_fetch_at=timezone.now())
        self.message_user(request, f"{changed} feeds resumed.", messages.SUCCESS)

    @admin.action(description="Reset: forget failures, validators and moves", permissions=["change"])
    def reset(self, request: HttpRequest, queryset: QuerySet[Feed]) -> None:
        changed = queryset.update(
            outcome=Feed.Outcome.NEVER, failures=0, etag="", last_modified="", body_hash="", moved_url="", moved_seen=0,
            leased_until=LONG_AGO, next_fetch_at=timezone.now(), message="",
        )  # fmt: skip
        self.message_user(request, f"{changed} feeds reset.", messages.SUCCESS)

    @admin.action(description="Take the address that the page advertises", permissions=["change"])
    def take_move(self, request: HttpRequest, queryset: QuerySet[Feed]) -> None:
        moved = 0
        for feed in queryset.exclude(suggestion=""):
            moved += Feed.objects.filter(pk=feed.pk).update(
                current_url=feed.suggestion, suggestion="", failures=0, next_fetch_at=timezone.now()
            )
        self.message_user(request, f"{moved} feeds have a new address.", messages.SUCCESS)


@admin.register(FetchEvent)
class FetchEventAdmin(LookAdmin):
    list_display = ("at", "feed", "outcome", "status", "bytes", "milliseconds", "new_items", "message")
    list_filter = ("outcome",)
    list_select_related = ("feed",)
    show_full_result_count = False
    raw_id_fields = ("feed",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
