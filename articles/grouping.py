"""Grouping as one ordered stream over the database: what is in no story yet, in order, one grouper at a time."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from articles.earlier import link_earlier
from articles.group import Assignment, final
from articles.models import Article, Lease, Story
from articles.models.lease import Held
from articles.remembering import Remembered
from articles.reports import make_reports
from articles.store.membership import hold_stories, new_story, redirect
from articles.store.rows import update_rows
from articles.store.stories import refresh_stories

NAME = "grouper"
HELD = timedelta(minutes=5)  # a dead grouper gives its place up after this
STEP = 200  # articles in one transaction
PATIENCE = 120.0  # seconds that a command waits for another grouper

_remembered: Remembered | None = None  # of this process; whoever holds the lease sets it right by the rows


def group_new(*, wait: bool = False) -> int:
    """Put every article that is in no story yet into one; return how many there were.

    When another grouper runs nothing happens, unless ``wait``. A killed grouper loses nothing: each step is one
    transaction, and the window is read again from the database.
    """
    until = time.monotonic() + PATIENCE
    while True:
        with Lease.held(NAME, lasting=HELD) as mine:
            if mine:
                return _group_all_new(mine)
        if not wait or time.monotonic() > until:
            return 0
        time.sleep(0.2)


def forget_window() -> None:
    """Let the next grouper of this process read its window from the rows."""
    global _remembered
    _remembered = None


def _group_all_new(mine: Held) -> int:
    global _remembered
    done, window, _remembered = 0, _remembered, None  # an error leaves nothing half right behind
    matched = False
    while step := list(Article.objects.ungrouped().select_related("source", "body")[:STEP]):
        now = timezone.now()
        if window is None or not window.covers(step[0].at):
            window, matched = Remembered.around(step[0].at, now=now), False
        if not matched:
            window.match_rows(now=now)
            matched = True
        step = [article for article in step if window.covers(article.at)]
        with transaction.atomic():
            mine.keep()
            _group_step(window, step, now=now)
        done += len(step)
    _remembered = window if window and window.end is None else None
    return done


def _group_step(window: Remembered, articles: Sequence[Article], *, now: datetime) -> None:
    """Place one step of articles and write it: stories, memberships, merges, facts."""
    editors = hold_stories(changed=False)
    if editors != window.editors:
        window.match_rows(now=now)
        window.editors = editors
    assigned: dict[int, Assignment] = {}
    redirects: dict[int, int] = {}
    for report, article in make_reports(articles):
        found = assigned[article.pk] = window.grouper.add(report)
        redirects.update((merge.gone, merge.kept) for merge in found.merges)
    ids = _begin_stories(window, articles, assigned, redirects, now=now)
    for article in articles:
        found = assigned[article.pk]
        story = final(found.story, redirects)
        article.story_id = ids.get(story, story)
        article.grouped_at, article.grouped_why, article.copy_of_id = now, list(found.why), found.copy_of
    update_rows(articles, ["story", "grouped_at", "grouped_why", "copy_of"])
    touched = {article.story_id for article in articles if article.story_id}
    for gone in redirects:
        if gone > 0:
            redirect(gone, kept := ids.get(final(gone, redirects), final(gone, redirects)))
            touched |= {gone, kept}
    window.remember(list(articles))
    window.advance(articles[-1].at)
    refresh_stories(touched, now=now)
    link_earlier(touched, window.grouper.window)


def _begin_stories(
    window: Remembered,
    articles: Sequence[Article],
    assigned: dict[int, Assignment],
    redirects: dict[int, int],
    *,
    now: datetime,
) -> dict[int, int]:
    """Make rows for the new stories that stand at the end of a step; return their ids by key."""
    begun: dict[int, Story] = {}
    for article in articles:
        key = final(assigned[article.pk].story, redirects)
        if key < 0 and key not in begun:
            begun[key] = new_story(article, now=now)
    Story.objects.bulk_create(begun.values())
    ids = {key: story.pk for key, story in begun.items()}
    for key, story_id in ids.items():
        window.grouper.rename(key, story_id)
    return ids
