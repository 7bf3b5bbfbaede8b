"""Feeds: how they do, and what can be done about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from articles import outlet_decisions
from articles.admin.charts import chart
from articles.admin.deciding import DeskAdmin, LookAdmin
from articles.curation import Refused
from articles.fetch.masking import mask_address
from articles.health import diagnose
from articles.models import Feed, FetchEvent
from articles.tasks import fetch_feeds

DAYS = 30  # of the chart of items
COUNTED = 5000  # items of them at most


class HandFilter(admin.SimpleListFilter):
    """Feeds that need a hand."""

    title = "needs a hand"
    parameter_name = "hand"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(key, name) for key, (name, _) in HANDS.items() if key]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Feed]) -> QuerySet[Feed]:
        return queryset.filter(HANDS[self.value()][1], enabled=True) if self.value() in HANDS else queryset


HANDS: dict[str | None, tuple[str, Q]] = {
    "failing": ("failing", Q(failures__gte=3)),
    "moved": ("moved", ~Q(current_url=F("url"))),
    "gone": ("ended by the outlet", Q(outcome=Feed.Outcome.GONE)),
    "page": ("a web page now", Q(outcome=Feed.Outcome.HTML_PAGE)),
}


@admin.register(Feed)
class FeedAdmin(DeskAdmin):
    list_display = ("address", "source", "language", "outcome", "message", "last_success_at", "next_fetch_at", "switch")
    list_filter = (HandFilter, "enabled", "outcome", "language", "all_relevant")
    list_select_related = ("source",)
    search_fields = ("url", "current_url", "title", "source__name")
    autocomplete_fields = ("source",)
    fields = ("source", "title", "language", "covers", "all_relevant", "category_topics", "note")
    actions = ("fetch_now", "pause", "resume", "reset", "take_move")
    change_form_template = "admin/feed.html"

    def get_fields(self, request: HttpRequest, obj: Feed | None = None) -> Any:
        return self.fields if obj else ("source", "url", "language", "covers", "all_relevant")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.current_url = obj.current_url or obj.url
        super().save_model(request, obj, form, change)

    def get_list_display(self, request: HttpRequest) -> Any:
        return self.list_display if self.has_change_permission(request) else self.list_display[:-1]

    def get_urls(self) -> list[URLPattern]:
        act = self.admin_site.admin_view(require_POST(self.act))
        return [path("<int:pk>/do/", act, name="articles_feed_do"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The button of a row pauses or resumes its feed in one step."""
        pressed = request.POST.get("switch", "")
        if pressed:
            if not self.has_change_permission(request):
                raise PermissionDenied
            feed = get_object_or_404(Feed, pk=int(pressed) if pressed.isdecimal() and len(pressed) < 16 else 0)
            (outlet_decisions.pause if feed.enabled else outlet_decisions.resume)([feed], by=request.user)
            messages.success(request, f"{feed} is {'asked again' if feed.enabled else 'paused'}.")
            return redirect(request.get_full_path())
        return super().changelist_view(request, extra_context)

    @admin.display(description="address", ordering="url")
    def address(self, feed: Feed) -> str:
        return mask_address(feed.url)

    @admin.display(description="")
    def switch(self, feed: Feed) -> str:
        word = "Pause" if feed.enabled else "Resume"
        return format_html('<button name="switch" value="{}" class="button">{}</button>', feed.pk, word)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        feed = kwargs.get("obj")
        if feed is not None:
            context |= {"feed": feed, "events": feed.events.all()[:30], "items": items_by_day(feed)}
            context |= {"wrong": [what for _, what in diagnose(feed, now=timezone.now())]}
            context |= {"masked": mask_address(feed.url), "masked_now": mask_address(feed.current_url)}
        return super().render_change_form(request, context, *args, **kwargs)

    def act(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One button of the page of a feed."""
        feed = get_object_or_404(Feed, pk=pk)
        if not self.has_change_permission(request, feed):
            raise PermissionDenied
        reason, do = request.POST.get("reason", ""), request.POST.get("do", "")
        try:
            if do == "address":
                outlet_decisions.change_address(feed, request.POST.get("address", ""), by=request.user, reason=reason)
            elif do == "fetch":
                self.fetch_now(request, Feed.objects.filter(pk=pk))
            elif do in SIMPLE:
                SIMPLE[do]([feed], by=request.user, reason=reason)
            else:
                raise Refused("Nothing is known of this action; nothing was done.")
            messages.success(request, "Done.")
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("admin:articles_feed_change", pk)

    @admin.action(description="Fetch now", permissions=["change"])
    def fetch_now(self, request: HttpRequest, queryset: QuerySet[Feed]) -> None:
        ids = list(queryset.values_list("pk", flat=True)[:500])
        Feed.objects.filter(pk__in=ids).update(next_fetch_at=timezone.now())
        fetch_feeds.delay(ids)
        messages.success(request, f"{len(ids)} feeds are fetched now.")

    @admin.action(description="Pause", permissions=["change"])
    def pause(self, request: HttpRequest, queryset: QuerySet[Feed]) -> None:
        messages.success(request, f"{outlet_decisions.pause(queryset, by=request.user)} feeds paused.")

    @admin.action(description="Resume", permissions=["change"])
    def resume(self, request: HttpRequest, queryset: QuerySet[Feed]) -> None:
        messages.success(request, f"{outlet_decisions.resume(queryset, by=request.user)} feeds resumed.")

    @admin.action(description="Reset: forget failures, validators and moves", permissions=["change"])
    def reset(self, request: HttpRequest, queryset: QuerySet[Feed]) -> None:
        messages.success(request, f"{outlet_decisions.reset(queryset, by=request.user)} feeds reset.")

    @admin.action(description="Take the address that the page advertises", permissions=["change"])
    def take_move(self, request: HttpRequest, queryset: QuerySet[Feed]) -> None:
        for feed in queryset.exclude(suggestion=""):
            try:
                outlet_decisions.change_address(feed, feed.suggestion, by=request.user)
                messages.success(request, f"{feed} is asked at {mask_address(feed.suggestion)} now.")
            except Refused as refusal:
                messages.error(request, f"{feed}: {refusal}")


SIMPLE: dict[str, Callable[..., int]] = {
    "pause": outlet_decisions.pause,
    "resume": outlet_decisions.resume,
    "reset": outlet_decisions.reset,
}


def items_by_day(feed: Feed) -> Any:
    """Reports of the last DAYS days through this feed, by day, as a chart."""
    today = timezone.localdate()
    start = timezone.now() - timedelta(days=DAYS)
    times = feed.articles.filter(at__gte=start).order_by("-at").values_list("at", flat=True)[:COUNTED]
    counts = Counter(timezone.localtime(at).date() for at in times)
    days = [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    return chart([(f"{day:%d %b}", counts[day]) for day in days])


@admin.register(FetchEvent)
class FetchEventAdmin(LookAdmin):
    list_display = ("at", "feed", "outcome", "status", "bytes", "milliseconds", "new_items", "message")
    list_select_related = ("feed",)
    ordering = ("-at", "-id")
    sortable_by = ()
    raw_id_fields = ("feed",)
