"""Reports, their tags and what they said before."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from articles.admin.deciding import DeskAdmin
from articles.models import (
    Article,
    ArticleCountry,
    ArticleEntity,
    ArticleRevision,
    ArticleText,
    ArticleTopic,
    FeedItem,
    ManualTag,
)
from articles.store.stories import refresh_stories


class ReadOnlyInline(admin.TabularInline):
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class CountryInline(ReadOnlyInline):
    model: type[Model] = ArticleCountry
    fields = ("country", "score", "why", "manual")


class TopicInline(ReadOnlyInline):
    model: type[Model] = ArticleTopic
    fields = ("topic", "score", "why", "manual")


class EntityInline(ReadOnlyInline):
    model: type[Model] = ArticleEntity
    fields = ("entity", "score", "why", "manual")


class RevisionInline(ReadOnlyInline):
    model: type[Model] = ArticleRevision
    fields = ("seen_at", "title", "summary")


class ManualInline(admin.TabularInline):
    model = ManualTag
    extra = 1
    verbose_name_plural = "editors' tags (stand above the machine's)"


@admin.register(Article)
class ArticleAdmin(DeskAdmin):
    list_display = ("title", "source", "language", "at", "relevant", "hidden", "story_id")
    list_filter = ("relevant", "hidden", "language", "placed_by_editor")
    list_select_related = ("source",)
    search_fields = ("title", "url")
    raw_id_fields = ("source", "feed", "story", "copy_of")
    readonly_fields = (
        "fetched_at",
        "updated_at",
        "grouped_at",
        "grouped_why",
        "relevance_why",
        "url",
        "title",
        "summary",
    )
    inlines = (ManualInline, CountryInline, TopicInline, EntityInline, RevisionInline)
    actions = ("hide", "show", "retag")
    show_full_result_count = False
    list_per_page = 50

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """An editor's tags take effect at once."""
        from articles.retagging import retag_articles

        super().save_related(request, form, formsets, change)
        retag_articles([form.instance.pk], now=timezone.now())

    @admin.action(description="Hide from readers", permissions=["change"])
    def hide(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        self._set_hidden(request, queryset, hidden=True)

    @admin.action(description="Show to readers", permissions=["change"])
    def show(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        self._set_hidden(request, queryset, hidden=False)

    def _set_hidden(self, request: HttpRequest, queryset: QuerySet[Article], *, hidden: bool) -> None:
        stories = set(queryset.exclude(story=None).values_list("story_id", flat=True))
        changed = queryset.update(hidden=hidden)
        refresh_stories(stories, now=timezone.now())
        self.message_user(request, f"{changed} articles {'hidden' if hidden else 'shown'}.", messages.SUCCESS)

    @admin.action(description="Tag again by the present rules", permissions=["change"])
    def retag(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        from articles.retagging import retag_articles

        changed = retag_articles(list(queryset.values_list("pk", flat=True)), now=timezone.now())
        self.message_user(request, f"{changed} articles tagged again.", messages.SUCCESS)


@admin.register(ArticleRevision)
class RevisionAdmin(admin.ModelAdmin):
    list_display = ("seen_at", "title", "article")
    list_select_related = ("article",)
    raw_id_fields = ("article",)
    show_full_result_count = False


@admin.register(ManualTag)
class ManualTagAdmin(admin.ModelAdmin):
    list_display = ("article", "kind", "key", "present", "at")
    list_filter = ("kind", "present")
    list_select_related = ("article",)
    raw_id_fields = ("article",)


class InsideAdmin(admin.ModelAdmin):
    """Rows that the machine keeps: to look at."""

    raw_id_fields = ("article",)
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(FeedItem)
class FeedItemAdmin(InsideAdmin):
    list_display = ("key", "feed", "article")
    list_select_related = ("feed", "article")


@admin.register(ArticleText)
class ArticleTextAdmin(InsideAdmin):
    list_display = ("article",)
    list_select_related = ("article",)


@admin.register(ArticleCountry, ArticleTopic, ArticleEntity)
class ArticleTagAdmin(InsideAdmin):
    list_display = ("article", "key", "score", "manual", "at")
    list_select_related = True
