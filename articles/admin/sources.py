"""Outlets with their labels; adding a site, merging two outlets and lists of subscriptions are in outlet_pages.py."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path

from articles import outlet_decisions
from articles.admin import outlet_pages
from articles.admin.deciding import DeskAdmin, LookAdmin
from articles.models import Feed, Source, SourceLabel, Suggestion


class LabelInline(admin.TabularInline):
    model = SourceLabel
    extra = 0
    verbose_name_plural = "dossier: where each label is known from, of what date, and whether somebody verified it"


class FeedInline(admin.TabularInline):
    model = Feed
    fields = ("url", "current_url", "language", "covers", "all_relevant", "enabled", "outcome")
    readonly_fields = ("outcome",)
    extra = 0
    show_change_link = True


@admin.register(Source)
class SourceAdmin(DeskAdmin):
    list_display = ("name", "owner", "ownership", "perspective", "feed_count", "needs_review", "hidden")
    list_filter = (
        "needs_review", "ownership", "perspective", "hidden", "headline_only", "kind", "labels__verified",
    )  # fmt: skip
    search_fields = ("name", "slug", "owner", "homepage")
    prepopulated_fields = {"slug": ("name",)}
    exclude = ("merged_into",)
    inlines = (LabelInline, FeedInline)
    actions = ("mark_reviewed", "hide", "show", "verify_labels")
    public_fields = outlet_decisions.SHOWN
    change_list_template = "admin/outlets.html"
    change_form_template = "admin/outlet.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        return Source.objects.annotate(feed_total=Count("feeds", distinct=True))

    def get_urls(self) -> list[URLPattern]:
        inside = self.admin_site.admin_view
        return [
            path("add-site/", inside(outlet_pages.add_site), name="articles_source_add_site"),
            path("opml/", inside(outlet_pages.opml), name="articles_source_opml"),
            path("opml/export/", inside(outlet_pages.export), name="articles_source_opml_export"),
            path("<int:pk>/merge/", inside(outlet_pages.merge), name="articles_source_merge"),
            *super().get_urls(),
        ]

    @admin.display(description="feeds", ordering="feed_total")
    def feed_count(self, source: Source) -> int:
        return source.feed_total  # type: ignore[attr-defined]

    @admin.action(description="Mark as reviewed", permissions=["change"])
    def mark_reviewed(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        self.say(request, f"{outlet_decisions.reviewed(queryset, by=request.user)} outlets reviewed.")

    @admin.action(description="Hide from readers", permissions=["change"])
    def hide(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        self.say(request, f"{outlet_decisions.set_hidden(queryset, True, by=request.user)} outlets hidden.")

    @admin.action(description="Show to readers", permissions=["change"])
    def show(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        self.say(request, f"{outlet_decisions.set_hidden(queryset, False, by=request.user)} outlets shown.")

    @admin.action(description="Labels are verified", permissions=["change"])
    def verify_labels(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        labels = SourceLabel.objects.filter(source__in=queryset.values("pk"))
        self.say(request, f"{outlet_decisions.verify(labels, by=request.user)} labels verified.")

    def say(self, request: HttpRequest, text: str) -> None:
        messages.success(request, text)


@admin.register(Suggestion)
class SuggestionAdmin(LookAdmin):
    """What readers proposed, the newest first; taking one leads to the page that finds its feeds."""

    list_display = ("created_at", "name", "url", "why", "times", "state")
    list_filter = ("state",)
    ordering = ("-pk",)
    sortable_by = ()
    actions = ("decline", "open_again")
    change_form_template = "admin/suggestion.html"

    def has_curate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("articles.change_suggestion")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Suggestion]:
        return Suggestion.objects.all()

    @admin.action(description="Decline", permissions=["curate"])
    def decline(self, request: HttpRequest, queryset: QuerySet[Suggestion]) -> None:
        count = outlet_decisions.change(queryset, "decline", by=request.user, state=Suggestion.State.DECLINED)
        messages.success(request, f"{count} proposals declined.")

    @admin.action(description="Look at it again", permissions=["curate"])
    def open_again(self, request: HttpRequest, queryset: QuerySet[Suggestion]) -> None:
        count = outlet_decisions.change(queryset, "reopen", by=request.user, state=Suggestion.State.OPEN)
        messages.success(request, f"{count} proposals are open again.")
