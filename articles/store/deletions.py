"""What deleting an article does to its story: lists are right afterwards, whoever deleted it and however."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from articles.models import Article, Story
from articles.store.membership import lead_copies
from articles.store.stories import refresh_stories


@dataclass
class _Deletion:
    """One call of delete(), which may take an outlet with thousands of reports."""

    origin: Any  # kept, so that its id is nobody else's meanwhile
    left: int = 0  # articles announced and not yet deleted
    stories: set[int] = field(default_factory=set)
    copies: list[list[int]] = field(default_factory=list)  # of each original, the earliest first


_running: dict[int, _Deletion] = {}  # by id of the row or queryset that delete() was called on


def note_story(instance: Article, origin: Any, **_: Any) -> None:
    """Django announces all deletions of one call before it carries the first one out."""
    deletion = _running.setdefault(id(origin), _Deletion(origin))
    deletion.left += 1
    story_id = (
        Article.objects.values_list("story", flat=True).filter(pk=instance.pk).first()
    )  # now, not when it was read
    if story_id is not None:
        deletion.stories.add(story_id)
    copies = list(instance.copies.order_by("at", "pk").values_list("pk", flat=True))
    if copies:
        deletion.copies.append(copies)


def refresh_its_lists(origin: Any, **_: Any) -> None:
    """When the last article of a call is gone, the stories are worked out again, once each."""
    deletion = _running.get(id(origin))
    if deletion is None:
        return
    deletion.left -= 1
    if deletion.left:
        return
    del _running[id(origin)]
    for copies in deletion.copies:
        lead_copies(copies)
    standing = Story.objects.filter(pk__in=deletion.stories).values_list("pk", flat=True)
    refresh_stories(list(standing), now=timezone.now())
