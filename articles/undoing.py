"""Taking an editor's decision about stories back: what still stands as decided becomes what it was."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from articles.curation import Refused
from articles.models import Apart, Article, Decision, Story
from articles.store.membership import follow, hold_stories, mend_copies, redirect
from articles.store.stories import refresh_stories

ACTIONS = ("merge", "split", "move", "headline", "lead", "pin", "unpin", "hide", "show", "lock", "unlock")


@transaction.atomic
def undo(decision_id: int, *, by: int | None, now: datetime | None = None) -> None:
    """Take a decision about stories back. What a later decision or a deletion changed is left as it is.

    Raises: Refused when it was undone already or is none about stories.
    """
    now = now or timezone.now()
    hold_stories()
    decision = Decision.objects.select_for_update().filter(pk=decision_id, action__in=ACTIONS).first()
    if decision is None or "stories" not in decision.before:
        raise Refused("This decision is none about stories.")
    if decision.undone_at is not None:
        raise Refused("This decision was undone already.")
    touched = _stories_back(decision)
    touched |= _articles_back(decision)
    touched |= _created_back(decision)
    Apart.objects.filter(decision=decision).delete()
    _apart_back(decision)
    mend_copies(touched)
    Decision.objects.filter(pk=decision_id).update(undone_at=now, undone_by_id=by)
    refresh_stories(touched, now=now)


def _stories_back(decision: Decision) -> set[int]:
    """Set fields of stories back, each only where it is still as this decision left it."""
    found = Story.objects.in_bulk([int(pk) for pk in decision.before["stories"]])
    for story in found.values():
        before, after = (part["stories"].get(str(story.pk), {}) for part in (decision.before, decision.after))
        for name, value in before.items():
            if value != after.get(name, value) and _same(name, getattr(story, name), after[name]):
                setattr(story, name, _value(name, value))
        if before.get("lead_chosen") and story.lead_chosen:  # the machine may have chosen another one meanwhile
            story.lead_id = _value("lead_id", before["lead_id"])
        story.save(update_fields=[*before, "updated_at"])
    return set(found)


def _same(name: str, present: Any, decided: Any) -> bool:
    """Whether a field is as it was decided; a story that leads elsewhere may have been carried on since."""
    if name == "merged_into_id" and decided is not None:
        return present is not None and present == follow(decided)
    return bool(present == _value(name, decided))


def _value(name: str, stored: Any) -> Any:
    """A field as JSON holds it to a field as the model holds it; None for rows that are gone."""
    if name == "pinned_until":
        return parse_datetime(stored) if stored else None
    model = {"lead_id": Article, "merged_into_id": Story, "earlier_id": Story}.get(name)
    if model and stored is not None and not model.objects.filter(pk=stored).exists():  # type: ignore[attr-defined]
        return None
    return stored


def _articles_back(decision: Decision) -> set[int]:
    """Put reports back where they were, those that still are where this decision put them."""
    touched: set[int] = set()
    after = decision.after["articles"]
    for article in Article.objects.filter(pk__in=[int(pk) for pk in decision.before["articles"]]):
        story_id, placed, copy_of = decision.before["articles"][str(article.pk)]
        put, put_placed, put_copy = after.get(str(article.pk), (None, None, None))
        if article.story_id is None or put is None or article.story_id != follow(put):
            continue
        touched.add(article.story_id)
        if put != story_id:
            article.story_id = follow(story_id) if story_id else None
        if article.story_id:
            touched.add(article.story_id)
        if put_placed != placed:
            article.placed_by_editor = placed
        if put_copy != copy_of and article.copy_of_id == put_copy:
            article.copy_of_id = copy_of if Article.objects.filter(pk=copy_of).exists() else None
        article.save(update_fields=["story", "placed_by_editor", "copy_of"])
    return touched


def _created_back(decision: Decision) -> set[int]:
    """End the stories that a decision made; what joined them since goes with the report that they began with."""
    touched: set[int] = set()
    origin = next((row[0] for row in decision.before["articles"].values() if row[0]), None)
    for created in decision.after.get("created", ()):
        if origin and Story.objects.filter(pk=created, merged_into=None).exists():
            Apart.objects.filter(story_id__in=(created, origin), other_id__in=(created, origin)).delete()
            redirect(created, follow(origin))
            touched |= {created, follow(origin)}
    return touched


def _apart_back(decision: Decision) -> None:
    """Let what had been split stay split again, unless that was undone as well."""
    for split, *pair in decision.before.get("apart", ()):
        one, other = map(follow, pair)
        rows = Story.objects.filter(pk__in=(one, other))
        if one != other and rows.count() == 2 and Decision.objects.filter(pk=split, undone_at=None).exists():
            Apart.objects.update_or_create(decision_id=split, defaults={"story_id": one, "other_id": other})
