"""Events: the list of stories; the page of one is story_page.py."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from articles import curation
from articles.admin.deciding import LookAdmin
from articles.admin.finding import find_story_ids
from articles.admin.story_page import story_page
from articles.curation import Refused
from articles.models import Story
from articles.models.story import StoryQuerySet


class StateFilter(admin.SimpleListFilter):
    """What readers see of a story; each state is read through an index of its own."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("pinned", "pinned"), ("one-sided", "one side only"), ("locked", "locked"), ("hidden", "hidden")]

    def choices(self, changelist: Any) -> Any:
        for choice in super().choices(changelist):
            yield {**choice, "display": "shown to readers"} if choice["display"] == "All" else choice

    def queryset(self, request: HttpRequest, queryset: QuerySet[Story]) -> QuerySet[Story]:
        if self.value() == "hidden":
            return queryset.filter(hidden=True)
        if self.value() == "pinned":
            return queryset.filter(pinned_until__gt=timezone.now())
        if self.value() == "locked":
            return queryset.filter(locked=True)
        shown = queryset.filter(hidden=False, article_count__gt=0)  # what was merged away holds no report
        return shown.exclude(one_sided="") if self.value() == "one-sided" else shown


@admin.register(Story)
class StoryAdmin(LookAdmin):
    list_display = ("headline_of", "article_count", "source_count", "last_at", "marks_of")
    list_filter = (StateFilter,)
    search_fields = ("title",)
    search_help_text = "Words of a report in any script, or the number or address of a story"
    ordering = ("-last_at", "-id")
    sortable_by = ()
    actions = ("pin", "unpin", "lock", "unlock")

    def has_curate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("articles.change_story")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Story], search_term: str
    ) -> tuple[QuerySet[Story], bool]:
        if not search_term.strip():
            return queryset, False
        return queryset.filter(pk__in=find_story_ids(search_term.strip()[:300])), False

    def get_queryset(self, request: HttpRequest) -> StoryQuerySet:
        return Story.objects.defer("titles", "points", "marks")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return story_page(request, int(object_id) if object_id.isdecimal() and len(object_id) < 16 else 0)

    @admin.display(description="story")
    def headline_of(self, story: Story) -> str:
        return str(story)[:140]

    @admin.display(description="marks")
    def marks_of(self, story: Story) -> str:
        words = {
            "pinned": bool(story.pinned_until and story.pinned_until > timezone.now()),
            "locked": story.locked,
            "hidden": story.hidden,
            "headline by hand": bool(story.headline),
            story.one_sided: bool(story.one_sided),
        }
        return ", ".join(word for word, holds in words.items() if holds)

    def each(self, request: HttpRequest, queryset: QuerySet[Story], done: str, decide: Any) -> None:
        """Decide the same of every chosen story; one that is refused says why and stops no other."""
        count = 0
        for pk in queryset.values_list("pk", flat=True):
            try:
                decide(pk)
                count += 1
            except Refused as refusal:
                messages.error(request, f"{pk}: {refusal}")
        if count:
            messages.success(request, f"{count} stories {done}.")

    @admin.action(description="Pin for a day", permissions=["curate"])
    def pin(self, request: HttpRequest, queryset: QuerySet[Story]) -> None:
        for story in queryset.filter(hidden=True):
            messages.error(request, f"“{story}” is hidden from readers; show it first, then pin it.")
        until = timezone.now() + timedelta(days=1)
        shown = queryset.filter(hidden=False)
        self.each(request, shown, "pinned for a day", lambda pk: curation.pin(pk, until, by=request.user.pk))

    @admin.action(description="Unpin", permissions=["curate"])
    def unpin(self, request: HttpRequest, queryset: QuerySet[Story]) -> None:
        self.each(request, queryset, "unpinned", lambda pk: curation.pin(pk, None, by=request.user.pk))

    @admin.action(description="Lock: takes no newcomers", permissions=["curate"])
    def lock(self, request: HttpRequest, queryset: QuerySet[Story]) -> None:
        self.each(request, queryset, "locked", lambda pk: curation.set_locked(pk, True, by=request.user.pk))

    @admin.action(description="Unlock", permissions=["curate"])
    def unlock(self, request: HttpRequest, queryset: QuerySet[Story]) -> None:
        self.each(request, queryset, "unlocked", lambda pk: curation.set_locked(pk, False, by=request.user.pk))
