"""Grouping as one ordered stream over the database: what is in no story yet, in order, one grouper at a time."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from articles.group import Assignment, Constraints, Grouper, GroupSettings
from articles.models import Article, ArticleCountry, ArticleEntity, ArticleTopic, Lease, Story
from articles.records import Report
from articles.store.membership import begin_story, hold_stories, redirect
from articles.store.stories import refresh_stories

NAME = "grouper"
HELD = timedelta(minutes=5)  # a dead grouper gives its place up after this
STEP = 200  # articles in one transaction
PATIENCE = 120.0  # seconds that a command waits for another grouper
TEXT_CHARS = 1500  # of summary and body that the grouper reads


def group_new(*, wait: bool = False) -> int:
    """Put every article that is in no story yet into one; return how many there were.

    When another grouper runs nothing happens, unless ``wait``. A killed grouper loses nothing: each step is one
    transaction, and the window is read again from the database.
    """
    until = time.monotonic() + PATIENCE
    while True:
        with Lease.held(NAME, lasting=HELD) as mine:
            if mine:
                return _group_all_new()
        if not wait or time.monotonic() > until:
            return 0
        time.sleep(0.2)


def _group_all_new() -> int:
    done = 0
    if not Article.objects.ungrouped().exists():
        return done
    grouper = _load_window(timezone.now())
    while step := list(Article.objects.ungrouped().select_related("source", "body")[:STEP]):
        with transaction.atomic():
            _group_step(grouper, step, now=timezone.now())
        done += len(step)
        Lease.objects.filter(name=NAME).update(until=timezone.now() + HELD)
    return done


def _load_window(now: datetime) -> Grouper:
    """A grouper that knows the reports of the window and their stories, as one that had never ended would."""
    start = now - GroupSettings().window
    first = Article.objects.ungrouped().values_list("at", flat=True).first()
    if first is not None:
        start = min(start, max(first, now - timedelta(days=60)) - GroupSettings().window)
    known = Article.objects.filter(at__gte=start, story__isnull=False, hidden=False, relevant=True)
    locked = Story.objects.filter(locked=True, last_at__gte=start).values_list("pk", flat=True)
    grouper = Grouper(constraints=Constraints(locked=frozenset(locked)))
    for report, article in _reports(known.select_related("source", "body").order_by("at", "id")):
        if article.story_id is not None:
            grouper.load(report, article.story_id, copy=article.copy_of_id is not None)
    return grouper


def _reports(articles: QuerySet[Article]) -> Iterable[tuple[Report, Article]]:
    """Stored articles as the grouper sees them, with their tags, in steps so that memory stays flat."""
    last: list[Article] = []
    for article in articles.iterator(chunk_size=1000):
        last.append(article)
        if len(last) == 1000:
            yield from make_reports(last)
            last = []
    yield from make_reports(last)


def make_reports(articles: Sequence[Article]) -> list[tuple[Report, Article]]:
    """Records for the grouper; three queries for the tags of all."""
    ids = [article.pk for article in articles]
    tags: list[dict[int, list[str]]] = []
    for rows in (
        ArticleCountry.objects.filter(article_id__in=ids).values_list("article_id", "country_id"),
        ArticleTopic.objects.filter(article_id__in=ids).values_list("article_id", "topic__slug"),
        ArticleEntity.objects.filter(article_id__in=ids).values_list("article_id", "entity__slug"),
    ):
        found: dict[int, list[str]] = {}
        for article_id, key in rows.order_by("article_id", "-score", "pk"):
            found.setdefault(article_id, []).append(key)
        tags.append(found)
    return [(_report(article, *(tuple(found.get(article.pk, ())) for found in tags)), article) for article in articles]


def _report(article: Article, countries: tuple[str, ...], topics: tuple[str, ...], entities: tuple[str, ...]) -> Report:
    body = getattr(article, "body", None)
    text = article.summary
    if body and len(text) < TEXT_CHARS:
        text = f"{text}\n{body.text}"
    return Report(
        id=article.pk,
        title=article.title,
        text=text[:TEXT_CHARS].strip(),
        language=article.language,
        at=article.at,
        source=article.source.slug,
        owner=article.source.owner,
        countries=countries,
        topics=topics,
        entities=entities,
    )


def _group_step(grouper: Grouper, articles: Sequence[Article], *, now: datetime) -> None:
    """Place one step of articles and write it: stories, memberships, merges, facts."""
    hold_stories(changed=False)
    touched: set[int] = set()
    for report, article in make_reports(articles):
        assigned = grouper.add(report)
        story_id = assigned.story
        if assigned.new or story_id < 0:
            story_id = begin_story(article, now=now).pk
            grouper.rename(assigned.story, story_id)
        _place(article, story_id, assigned, now=now)
        touched.add(story_id)
    Article.objects.bulk_update(articles, ["story", "grouped_at", "grouped_why", "copy_of"], batch_size=STEP)
    for merge in grouper.merges():
        redirect(merge.gone, merge.kept)
        touched |= {merge.gone, merge.kept}
    refresh_stories(touched, now=now)


def _place(article: Article, story_id: int, assigned: Assignment, *, now: datetime) -> None:
    article.story_id = story_id
    article.grouped_at = now
    article.grouped_why = list(assigned.why)
    article.copy_of_id = assigned.copy_of


def regroup(*, since: datetime | None = None) -> int:
    """Group stored articles again by the present rules; return how many there were.

    What editors placed, and locked stories, stay. A new grouping keeps the story id with which it shares most
    reports; ids that end redirect to the story that holds most of their reports.
    """
    articles = Article.objects.filter(relevant=True, hidden=False, placed_by_editor=False).exclude(story__locked=True)
    if since is not None:
        articles = articles.filter(at__gte=since)
    with Lease.held(NAME, lasting=timedelta(hours=2)) as mine:
        if not mine:
            raise RuntimeError("another grouper is at work; try again in a few minutes")
        now = timezone.now()
        grouper = Grouper()
        before: dict[int, int] = {}
        groups: dict[int, list[int]] = {}
        copies: dict[int, int | None] = {}
        ordered = articles.select_related("source", "body").order_by("at", "id")
        keys: dict[int, int] = {}
        for report, article in _reports(ordered):
            assigned = grouper.add(report)
            keys[article.pk] = assigned.story
            copies[article.pk] = assigned.copy_of
            if article.story_id:
                before[article.pk] = article.story_id
            for merge in grouper.merges():
                keys.update({pk: merge.kept for pk, key in keys.items() if key == merge.gone})
        for pk, key in keys.items():
            groups.setdefault(key, []).append(pk)
        _write_groups(groups, before, copies, now=now)
    return len(keys)


def _write_groups(
    groups: dict[int, list[int]], before: dict[int, int], copies: dict[int, int | None], *, now: datetime
) -> None:
    """Give each group the old id with the largest overlap, new ids to the rest, redirects to ids that end."""
    overlaps = sorted(
        (
            (-sum(before.get(pk) == old for pk in members), old, key)
            for key, members in groups.items()
            for old in {before[pk] for pk in members if pk in before}
        )
    )
    ids: dict[int, int] = {}
    for _, old, key in overlaps:
        if key not in ids and old not in ids.values():
            ids[key] = old
    with transaction.atomic():
        for key, members in groups.items():
            if key not in ids:
                first = Article.objects.get(pk=members[0])
                ids[key] = begin_story(first, now=now).pk
            Article.objects.filter(pk__in=members).update(story_id=ids[key], grouped_at=now)
        for pk, original in copies.items():
            Article.objects.filter(pk=pk).exclude(copy_of_id=original).update(copy_of_id=original)
        Story.objects.filter(pk__in=set(ids.values())).update(merged_into=None)
        _redirect(set(before.values()) - set(ids.values()), groups, before, ids)
        refresh_stories({*before.values(), *ids.values()}, now=now)


def _redirect(ended: set[int], groups: dict[int, list[int]], before: dict[int, int], ids: dict[int, int]) -> None:
    where: dict[int, dict[int, int]] = {}
    for key, members in groups.items():
        for pk in members:
            old = before.get(pk)
            if old in ended:
                counts = where.setdefault(old, {})
                counts[ids[key]] = counts.get(ids[key], 0) + 1
    for old, counts in where.items():
        if not Article.objects.filter(story_id=old).exists():
            target = max(counts, key=lambda key: (counts[key], -key))
            Story.objects.filter(pk=old).update(merged_into_id=target, article_count=0)
