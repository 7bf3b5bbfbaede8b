"""What every page of the desk shares: each change is recorded as a decision, and no list counts its table."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.forms import BaseModelFormSet
from django.http import HttpRequest
from django.utils.functional import cached_property

from articles import decisions

COUNTED = 1000  # rows of a list that are ever counted


class ShortPaginator(Paginator):
    """Counts COUNTED rows at most: a list is to be narrowed, not leafed through to its end."""

    @cached_property
    def count(self) -> int:
        found: Any = self.object_list
        return len(found.order_by(*found.query.order_by).values_list("pk", flat=True)[:COUNTED])


class DeskAdmin(admin.ModelAdmin):
    """A list and a form of the desk."""

    paginator = ShortPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 0
    public_fields: frozenset[str] = frozenset()  # a change of these is one that readers saw

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        title = str(self.opts.verbose_name_plural).capitalize()
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Remember what was before; ``save_related`` records the decision, when many-to-many fields are set too."""
        old = type(obj)._default_manager.filter(pk=obj.pk).first() if change else None
        request.desk_before = decisions.snapshot(old) if old else None  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        before = request.desk_before  # type: ignore[attr-defined]
        self.decide(request, form.instance, before, form.cleaned_data.get("desk_reason", ""))

    def save_formset(self, request: HttpRequest, form: Any, formset: BaseModelFormSet, change: bool) -> None:
        """Record each row of a table inside the form."""
        rows = formset.save(commit=False)
        for row in formset.deleted_objects:
            self.decide_removal(request, row)
            row.delete()
        for row in rows:
            old = type(row)._default_manager.filter(pk=row.pk).first() if row.pk else None
            before = decisions.snapshot(old) if old else None
            row.save()
            self.decide(request, row, before)
        formset.save_m2m()

    def decide(self, request: HttpRequest, row: Model, before: dict[str, Any] | None, reason: str = "") -> None:
        """Record an addition or the fields that differ, and do what must follow."""
        now = decisions.snapshot(row)
        if before is None:
            decisions.record(request.user, decisions.ADD, row, before={}, after=now, reason=reason)
        else:
            old, new = decisions.differences(before, now)
            new.pop("updated_at", None), old.pop("updated_at", None)
            if not new:
                return
            public = bool(self.public_fields & new.keys())
            action = "label" if row._meta.model_name == "source" and public else decisions.CHANGE
            decisions.record(request.user, action, row, before=old, after=new, reason=reason, public=public)
        decisions.follow(row)

    def decide_removal(self, request: HttpRequest, row: Model) -> None:
        """Record what is about to go."""
        decisions.record(request.user, decisions.REMOVE, row, before=decisions.snapshot(row), after={})

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        self.decide_removal(request, obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        for row in queryset:
            self.delete_model(request, row)


class LookAdmin(DeskAdmin):
    """Rows that the machine keeps: to look at."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
