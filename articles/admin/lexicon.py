"""Countries, topics, entities and their terms."""

from __future__ import annotations

from django.contrib import admin

from articles.admin.deciding import DeskAdmin
from articles.models import CatalogueRemoval, Country, Entity, Term, Topic

TERM_FIELDS = ("language", "text", "kind", "weight", "case", "requires", "unless", "inside", "ambiguous", "enabled")


class TermInline(admin.TabularInline):
    model = Term
    fields = TERM_FIELDS
    extra = 1
    classes = ("collapse",)


@admin.register(Country)
class CountryAdmin(DeskAdmin):
    list_display = ("name", "code", "tier", "position")
    list_filter = ("tier",)
    search_fields = ("code", "slug")
    inlines = (TermInline,)


@admin.register(Topic)
class TopicAdmin(DeskAdmin):
    list_display = ("name", "slug", "position", "retired", "moved_to")
    search_fields = ("slug",)


@admin.register(Entity)
class EntityAdmin(DeskAdmin):
    list_display = ("name", "slug", "type", "subtype")
    list_filter = ("type",)
    search_fields = ("slug",)
    autocomplete_fields = ("countries", "topics")
    inlines = (TermInline,)


@admin.register(Term)
class TermAdmin(DeskAdmin):
    list_display = ("text", "language", "kind", "weight", "owner", "enabled", "auto")
    list_filter = ("language", "kind", "weight", "enabled", "auto", "topic")
    list_select_related = ("country", "topic", "entity")
    search_fields = ("text",)
    autocomplete_fields = ("country", "topic", "entity")
    list_per_page = 50

    @admin.display(description="names")
    def owner(self, term: Term) -> str:
        return str(term.country or term.topic or term.entity or term.off_topic)


@admin.register(CatalogueRemoval)
class RemovalAdmin(DeskAdmin):
    list_display = ("model", "key", "at")
    list_filter = ("model",)
