"""How much was reported: by day for charts, by country for the map, from the figures kept of each day."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone

from articles.models import DailyCount, StoryCountryTopic
from articles.models.source import CORE
from articles.publish import when

DAYS = 90  # of a chart
SPARK_DAYS = 14
WEEK = 7
KEPT_CHART, KEPT_MAP = 300, 60  # seconds
HEIGHT = 100  # of the drawing; its width is one unit for each day, times four


@dataclass(frozen=True, slots=True)
class Day:
    """Reports of one day in TIME_ZONE."""

    day: date
    state: int
    others: int

    @property
    def all(self) -> int:
        return self.state + self.others


def by_day(kind: str, key: str | int, *, days: int = DAYS) -> list[Day]:
    """Reports of a country (ISO2), topic, entity or source (id), oldest first, days without reports too."""
    shown = last_days(days)
    rows = DailyCount.objects.of(kind, key).filter(day__gte=shown[0]).order_by()
    counts = {day: (steered, n - steered) for day, steered, n in rows.values_list("day", "steered", "articles")}
    return [Day(day, *counts.get(day, (0, 0))) for day in shown]


def stories_by_day(code: str, topic_id: int) -> list[Day]:
    """Stories of one topic in one country by the day of their last report: no figures are kept of such pairs."""
    name = f"volume-both-{code}-{topic_id}"
    found: list[Day] | None = cache.get(name)
    if found is None:
        days = last_days(DAYS)
        start = timezone.make_aware(datetime.combine(days[0], time.min))
        listed = StoryCountryTopic.objects.filter(country_id=code, topic_id=topic_id, last_at__gte=start).order_by()
        counts = dict(listed.values_list(TruncDate("last_at")).annotate(n=Count("pk")))
        found = [Day(day, 0, counts.get(day, 0)) for day in days]
        cache.set(name, found, KEPT_CHART)
    return found


def of_the_five() -> dict[str, list[int]]:
    """Reports a day of each of the five over SPARK_DAYS, oldest first: one query."""
    found: dict[str, list[int]] | None = cache.get("volume-five")
    if found is None:
        days = {day: place for place, day in enumerate(last_days(SPARK_DAYS))}
        found = {code: [0] * SPARK_DAYS for code in CORE}
        rows = DailyCount.objects.of(DailyCount.Kind.COUNTRY, *CORE).filter(day__gte=min(days)).order_by()
        for code, day, count in rows.values_list("key", "day", "articles"):
            if day in days:
                found[code][days[day]] = count
        cache.set("volume-five", found, KEPT_MAP)
    return found


def last_days(days: int) -> list[date]:
    """The last days in TIME_ZONE, oldest first, today included."""
    today = timezone.localdate()
    return [today - timedelta(days=back) for back in range(days - 1, -1, -1)]


@dataclass(frozen=True, slots=True)
class Chart:
    """A bar chart as SVG paths, with what a table says for those who do not see it."""

    state: str
    others: str
    width: int
    top: int  # the figure at the upper line
    ticks: list[str]
    weeks: list[dict[str, Any]]
    total: int
    most: int
    most_day: str
    first: str
    last: str
    stories: bool  # it counts stories, else reports


def chart(days: Sequence[Day], *, stories: bool = False) -> Chart:
    """Draw the days: state outlets below, others on top; ``stories``: it counts those, and no outlets."""
    top = round_up(max((day.all for day in days), default=0))
    state, others = [], []
    for place, day in enumerate(days):
        low, high = day.state * HEIGHT / top, day.all * HEIGHT / top
        if day.state:
            state.append(f"M{place * 4} {HEIGHT}h3v-{low:.3g}h-3z")
        if day.others:
            others.append(f"M{place * 4} {HEIGHT - low:.4g}h3v-{high - low:.3g}h-3z")
    most = max(days, key=lambda day: day.all)
    step = (len(days) - 1) / 4
    weeks = [days[start : start + WEEK] for start in range(0, len(days), WEEK)]
    return Chart(
        state="".join(state),
        others="".join(others),
        width=len(days) * 4,
        top=top,
        ticks=[when.brief_day(days[round(step * n)].day) for n in range(5)],
        weeks=[
            {
                "day": when.brief_day(week[0].day, year=True),
                "state": sum(day.state for day in week),
                "others": sum(day.others for day in week),
            }
            for week in weeks
        ],
        total=sum(day.all for day in days),
        most=most.all,
        most_day=when.brief_day(most.day),
        first=when.brief_day(days[0].day),
        last=when.brief_day(days[-1].day),
        stories=stories,
    )


def round_up(value: int) -> int:
    """The next even figure that reads well at the upper line."""
    if value <= 4:
        return 4
    size = 10 ** int(math.log10(value))
    return next(int(size * step) for step in (1, 2, 4, 6, 8, 10) if size * step >= value)


def spark(values: Sequence[int]) -> str:
    """Small bars without a scale, as one path in a box of 5 × len(values) by 20."""
    most = max(values, default=0)
    if not most:
        return ""
    return "".join(f"M{place * 5} 20h4v-{value * 20 / most:.3g}h-4z" for place, value in enumerate(values) if value)


def steps(figures: Mapping[str, int]) -> dict[str, str]:
    """Shades of the map, v1 to v5, by share of the largest figure; roots, so that small countries stay apart."""
    most = max(figures.values(), default=0)
    return {key: f"v{1 + round(4 * math.sqrt(value / most))}" if most else "v1" for key, value in figures.items()}
