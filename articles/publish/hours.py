"""The small chart of a story: when each outlet first reported it, one mark for each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from articles.models import Article
from articles.models.source import Perspective
from articles.publish import when
from articles.publish.marks import COLOURS

HOURS = 24  # columns at most


def hours(articles: Sequence[Article]) -> dict[str, Any] | None:
    """When each outlet first reported it: columns of marks, one for each hour (or day, when it went on for long)."""
    first: dict[int, Article] = {}
    for article in articles:
        first.setdefault(article.source_id, article)
    if len(first) < 4:
        return None
    times = [timezone.localtime(article.at) for article in first.values()]
    step = timedelta(hours=1) if max(times) - min(times) < timedelta(hours=HOURS) else timedelta(days=1)
    start = min(times).replace(minute=0, second=0, microsecond=0)
    if step > timedelta(hours=1):
        start = start.replace(hour=0)
    columns = min(int((max(times) - start) / step) + 1, HOURS)
    stacks: list[list[Article]] = [[] for _ in range(columns)]
    for article, at in zip(first.values(), times, strict=True):
        stacks[min(int((at - start) / step), columns - 1)].append(article)
    return draw_hours(stacks, start, step)


def draw_hours(stacks: Sequence[Sequence[Article]], start: datetime, step: timedelta) -> dict[str, Any]:
    """The columns as rectangles, from below, in the order of sides; labels under some of them."""
    places = {side: place for place, side in enumerate(Perspective.values)}
    tall = max(len(stack) for stack in stacks)
    unit = min(12.0, 96 / tall)
    boxes = []
    for column, stack in enumerate(stacks):
        for row, article in enumerate(sorted(stack, key=lambda found: places.get(found.source.perspective, 99))):
            inset = 0 if article.source.steered_by_state else 0.75
            boxes.append(
                {  # as text: a number would get the decimal comma of the page's language
                    "x": f"{column * 20 + 2 + inset:.6g}",
                    "y": f"{100 - (row + 1) * unit + inset:.6g}",
                    "width": f"{16 - 2 * inset:.6g}",
                    "height": f"{max(unit - 2 - 2 * inset, 1):.6g}",
                    "kind": "f" if article.source.steered_by_state else "o",
                    "colour": COLOURS[article.source.perspective],
                }
            )
    every = max(1, -(-len(stacks) // 8))
    hourly = step < timedelta(days=1)
    labels = [
        {"x": column * 20 + 10, "text": f"{at:%H}" if hourly else f"{at.day}.{at:%m}"}
        for column in range(0, len(stacks), every)
        for at in (start + column * step,)
    ]
    top = int(100 - tall * unit) - 2
    width = len(stacks) * 20
    told = hours_in_words(stacks, start, step)
    drawn = {"boxes": boxes, "labels": labels, "width": width, "top": top, "height": 116 - top}
    return {**drawn, "hourly": hourly, "told": told}


def hours_in_words(stacks: Sequence[Sequence[Article]], start: datetime, step: timedelta) -> str:
    """The chart for those who do not see it: how many outlets began in each hour or on each day."""
    told = []
    for column, stack in enumerate(stacks):
        at = start + column * step
        if stack:
            name = f"{at:%H:%M}" if step < timedelta(days=1) else when.brief_day(at.date())
            told.append(f"{name}: {len(stack)}")
    return ", ".join(told)
