"""Reports: the list with its actions on many; the page of one is article_page.py."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from articles import jobs
from articles.admin.article_page import article_page
from articles.admin.deciding import LookAdmin
from articles.admin.finding import find_article_ids
from articles.admin.tagging import read_tag
from articles.article_decisions import check_key
from articles.curation import Refused
from articles.models import Article, ArticleTopic, Country, Source, Topic
from articles.publish.filters import LANGUAGES

PERIODS = (("1", "last 24 hours", 1), ("7", "last 7 days", 7), ("30", "last 30 days", 30), ("365", "last year", 365))
DEFAULT = "7"


class PeriodFilter(admin.SimpleListFilter):
    """When; the list reads one stretch of the index by time, so that other filters never scan everything."""

    title = "time"
    parameter_name = "period"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(key, name) for key, name, _ in PERIODS if key != DEFAULT]

    def choices(self, changelist: Any) -> Any:
        for choice in super().choices(changelist):
            yield {**choice, "display": "last 7 days"} if choice["display"] == "All" else choice

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        days = next((days for key, _, days in PERIODS if key == (self.value() or DEFAULT)), 7)
        return queryset.filter(at__gte=timezone.now() - timedelta(days=days))


class ChoiceFilter(admin.SimpleListFilter):
    """One of a short list, with the query that it stands for."""

    options: tuple[tuple[str, str, dict[str, Any]], ...]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(key, name) for key, name, _ in self.options]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        return queryset.filter(**next((query for key, _, query in self.options if key == self.value()), {}))


class StateFilter(ChoiceFilter):
    title = "state"
    parameter_name = "state"
    options = (
        ("shown", "relevant and shown", {"relevant": True, "hidden": False}),
        ("irrelevant", "not relevant", {"relevant": False}),
        ("hidden", "hidden", {"hidden": True}),
        ("alone", "in no story", {"story__isnull": True, "relevant": True, "hidden": False}),
        ("placed", "placed by an editor", {"placed_by_editor": True}),
        ("copies", "copies", {"copy_of__isnull": False}),
    )


class LanguageFilter(ChoiceFilter):
    title = "language"
    parameter_name = "language"
    template = "admin/filter_select.html"
    options = (*((code, code, {"language": code}) for code in LANGUAGES), ("none", "not known", {"language": ""}))


class FromListFilter(admin.SimpleListFilter):
    """Rows that carry a country, a topic, or come from an outlet."""

    def rows(self) -> list[tuple[str, str]]:
        raise NotImplementedError

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return self.rows()


class CountryFilter(FromListFilter):
    title = "country"
    parameter_name = "country"
    template = "admin/filter_select.html"

    def rows(self) -> list[tuple[str, str]]:
        return [(country.code, country.name) for country in Country.objects.all()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        return queryset.filter(country_tags__country_id=self.value()) if self.value() else queryset


class TopicFilter(FromListFilter):
    title = "topic"
    parameter_name = "topic"
    template = "admin/filter_select.html"

    def rows(self) -> list[tuple[str, str]]:
        return [(topic.slug, topic.name) for topic in Topic.objects.filter(retired=False)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        return queryset.filter(topic_tags__topic__slug=self.value()) if self.value() else queryset


class SourceFilter(FromListFilter):
    title = "outlet"
    parameter_name = "outlet"
    template = "admin/filter_select.html"

    def rows(self) -> list[tuple[str, str]]:
        return list(Source.objects.values_list("slug", "name"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        return queryset.filter(source__slug=self.value()) if self.value() else queryset


class SureFilter(admin.SimpleListFilter):
    """Reports with a tag of which the machine is hardly sure."""

    title = "sureness"
    parameter_name = "sure"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("low", "topic hardly sure")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        if self.value() != "low":
            return queryset
        return queryset.filter(topic_tags__score__lt=LOW, topic_tags__manual=False).distinct()


LOW = 0.6  # score of a topic below which an editor should look; the threshold of most topics is about 0.5


class ValueForm(ActionForm):
    """What an action needs to know."""

    value = forms.CharField(
        required=False, label="with (tag, language or reason)", widget=forms.TextInput(attrs={"size": 22})
    )


def many(name: str, description: str) -> Callable[..., HttpResponse | None]:
    """An action of the list that goes through a job, confirmed with the number of rows."""

    @admin.action(description=description, permissions=["curate"])
    def action(model_admin: ArticleAdmin, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponse | None:
        return model_admin.confirm(request, name, queryset)

    action.__name__ = name
    return action


@admin.register(Article)
class ArticleAdmin(LookAdmin):
    list_display = ("headline", "source", "language", "at", "tags", "marks")
    list_filter = (
        PeriodFilter, StateFilter, SureFilter, SourceFilter, LanguageFilter, TopicFilter, CountryFilter,
    )  # fmt: skip
    search_fields = ("title",)
    search_help_text = "Words in any script, or the number or address of a report"
    ordering = ("-at", "-id")
    sortable_by = ()
    action_form = ValueForm
    actions = (
        many("add_tag", "Add the tag"),
        many("remove_tag", "Take the tag away"),
        many("set_language", "Correct the language"),
        many("hide", "Hide from readers (reason)"),
        many("show", "Show to readers"),
        many("relevant", "Relevant"),
        many("irrelevant", "Not relevant"),
        many("give_back", "Let the machine decide all tags"),
        many("retag", "Tag again by the present rules"),
    )

    def has_curate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("articles.change_article")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        tags = Prefetch("topic_tags", ArticleTopic.objects.select_related("topic"))
        found = Article.objects.select_related("source").prefetch_related("country_tags", tags)
        return found.defer("summary", "categories", "grouped_why", "relevance_why")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Article], search_term: str
    ) -> tuple[QuerySet[Article], bool]:
        if not search_term.strip():
            return queryset, False
        return queryset.filter(pk__in=find_article_ids(search_term.strip()[:300])), False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return article_page(request, int(object_id) if object_id.isdecimal() and len(object_id) < 16 else 0)

    def confirm(self, request: HttpRequest, name: str, queryset: QuerySet[Article]) -> HttpResponse | None:
        """Draft a job of the chosen rows and show how many there are."""
        value = request.POST.get("value", "").strip()[:300]
        ids = list(queryset.order_by("pk").values_list("pk", flat=True).distinct()[: jobs.MOST + 1])
        try:
            params = parameters(name, value)
            job = jobs.draft(name, ids, params, user=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return None
        return redirect("admin:articles_job_change", job.pk)

    @admin.display(description="report")
    def headline(self, article: Article) -> str:
        return str(article)

    @admin.display(description="tags")
    def tags(self, article: Article) -> str:
        countries = [tag.country_id for tag in article.country_tags.all()]
        return " ".join([*countries, *[tag.topic.slug for tag in article.topic_tags.all()]])

    @admin.display(description="marks")
    def marks(self, article: Article) -> str:
        said = {
            "hidden": article.hidden,
            "not relevant": not article.relevant,
            "copy": article.copy_of_id is not None,
            "placed by hand": article.placed_by_editor,
        }
        return ", ".join(word for word, holds in said.items() if holds)


def parameters(name: str, value: str) -> dict[str, Any]:
    """What the action needs, from the field of the list. Raises Refused when it is missing or unknown."""
    if name in {"add_tag", "remove_tag"}:
        kind, key = read_tag(value)
        check_key(kind, key)
        return {"kind": kind, "key": key, "value": f"{kind} {key}"}
    if name == "set_language" and value not in LANGUAGES:
        raise Refused(f"Write one of the languages into the field: {', '.join(LANGUAGES)}.")
    if name == "hide" and not value:
        raise Refused("Write the reason into the field.")
    return {"value": value}
