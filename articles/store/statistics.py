"""Figures by day: marked where reports change, made again one day at a time, each day in a transaction of its own."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, Min, OuterRef
from django.utils import timezone

from articles.models import (
    Article,
    ArticleCountry,
    ArticleEntity,
    ArticleTopic,
    ChangedDay,
    DailyCount,
    Lease,
    Story,
    StoryDay,
)
from articles.rank.score import score
from articles.records import StoryFacts

NAME = "statistics"
HELD = timedelta(minutes=5)  # a dead process gives its place up after this
SETTLE = timedelta(minutes=10)  # days that are over wait for more changes before they are counted again
STEP = 60  # days in one run
CHUNK = 500  # keys in one query: SQLite takes 32,766 at most
STATE = frozenset({"state", "state-affiliated"})

TAGS = (
    (DailyCount.Kind.COUNTRY, ArticleCountry, "country_id"),
    (DailyCount.Kind.TOPIC, ArticleTopic, "topic_id"),
    (DailyCount.Kind.ENTITY, ArticleEntity, "entity_id"),
)


def mark_days(times: Iterable[datetime], *, now: datetime) -> None:
    """Note that the figures of the days of these times are to be made again; inside the caller's transaction."""
    days = {timezone.localtime(at).date() for at in times}
    ChangedDay.objects.bulk_create([ChangedDay(day=day, at=now) for day in sorted(days)], batch_size=CHUNK)


def mark_deleted(sender: type[Article], instance: Article, **_: object) -> None:
    """A report that is deleted, by whomever, is counted no more (connected in apps.py)."""
    mark_days([instance.at], now=timezone.now())


def mark_outlets(ids: Collection[int], *, now: datetime) -> None:
    """These outlets were hidden, shown or labelled anew: the days since their first report are to be made again."""
    reports = Article.objects.filter(source_id__in=ids)
    span = reports.order_by().aggregate(first=Min("at"), last=Max("at"))
    if span["first"] is not None:
        day, last = (timezone.localtime(span[key]).date() for key in ("first", "last"))
        days = [day + timedelta(days=n) for n in range((last - day).days + 1)]
        ChangedDay.objects.bulk_create([ChangedDay(day=day, at=now) for day in days], batch_size=CHUNK)


def catch_up(*, now: datetime, settle: timedelta = SETTLE, limit: int = STEP) -> int:
    """Make the figures of marked days again, the newest first; return how many days.

    Today and days that were never counted come at once, other days ``settle`` after a mark. One process at a time;
    a killed one loses nothing.
    """
    with Lease.held(NAME, lasting=HELD) as mine:
        if mine is None:
            return 0
        today = timezone.localtime(now).date()
        marks = ChangedDay.objects.order_by()
        days = {*marks.filter(day__gte=today).values_list("day", flat=True)}
        counted = DailyCount.objects.filter(day=OuterRef("day"))
        days.update(marks.filter(~Exists(counted)).values_list("day", flat=True).distinct().order_by("-day")[:limit])
        settled = marks.filter(at__lte=now - settle).values_list("day", flat=True).distinct()
        days.update(settled.order_by("-day")[:limit])
        for day in sorted(days, reverse=True)[:limit]:
            remake(day)
            mine.keep()
    return len(days)


def remake(day: date) -> None:
    """Count one day again and put its stories in order; what is marked meanwhile stays marked."""
    with transaction.atomic():
        marks = list(ChangedDay.objects.filter(day=day).values_list("pk", flat=True))
        reports = reports_of(day)
        rows = count(day, reports)
        DailyCount.objects.filter(day=day).delete()
        DailyCount.objects.bulk_create(rows, batch_size=CHUNK)
        StoryDay.objects.filter(day=day).delete()
        StoryDay.objects.bulk_create(placed(day, reports), batch_size=CHUNK)
        for start in range(0, len(marks), CHUNK):
            ChangedDay.objects.filter(pk__in=marks[start : start + CHUNK]).delete()


def bounds(day: date) -> tuple[datetime, datetime]:
    """Beginning and end (not included) of a day in TIME_ZONE."""
    start, end = (timezone.make_aware(datetime.combine(each, time.min)) for each in (day, day + timedelta(days=1)))
    return start, end


@dataclass(frozen=True, slots=True)
class Seen:
    """One report as it is counted."""

    id: int
    source_id: int
    side: str
    ownership: str
    language: str
    story_id: int | None


def reports_of(day: date) -> list[Seen]:
    """What readers may see of this day."""
    start, end = bounds(day)
    found = Article.objects.published().filter(at__gte=start, at__lt=end).order_by()
    keys = ("pk", "source_id", "source__perspective", "source__ownership", "language", "story_id")
    return [Seen(*row) for row in found.values_list(*keys)]


@dataclass(slots=True)
class Tally:
    """What is counted under one key."""

    articles: int = 0
    steered: int = 0
    stories: set[int] = field(default_factory=set)
    languages: Counter[str] = field(default_factory=Counter)
    sides: Counter[str] = field(default_factory=Counter)

    def add(self, report: Seen) -> None:
        self.articles += 1
        self.steered += report.ownership in STATE
        if report.story_id is not None:
            self.stories.add(report.story_id)
        if report.language:
            self.languages[report.language] += 1
        self.sides[report.side] += 1


def count(day: date, reports: Sequence[Seen]) -> list[DailyCount]:
    """The rows of one day."""
    tallies: dict[tuple[str, str], Tally] = defaultdict(Tally)
    by_id = {report.id: report for report in reports}
    for report in reports:
        tallies[DailyCount.Kind.ALL, ""].add(report)
        tallies[DailyCount.Kind.SOURCE, str(report.source_id)].add(report)
    for kind, model, key in TAGS:
        for article_id, value in tags_of(model, key, list(by_id)):
            tallies[kind, str(value)].add(by_id[article_id])
    return [
        DailyCount(
            day=day,
            kind=kind,
            key=key,
            articles=tally.articles,
            steered=tally.steered,
            stories=len(tally.stories),
            languages=dict(tally.languages.most_common()),
            sides=dict(tally.sides.most_common()),
        )
        for (kind, key), tally in tallies.items()
    ]


def tags_of(model: Any, key: str, ids: Sequence[int]) -> Iterable[tuple[int, Any]]:
    """Tags of these articles, in steps by their ids."""
    for start in range(0, len(ids), CHUNK):
        yield from model.objects.filter(article_id__in=ids[start : start + CHUNK]).values_list("article_id", key)


def placed(day: date, reports: Sequence[Seen]) -> list[StoryDay]:
    """The stories with a report of this day, ranked by all that had been reported by its end."""
    today = Counter(report.story_id for report in reports if report.story_id is not None)
    core = stories_shown(list(today))
    facts = facts_by(bounds(day)[1], core)
    ranks = {pk: score(found).rank for pk, found in facts.items()}
    ordered = sorted(ranks, key=lambda pk: (-ranks[pk], -pk))
    return [
        StoryDay(day=day, place=place, story_id=pk, rank=ranks[pk], articles=today[pk])
        for place, pk in enumerate(ordered, 1)
    ]


def stories_shown(ids: Sequence[int]) -> dict[int, bool]:
    """Those of these stories that stand, and whether each is about one of the five."""
    core: dict[int, bool] = {}
    for start in range(0, len(ids), CHUNK):
        found = Story.objects.published().filter(pk__in=ids[start : start + CHUNK])
        core.update(found.order_by().values_list("pk", "core"))
    return core


def facts_by(end: datetime, core: Mapping[int, bool]) -> dict[int, StoryFacts]:
    """Facts of these stories from their reports before ``end``."""
    by_story: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    ids = list(core)
    keys = ("story_id", "at", "copy_of_id", "language", "source_id", "source__owner", "source__ownership",
            "source__perspective")  # fmt: skip
    for start in range(0, len(ids), CHUNK):
        shown = Article.objects.published().filter(story_id__in=ids[start : start + CHUNK], at__lt=end)
        for story_id, *told in shown.order_by().values_list(*keys):
            by_story[story_id].append(tuple(told))
    return {pk: facts_of(told, core=core[pk]) for pk, told in by_story.items()}


def facts_of(reports: Collection[tuple[Any, ...]], *, core: bool) -> StoryFacts:
    """Facts from (at, copy_of, language, source, owner, ownership, perspective) of each report."""
    outlets = {source: (owner, ownership, side) for _, _, _, source, owner, ownership, side in reports}
    times = [report[0] for report in reports]
    return StoryFacts(
        first_at=min(times),
        last_at=max(times),
        articles=len(reports),
        copies=sum(report[1] is not None for report in reports),
        sources=len(outlets),
        owners=len({owner for owner, _, _ in outlets.values()}),
        ownerships=dict(Counter(ownership for _, ownership, _ in outlets.values())),
        perspectives=dict(Counter(side for _, _, side in outlets.values())),
        languages=tuple({report[2] for report in reports if report[2]}),
        core=core,
    )
