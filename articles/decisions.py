"""Every decision of an editor is a record that says what was before and after, and can be undone while that holds."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from articles import undoing
from articles.curation import Refused
from articles.models import Decision

ADD, CHANGE, REMOVE = "add", "change", "remove"
Undo = Callable[[Decision, Any], None]
_UNDO: dict[tuple[str, str], Undo] = {}
_AFTER: dict[str, Callable[[models.Model], None]] = {}


def record(
    user: Any,
    action: str,
    row: models.Model,
    *,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    reason: str = "",
    public: bool = False,
) -> Decision:
    """Note what ``user`` did to ``row``; runs inside the caller's transaction. ``public``: readers saw a difference."""
    return Decision.objects.create(
        user=user,
        action=action,
        target=row._meta.model_name or "",
        target_id=str(row.pk),
        before=as_json(before),
        after=as_json(after),
        reason=reason.strip()[:500],
        public=public,
    )


def as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the database gives them back."""
    return dict(json.loads(json.dumps(values, cls=DjangoJSONEncoder)))


def snapshot(row: models.Model, names: list[str] | None = None) -> dict[str, Any]:
    """Fields of a row by name (default: all but the key), many-to-many ones as sorted keys."""
    found: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        if not field.primary_key and (names is None or field.name in names):
            found[field.name] = field.value_from_object(row)
    for field in row._meta.many_to_many:
        if row.pk and (names is None or field.name in names):
            found[field.name] = sorted(str(other.pk) for other in getattr(row, field.name).all())
    return as_json(found)


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields that differ, before and after."""
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}


def undoes(target: str, *actions: str) -> Callable[[Undo], Undo]:
    """Name the function that takes back these actions on this kind of row; it raises Refused."""

    def remember(function: Undo) -> Undo:
        _UNDO.update({(target, action): function for action in actions})
        return function

    return remember


def after_change(target: str) -> Callable[[Callable[[Any], None]], Callable[[Any], None]]:
    """Name the function that follows a change of fields of this kind of row, also when it is undone."""

    def remember(function: Callable[[Any], None]) -> Callable[[Any], None]:
        _AFTER[target] = function
        return function

    return remember


def follow(row: models.Model) -> None:
    """Do what must follow a change of this row."""
    if act := _AFTER.get(row._meta.model_name or ""):
        act(row)


def undo(decision: Decision, *, user: Any) -> None:
    """Take a decision back in one transaction. Raises Refused when something has changed since, or nothing can be."""
    if "stories" in decision.before:
        undoing.undo(decision.pk, by=user.pk)
        return
    with transaction.atomic():
        current = Decision.objects.select_for_update().get(pk=decision.pk)
        if current.undone_at is not None:
            raise Refused("This decision was undone already.")
        _UNDO.get((current.target, current.action), undo_fields)(current, user)
        current.undone_at, current.undone_by = timezone.now(), user
        current.save(update_fields=["undone_at", "undone_by"])


def undo_fields(decision: Decision, user: Any) -> None:
    """Put fields back, take an added row out, or bring a removed one back."""
    model = model_of(decision)
    row = model._default_manager.filter(pk=decision.target_id).first()
    if decision.action == REMOVE:
        bring_back(model, decision, row)
        return
    if row is None:
        raise Refused("The row is not there any more.")
    changed = [name for name, value in snapshot(row, list(decision.after)).items() if value != decision.after[name]]
    if changed:
        raise Refused(f"Somebody has changed it since ({', '.join(changed)}); undo the newer decision first.")
    if decision.action == ADD:
        row.delete()
        return
    put(row, decision.before)
    follow(row)


def bring_back(model: type[models.Model], decision: Decision, row: models.Model | None) -> None:
    """Make a removed row again under its old key."""
    if row is not None:
        raise Refused("It is there again already.")
    try:
        put(model(pk=model._meta.pk.to_python(decision.target_id)), decision.before, new=True)
    except IntegrityError:
        raise Refused("What it belonged to is gone, or something else has taken its place.") from None


def put(row: models.Model, values: Mapping[str, Any], *, new: bool = False) -> None:
    """Set fields to values as ``snapshot`` gave them, and save."""
    many = {field.name for field in row._meta.many_to_many}
    plain = [name for name in values if name not in many]
    for name in plain:
        field = row._meta.get_field(name)
        setattr(row, getattr(field, "attname", name), field.to_python(values[name]))  # type: ignore[union-attr]
    with transaction.atomic():
        if new:
            row.save(force_insert=True)
        elif plain:
            row.save(update_fields=plain)
    for name in values.keys() & many:
        getattr(row, name).set(values[name])


def model_of(decision: Decision) -> type[models.Model]:
    """The kind of row that the decision was about. Raises Refused when there is none any more."""
    try:
        return apps.get_model("articles", decision.target)
    except LookupError:
        raise Refused("Nothing is known of what this was about.") from None
