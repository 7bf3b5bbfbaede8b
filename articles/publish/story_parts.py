"""The parts of a story's page: reports in three orders, sides and silence, languages, hours, rank, edits."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article, Story
from articles.models.source import Perspective
from articles.publish import rows, when
from articles.publish.edition import edition
from articles.publish.marks import COLOURS, SHORT, SMALL, bar

ORDERS = ("time", "side", "language")
EXPECTED = ("kz", "kg", "tj", "tm", "uz", "ru", "cn", "western")  # sides whose silence is told
HOURS = 24  # columns of the small chart at most


@dataclass(slots=True)
class Report:
    """One report with its copies and edits."""

    line: rows.Line
    side: str
    first: bool
    copies: list[rows.Line] = field(default_factory=list)
    edits: list[dict[str, Any]] = field(default_factory=list)
    why: list[str] = field(default_factory=list)


def reports(articles: Sequence[Article]) -> list[Report]:
    """Reports by time, copies folded into the report whose words they carry."""
    lines = dict(zip((article.pk for article in articles), rows.lines(articles), strict=True))
    found: dict[int, Report] = {}
    for article in articles:
        if article.copy_of_id in lines and article.copy_of_id != article.pk:
            continue
        found[article.pk] = Report(lines[article.pk], article.source.perspective, first=not found, edits=edits(article))
    for article in articles:
        if article.pk not in found:
            original = article.copy_of_id or 0
            owner = found.get(original) or next(iter(found.values()), None)
            if owner:
                owner.copies.append(lines[article.pk])
    return list(found.values())


def ordered(found: Sequence[Report], order: str) -> list[dict[str, Any]]:
    """The reports in groups with headings: one for each day, side or language."""
    groups: dict[str, dict[str, Any]] = {}
    if order == "side":
        places = {side: place for place, side in enumerate(Perspective.values)}
        listed = sorted(found, key=lambda report: places.get(report.side, 99))
    elif order == "language":
        counts = Counter(report.line.head.language for report in found)
        listed = sorted(found, key=lambda report: (-counts[report.line.head.language], report.line.head.language))
    else:
        listed = list(found)
    for report in listed:
        if order == "side":
            key, name = report.side, str(Perspective(report.side).label)
        elif order == "language":
            key, name = report.line.head.language, report.line.head.language_name
        else:
            key, name = report.line.day, when.long_day(datetime.fromisoformat(report.line.day).date())
        groups.setdefault(key, {"name": name, "reports": []})["reports"].append(report)
    return list(groups.values())


def sides(story: Story, articles: Sequence[Article]) -> list[dict[str, Any]]:
    """Who tells it and who does not: one row for each side, in the one order."""
    first: dict[str, rows.Line] = {}
    for article, line in zip(articles, rows.lines(articles), strict=True):
        first.setdefault(article.source.perspective, line)
    followed, found = edition(), []
    for side in Perspective.values:
        pair = story.marks.get(side)
        if not pair and (side not in EXPECTED or not followed.followed(side)):
            continue
        found.append(
            {
                "name": str(Perspective(side).label),
                "short": str(SHORT.get(side, side.upper())),
                "colour": COLOURS[side],
                "bar": bar({side: pair}, size=SMALL) if pair else None,
                "count": sum(pair) if pair else 0,
                "state": pair[0] if pair else 0,
                "first": first.get(side),
                "followed": followed.followed(side),
            }
        )
    return found


def tongues(story: Story, articles: Sequence[Article]) -> list[dict[str, Any]]:
    """The best headline of each other language, with its outlet."""
    _head, others = rows.headlines(story)
    by_id = {article.pk: article for article in articles}
    counts = Counter(article.language for article in articles)
    found = []
    for other in others:
        article = by_id.get(story.titles[other.language].get("article", 0))
        who = rows.outlet(article.source) if article else None
        url = article.get_absolute_url() if article else ""
        found.append({"head": other, "outlet": who, "url": url, "count": counts[other.language]})
    return sorted(found, key=lambda row: (-row["count"], row["head"].language))


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
    unit = min(9.0, 96 / tall)
    boxes = []
    for column, stack in enumerate(stacks):
        for row, article in enumerate(sorted(stack, key=lambda found: places.get(found.source.perspective, 99))):
            inset = 0 if article.source.steered_by_state else 0.75
            boxes.append(
                {
                    "x": round(column * 20 + 2 + inset, 2),
                    "y": round(100 - (row + 1) * unit + inset, 2),
                    "width": round(16 - 2 * inset, 2),
                    "height": round(max(unit - 2 - 2 * inset, 1), 2),
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
    return {"boxes": boxes, "labels": labels, "width": len(stacks) * 20, "hourly": hourly}


def points(story: Story) -> list[tuple[str, str]]:
    """The parts of the rank in words: what was counted, what it is worth."""
    marks = story.marks
    told = {
        "owners": ngettext("%(n)d owner", "%(n)d owners", story.owner_count) % {"n": story.owner_count},
        "ownerships": ngettext("%(n)d kind of owner", "%(n)d kinds of owners", len(story.ownerships))
        % {"n": len(story.ownerships)},
        "perspectives": ngettext("%(n)d side", "%(n)d sides", len(marks)) % {"n": len(marks)},
        "languages": ngettext("%(n)d language", "%(n)d languages", len(story.languages)) % {"n": len(story.languages)},
        "copies": ngettext("%(n)d copy of the same text", "%(n)d copies of the same text", story.copy_count)
        % {"n": story.copy_count},
        "outside": _("not mainly about the five countries"),
    }
    return [(told.get(label, label), f"{value:+.1f}".replace("-", "−")) for label, value in story.points if value]


def brief(story: Story) -> dict[str, Any]:
    """A story as one line beside another."""
    head, _others = rows.headlines(story)
    return {
        "head": head,
        "url": story.get_absolute_url(),
        "outlets": story.source_count,
        "day": when.brief_day(timezone.localtime(story.last_at).date()),
    }


def edits(article: Article) -> list[dict[str, Any]]:
    """What the headline said before and after, word by word, the newest change first."""
    now, after, found = timezone.localtime(), article.title, []
    for revision in article.revisions.all()[:6]:
        if revision.title and revision.title != after:
            found.append({"time": when.short(revision.seen_at, now=now), "words": changed(revision.title, after)})
            after = revision.title
    return found


def changed(before: str, after: str) -> list[tuple[str, str]]:
    """Runs of words: ("", kept), ("del", old), ("ins", new)."""
    old, new = before[:500].split(), after[:500].split()
    runs: list[tuple[str, str]] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            runs.append(("", " ".join(old[a:b])))
        else:
            if b > a:
                runs.append(("del", " ".join(old[a:b])))
            if d > c:
                runs.append(("ins", " ".join(new[c:d])))
    return runs
