"""Which report is in which story, as rows: beginning, redirecting, following; shared by the grouper and editors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import F
from django.utils import timezone

from articles.models import Apart, Article, Lease, Story
from articles.store.stories import slug_of

EDITORS = "editors"  # the row whose time says when an editor last changed which report is in which story


def hold_stories(*, changed: bool = True) -> datetime:
    """Until the transaction ends nobody else changes which report is in which story.

    Returns when an editor last did; ``changed`` says that one does so now, so that a grouper that remembers its
    window looks at the rows again.
    """
    now = timezone.now()
    lease, _ = Lease.objects.select_for_update().get_or_create(name=EDITORS, defaults={"until": now})
    if changed:
        Lease.objects.filter(pk=lease.pk).update(until=now)
        return now
    return lease.until


def new_story(article: Article, *, now: datetime) -> Story:
    """A story, not saved yet, for its first report; refresh_stories fills its facts."""
    title = article.title or article.summary[:200] or article.url
    return Story(
        title=title,
        slug=slug_of(title),
        language=article.language,
        lead=article,
        first_at=article.at,
        last_at=article.at,
        side_added_at=now,
    )


def redirect(gone: int, kept: int) -> None:
    """Move the reports of one story into another; its address leads there from now on."""
    Article.objects.filter(story_id=gone).update(story_id=kept)
    Story.objects.filter(merged_into_id=gone).update(merged_into_id=kept)
    Story.objects.filter(pk=gone).update(merged_into_id=kept, article_count=0, pinned_until=None)
    Story.objects.filter(earlier_id=gone).exclude(pk=kept).update(earlier_id=kept)
    Story.objects.filter(pk=kept, earlier_id=gone).update(earlier_id=None)
    Apart.objects.filter(story_id=gone).exclude(other_id=kept).update(story_id=kept)
    Apart.objects.filter(other_id=gone).exclude(story_id=kept).update(other_id=kept)


def follow(story_id: int) -> int:
    """The story that stands now for an id."""
    seen = {story_id}
    while (next_id := Story.objects.filter(pk=story_id).values_list("merged_into_id", flat=True).first()) is not None:
        if next_id in seen:
            break
        seen.add(next_id)
        story_id = next_id
    return story_id


def mend_copies(story_ids: Collection[int]) -> None:
    """Where a copy is not in the story of its original any more, the earliest copy there takes its place."""
    strays: dict[tuple[int | None, int | None], list[Article]] = defaultdict(list)
    found = Article.objects.filter(story_id__in=story_ids, copy_of__isnull=False)
    for article in found.exclude(copy_of__story_id=F("story_id")).order_by("at", "id"):
        strays[article.story_id, article.copy_of_id].append(article)
    for copies in strays.values():
        lead_copies([article.pk for article in copies])


def lead_copies(copies: Sequence[int]) -> None:
    """Let the first of these copies that still is there be the original of the others."""
    there = set(Article.objects.filter(pk__in=copies).values_list("pk", flat=True))
    for first, *rest in [[pk for pk in copies if pk in there]] if there else []:
        Article.objects.filter(pk=first).update(copy_of=None)
        Article.objects.filter(pk__in=rest).update(copy_of=first)
