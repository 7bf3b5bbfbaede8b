"""Rules: terms, topics, countries and entities, edited in place and tried on stored reports before they are saved."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from articles import preview, topic_decisions
from articles.admin.deciding import DeskAdmin, LookAdmin
from articles.curation import Refused
from articles.lexicon import forget_lexicon
from articles.models import CatalogueRemoval, Country, Entity, Term, Topic
from articles.tag.rules import LexiconError, check_term
from articles.tag.rules import Term as Row

CHECKED = 1.5  # seconds that saving a term may spend on counting what it would match


class TermForm(forms.ModelForm):
    """A term that can be compiled and does not flood a language."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors or not data.get("text", self.instance.text):
            return data
        term = Term(**{field.name: getattr(self.instance, field.name) for field in Term._meta.concrete_fields})
        for name, value in data.items():
            setattr(term, name, value)
        owners = [term.country_id, term.topic_id, term.entity_id, term.off_topic]
        if sum(bool(owner) for owner in owners) != 1:
            raise forms.ValidationError("A term names one country, one topic or one entity, or what is off topic.")
        try:
            check_share(term)
        except Refused as error:
            raise forms.ValidationError(str(error)) from error
        return data


def check_share(term: Term) -> None:
    """Raises Refused when the term would match too much; a broken one is left to ``Term.clean``."""
    row = Row("off_topic", "life", term.text, term.language, kind=term.kind, case=term.case)
    try:
        check_term(row)
    except LexiconError:
        return
    if term.enabled:
        preview.refuse_flood(row, patience=CHECKED)


class Tried(DeskAdmin):
    """A form with a button that shows what saving it would change."""

    change_form_template = "admin/rule.html"

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if request.method == "POST" and "_try" in request.POST:
            return self.try_it(request, object_id)
        response = super().changeform_view(request, object_id, form_url, extra_context)
        if request.method == "POST":
            forget_lexicon()
        return response

    def try_it(self, request: HttpRequest, object_id: str | None) -> HttpResponse:
        """Show what stored reports would gain and lose; nothing is saved."""
        row = get_object_or_404(self.model, pk=object_id) if object_id else None
        if not (self.has_change_permission(request, row) if row else self.has_add_permission(request)):
            raise PermissionDenied
        form = self.get_form(request, row, change=row is not None)(request.POST, instance=row)
        found, error = None, ""
        if form.is_valid():
            try:
                found = preview.trial(form.save)
            except Refused as refusal:
                error = str(refusal)
        kept = [(name, value) for name, values in request.POST.lists() for value in values if not name.startswith("_")]
        context = {
            **self.admin_site.each_context(request),
            "title": "What would change",
            "opts": self.opts,
            "found": found,
            "error": error,
            "form": form,
            "kept": [(name, value) for name, value in kept if name != "csrfmiddlewaretoken"],
        }
        return render(request, "admin/trial.html", context)


@admin.register(Term)
class TermAdmin(Tried):
    form = TermForm
    list_display = ("text", "language", "kind", "weight", "enabled", "owner", "auto")
    list_editable = ("kind", "weight", "enabled")
    list_filter = ("language", "kind", "weight", "enabled", "auto", "topic")
    list_select_related = ("country", "topic", "entity")
    search_fields = ("text",)
    autocomplete_fields = ("country", "topic", "entity")
    fields = (
        "text", "language", "kind", "weight", ("country", "topic", "entity", "off_topic"), "requires", "unless",
        "inside", ("case", "negative", "ambiguous", "enabled"),
    )  # fmt: skip
    ordering = ("text", "pk")

    @admin.display(description="names")
    def owner(self, term: Term) -> str:
        return str(term.country or term.topic or term.entity or term.off_topic)

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        return super().get_changelist_form(request, form=TermForm, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"language": "en", **super().get_changeform_initial_data(request)}


class Owner(DeskAdmin):
    """What terms name; they stand in a list of their own, as a topic may have hundreds."""

    change_form_template = "admin/owner.html"

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        row = kwargs.get("obj")
        if row is not None:
            name = self.opts.model_name
            context |= {
                "terms": row.terms.order_by("language", "text")[:200],
                "owner": f"{name}__{row._meta.pk.name}__exact",
            }
            context |= {"owner_key": row.pk, "owner_field": name}
        return super().render_change_form(request, context, *args, **kwargs)


@admin.register(Country)
class CountryAdmin(Owner):
    list_display = ("name", "code", "tier", "position")
    list_filter = ("tier",)
    search_fields = ("code", "slug", "names")

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Entity)
class EntityAdmin(Owner):
    list_display = ("name", "slug", "type", "subtype")
    list_filter = ("type",)
    search_fields = ("slug", "names")
    autocomplete_fields = ("countries", "topics")


@admin.register(Topic)
class TopicAdmin(Owner):
    list_display = ("name", "slug", "position", "retired", "moved_to")
    list_filter = ("retired",)
    list_select_related = ("moved_to",)
    search_fields = ("slug", "titles")
    readonly_fields = ("retired", "moved_to")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("slug", *self.readonly_fields) if obj else self.readonly_fields

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False  # a topic retires: its address stays

    def get_urls(self) -> list[URLPattern]:
        act = self.admin_site.admin_view(require_POST(self.act))
        return [path("<int:pk>/do/", act, name="articles_topic_do"), *super().get_urls()]

    def act(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give it a new address, merge it into another, or let it retire."""
        topic = get_object_or_404(Topic, pk=pk)
        if not self.has_change_permission(request, topic):
            raise PermissionDenied
        do, reason = request.POST.get("do", ""), request.POST.get("reason", "")
        shown = topic
        try:
            if do == "rename":
                shown, job = topic_decisions.rename(topic, request.POST.get("slug", ""), by=request.user, reason=reason)
            elif do == "merge":
                into = Topic.objects.filter(slug=request.POST.get("into", "").strip()).first()
                if into is None:
                    raise Refused("Give the address (slug) of the topic into which it is merged.")
                shown, job = into, topic_decisions.merge(topic, into, by=request.user, reason=reason)
            elif do == "retire":
                job = topic_decisions.retire(topic, by=request.user, reason=reason)
            else:
                raise Refused("Nothing is known of this action; nothing was done.")
            rest = f" {len(job.ids)} reports are tagged again." if job else ""
            messages.success(request, f"Done.{rest}")
        except Refused as refusal:
            messages.error(request, str(refusal))
        forget_lexicon()
        return redirect("admin:articles_topic_change", shown.pk)


@admin.register(CatalogueRemoval)
class RemovalAdmin(LookAdmin):
    list_display = ("model", "key", "at")
    list_filter = ("model",)

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return request.user.has_perm("articles.delete_catalogueremoval")
