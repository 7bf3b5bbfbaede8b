"""What editors decide about stories: each call is one transaction, leaves a Decision, and can be undone."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from articles.models import Apart, Article, Decision, Story
from articles.store.membership import hold_stories, mend_copies, new_story, redirect
from articles.store.stories import refresh_stories

FIELDS = ("headline", "lead_id", "lead_chosen", "pinned_until", "hidden", "locked", "merged_into_id", "earlier_id")


class Refused(ValueError):
    """What was asked cannot be done; says why in words for the editor."""


@dataclass
class _Change:
    """One decision while it is made: what it touches is noted before it is changed."""

    action: str
    by: int | None
    reason: str
    now: datetime
    stories: set[int] = field(default_factory=set)
    articles: set[int] = field(default_factory=set)
    created: list[int] = field(default_factory=list)
    apart: list[list[int]] = field(default_factory=list)  # rows of Apart: decision, story, other

    def run(self, target: tuple[str, int], work: Callable[[], object], *, public: bool = True) -> Decision:
        """Do the work and write what stood before and what stands after it."""
        before = self._state()
        decision = Decision(
            user_id=self.by, action=self.action, target=target[0], target_id=str(target[1]), reason=self.reason[:500]
        )
        work()
        decision.before, decision.after = {**before, "apart": self.apart}, {**self._state(), "created": self.created}
        decision.public = public
        decision.save()
        refresh_stories({*self.stories, *self.created}, now=self.now)
        return decision

    def _state(self) -> dict[str, Any]:
        return state(self.stories, self.articles)


def state(story_ids: Collection[int], article_ids: Collection[int]) -> dict[str, Any]:
    """The fields that editors decide, by id, as JSON holds them; articles as [story, placed by an editor, copy of]."""
    stories = {
        str(row.pop("pk")): {**row, "pinned_until": row["pinned_until"] and row["pinned_until"].isoformat()}
        for row in Story.objects.filter(pk__in=story_ids).order_by("pk").values("pk", *FIELDS)
    }
    rows = Article.objects.filter(pk__in=article_ids).order_by("pk")
    articles = {str(pk): row for pk, *row in rows.values_list("pk", "story_id", "placed_by_editor", "copy_of_id")}
    return {"stories": stories, "articles": articles}


@transaction.atomic
def merge_stories(
    kept_id: int, gone_ids: Collection[int], *, by: int | None, reason: str = "", now: datetime | None = None
) -> Decision:
    """Make one story of several; the others' addresses lead to it, and the grouper never takes it apart.

    Raises: Refused when one of them does not stand any more, or there is nothing to merge.
    """
    hold_stories()
    gone = sorted(set(gone_ids) - {kept_id})
    if not gone:
        raise Refused("Choose at least two stories to merge.")
    _standing(kept_id, *gone)
    change = _Change("merge", by, reason, now or timezone.now())
    ids = {kept_id, *gone}
    change.articles = set(Article.objects.filter(story_id__in=ids).values_list("pk", flat=True))
    followers = Story.objects.filter(merged_into_id__in=gone) | Story.objects.filter(earlier_id__in=gone)
    change.stories = ids | set(followers.values_list("pk", flat=True))
    apart = Apart.objects.filter(Q(story_id__in=ids) | Q(other_id__in=ids))
    change.apart = [list(row) for row in apart.order_by("pk").values_list("decision_id", "story_id", "other_id")]

    def work() -> None:
        Apart.objects.filter(story_id__in=ids, other_id__in=ids).delete()
        for each in gone:
            redirect(each, kept_id)
        Article.objects.filter(pk__in=change.articles).update(placed_by_editor=True)

    return change.run(("story", kept_id), work)


@transaction.atomic
def split_story(
    story_id: int, article_ids: Collection[int], *, by: int | None, reason: str = "", now: datetime | None = None
) -> Decision:
    """Take reports out of a story into a new one (``decision.after["created"]``); the two are never merged again.

    Raises: Refused when nothing or everything would be taken out.
    """
    hold_stories()
    _standing(story_id)
    members = set(Article.objects.filter(story_id=story_id).values_list("pk", flat=True))
    leaving = set(article_ids) & members
    if not leaving or leaving == members:
        raise Refused("Choose some of the story's reports, not none and not all of them.")
    return _move(_Change("split", by, reason, now or timezone.now()), leaving, None)


@transaction.atomic
def move_article(
    article_id: int, story_id: int | None, *, by: int | None, reason: str = "", now: datetime | None = None
) -> Decision:
    """Put one report into another story, or into a new one of its own (None); it stays there.

    Raises: Refused when the story does not stand, or the report is in it or alone already.
    """
    hold_stories()
    article = Article.objects.filter(pk=article_id).first()
    if article is None:
        raise Refused(f"There is no report {article_id}.")
    if story_id is not None:
        _standing(story_id)
    if article.story_id is not None and (article.story_id == story_id or (story_id is None and _alone(article))):
        raise Refused("The report is there already.")
    return _move(_Change("move", by, reason, now or timezone.now()), {article_id}, story_id)


def _alone(article: Article) -> bool:
    return not Article.objects.filter(story=article.story).exclude(pk=article.pk).exists()


def _move(change: _Change, leaving: set[int], target_id: int | None) -> Decision:
    """Move reports of one story; what they leave and what they join is never merged by the grouper."""
    first = Article.objects.filter(pk__in=leaving).order_by("at", "id")[0]
    old_id = first.story_id
    change.stories = {pk for pk in (old_id, target_id) if pk}
    change.articles = set(Article.objects.filter(story_id__in=change.stories).values_list("pk", flat=True)) | leaving
    apart: list[Apart] = []

    def work() -> None:
        if (new_id := target_id) is None:
            story = new_story(first, now=change.now)
            story.save()
            change.created.append(new_id := story.pk)
        Article.objects.filter(pk__in=leaving).update(
            story_id=new_id, placed_by_editor=True, grouped_at=change.now, grouped_why=["editor"]
        )
        if old_id and Article.objects.filter(story_id=old_id).exists():
            apart.append(Apart(story_id=old_id, other_id=new_id))
        elif old_id:
            redirect(old_id, new_id)
        mend_copies(change.stories | {new_id})

    decision = change.run(("article", first.pk) if change.action == "move" else ("story", old_id or 0), work)
    for row in apart:
        row.decision = decision
        row.save()
    return decision


def set_headline(
    story_id: int, headline: str, *, by: int | None, reason: str = "", now: datetime | None = None
) -> Decision:
    """Give a story an editor's headline; "" gives the choice back to the machine."""
    return _set(story_id, "headline", by, reason, now, headline=" ".join(headline.split())[: Article.MAX_TITLE])


def set_lead(
    story_id: int, article_id: int | None, *, by: int | None, reason: str = "", now: datetime | None = None
) -> Decision:
    """Let one of its reports speak for a story; None gives the choice back. Raises: Refused when it is not in it."""
    if article_id is None:
        return _set(story_id, "lead", by, reason, now, lead_chosen=False)
    if not Article.objects.filter(pk=article_id, story_id=story_id).exists():
        raise Refused("The headline can only be that of a report of this story.")
    return _set(story_id, "lead", by, reason, now, lead_id=article_id, lead_chosen=True)


def pin(
    story_id: int, until: datetime | None, *, by: int | None, reason: str = "", now: datetime | None = None
) -> Decision:
    """Keep a story on top until then; None lets it go. Raises: Refused when that time has passed."""
    if until is not None and until <= (now or timezone.now()):
        raise Refused("Pin a story until a time to come.")
    return _set(story_id, "pin" if until else "unpin", by, reason, now, pinned_until=until)


def set_hidden(
    story_id: int, hidden: bool, *, by: int | None, reason: str = "", now: datetime | None = None
) -> Decision:
    """Hide a story from readers, with what joins it later, or show it again."""
    values: dict[str, Any] = {"hidden": True, "pinned_until": None} if hidden else {"hidden": False}
    return _set(story_id, "hide" if hidden else "show", by, reason, now, **values)


def set_locked(
    story_id: int, locked: bool, *, by: int | None, reason: str = "", now: datetime | None = None
) -> Decision:
    """Let a story take no newcomer, or open it again."""
    return _set(story_id, "lock" if locked else "unlock", by, reason, now, locked=locked)


@transaction.atomic
def _set(story_id: int, action: str, by: int | None, reason: str, now: datetime | None, **values: Any) -> Decision:
    hold_stories()
    _standing(story_id)
    change = _Change(action, by, reason, now or timezone.now(), stories={story_id})
    public = action not in ("lock", "unlock")
    return change.run(("story", story_id), lambda: Story.objects.filter(pk=story_id).update(**values), public=public)


def _standing(*story_ids: int) -> None:
    """Raises: Refused when one of the stories is not there or was merged away."""
    standing = set(Story.objects.filter(pk__in=story_ids, merged_into=None).values_list("pk", flat=True))
    for story_id in story_ids:
        if story_id not in standing:
            raise Refused(f"The story {story_id} does not stand any more: it was merged into another or removed.")
