"""Grouping what is stored again by the present rules; story ids stay by largest overlap, ids that end redirect."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from articles.earlier import link_earlier
from articles.group import Constraints, Grouper, GroupSettings, final
from articles.group.window import Window
from articles.grouping import HELD, NAME
from articles.models import Article, Lease, Story
from articles.models.lease import Held
from articles.remembering import constraints, embedder
from articles.reports import each_report
from articles.store.membership import hold_stories, new_story, redirect
from articles.store.stories import refresh_stories

LONG_AGO = datetime(1, 1, 9, tzinfo=UTC)
KEEP_EVERY = timedelta(minutes=1)
TRIES = 3  # when editors decide something meanwhile
CHUNK = 500  # rows in one statement


class Busy(RuntimeError):
    """It cannot be done now; says why."""


@dataclass
class _Result:
    """What the grouper says of each article, and what its row said before."""

    story: dict[int, int] = field(default_factory=dict)  # article → key
    copy_of: dict[int, int | None] = field(default_factory=dict)
    before: dict[int, tuple[int | None, int | None]] = field(default_factory=dict)  # article → (story, copy of)
    why: dict[int, tuple[str, ...]] = field(default_factory=dict)  # of those that came to others than before


def regroup(*, since: datetime | None = None) -> int:
    """Group stored articles again; return how many there were.

    Stories about which an editor decided something keep their reports and may only grow. The same articles give the
    same stories, and doing it twice changes nothing. Raises: Busy when another grouper is at work.
    """
    with Lease.held(NAME, lasting=HELD) as mine:
        if not mine:
            raise Busy("another grouper is at work; try again in a few minutes")
        for _ in range(TRIES):
            with transaction.atomic():
                seen = hold_stories(changed=False)
            result, window = _group_again(mine, since, now=timezone.now())
            with transaction.atomic():
                mine.keep()
                if hold_stories(changed=False) == seen:
                    _write(result, window, now=timezone.now())
                    return len(result.story)
        raise Busy("editors are at work on the stories; try again in a few minutes")


def _group_again(mine: Held, since: datetime | None, *, now: datetime) -> tuple[_Result, Window]:
    start = since or LONG_AGO
    grouper = Grouper(embedder=embedder(), constraints=_all_constraints(start, now=now))
    shown = Article.objects.filter(relevant=True, hidden=False)
    if since is not None:
        earlier = shown.filter(at__lt=since, at__gte=since - GroupSettings().window, story__isnull=False)
        for report, article in each_report(earlier.order_by("at", "id")):
            grouper.load(report, article.story_id or 0, copy=article.copy_of_id is not None)
    result, kept_at = _Result(), timezone.now()
    redirects: dict[int, int] = {}
    for report, article in each_report(shown.filter(at__gte=start).order_by("at", "id")):
        assigned = grouper.add(report)
        redirects.update((merge.gone, merge.kept) for merge in assigned.merges)
        result.story[article.pk] = assigned.story
        result.copy_of[article.pk] = assigned.copy_of
        result.before[article.pk] = (article.story_id, article.copy_of_id)
        if assigned.joined and result.before.get(assigned.joined, (None,))[0] != article.story_id:
            result.why[article.pk] = assigned.why
        if timezone.now() - kept_at > KEEP_EVERY:
            mine.keep()
            kept_at = timezone.now()
    result.story = {pk: final(key, redirects) for pk, key in result.story.items()}
    return result, grouper.window


def _all_constraints(start: datetime, *, now: datetime) -> Constraints:
    """Editors' decisions, with the reports of the stories that they hold, which stay where they are.

    Stories that began before ``start`` are held as well: their earlier reports are not looked at.
    """
    found = constraints(start, now=now)
    articles = Article.objects.filter(at__gte=start, story__in=found.held)
    fixed = dict(articles.values_list("pk", "story_id"))
    begun = Story.objects.filter(first_at__lt=start, last_at__gte=start - GroupSettings().window, merged_into=None)
    held = found.held.union(begun.values_list("pk", flat=True))
    return Constraints(locked=found.locked, held=held, fixed=fixed, never_merge=found.never_merge)


def _write(result: _Result, window: Window, *, now: datetime) -> None:
    """Write what changed: memberships, copies, redirects; and the facts of all these stories."""
    ids = _ids(result, now=now)
    moved: dict[int, list[int]] = defaultdict(list)
    for pk, key in result.story.items():
        if key in ids and result.before[pk][0] != ids[key]:
            moved[ids[key]].append(pk)
    for story_id, pks in moved.items():
        for rows in _in_chunks(pks):
            rows.update(story_id=story_id)
    for pk in (pk for pks in moved.values() for pk in pks):
        Article.objects.filter(pk=pk).update(grouped_why=list(result.why.get(pk, ())))
    for rows in _in_chunks(list(result.story)):
        rows.update(grouped_at=now)  # the order in which a grouper reads its window again
    _write_copies(result)
    olds = {story_id for story_id, _ in result.before.values() if story_id}
    _redirect(olds - set(ids.values()), result, ids)
    touched = sorted(olds | set(ids.values()))
    for start in range(0, len(touched), CHUNK):
        refresh_stories(touched[start : start + CHUNK], now=now)
        link_earlier(touched[start : start + CHUNK], window)


def _in_chunks(ids: list[int]) -> Iterator[QuerySet[Article]]:
    for start in range(0, len(ids), CHUNK):
        yield Article.objects.filter(pk__in=ids[start : start + CHUNK])


def _ids(result: _Result, *, now: datetime) -> dict[int, int]:
    """Give each group the old id with the largest overlap, the others new rows; held stories keep theirs."""
    ids = {key: key for key in result.story.values() if key > 0}
    overlaps: Counter[tuple[int, int]] = Counter()
    for pk, key in result.story.items():
        old = result.before[pk][0]
        if key < 0 and old is not None and old not in ids:
            overlaps[key, old] += 1
    taken: set[int] = set()
    for key, old in sorted(overlaps, key=lambda pair: (-overlaps[pair], pair[1], -pair[0])):
        if key not in ids and old not in taken:
            ids[key] = old
            taken.add(old)
    begun: dict[int, Story] = {}
    for pk, key in result.story.items():
        if key not in ids and key not in begun and (article := Article.objects.filter(pk=pk).first()):
            begun[key] = new_story(article, now=now)
    Story.objects.bulk_create(begun.values(), batch_size=CHUNK)
    return ids | {key: story.pk for key, story in begun.items()}


def _write_copies(result: _Result) -> None:
    changed: dict[int | None, list[int]] = defaultdict(list)
    for pk, copy_of in result.copy_of.items():
        if copy_of != result.before[pk][1]:
            changed[copy_of].append(pk)
    there = {pk for rows in _in_chunks([pk for pk in changed if pk]) for pk in rows.values_list("pk", flat=True)}
    for copy_of, pks in changed.items():
        for rows in _in_chunks(pks):
            rows.update(copy_of_id=copy_of if copy_of in there else None)


def _redirect(ended: set[int], result: _Result, ids: dict[int, int]) -> None:
    """Let each id that ends lead to the story that holds most of its reports."""
    where: dict[int, Counter[int]] = defaultdict(Counter)
    for pk, key in result.story.items():
        old = result.before[pk][0]
        if old in ended and key in ids:
            where[old][ids[key]] += 1
    for old, counts in where.items():
        redirect(old, max(counts, key=lambda story_id: (counts[story_id], -story_id)))
