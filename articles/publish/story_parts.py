"""The parts of a story's page: reports in three orders, sides and silence, languages, hours, rank, edits."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article, Story
from articles.models.source import Perspective
from articles.publish import rows, when
from articles.publish.edition import FREE, STEERED, edition
from articles.publish.headlines import headlines, isolated
from articles.publish.marks import COLOURS, SMALL, bar
from articles.publish.reader import NOBODY, Reader
from articles.publish.silence import NAMELESS
from articles.rank.sides import Missing

ENOUGH = 3  # outlets from which the sides are named that are not there


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


def sides(story: Story, lines: Mapping[str, rows.Line], missing: Sequence[Missing]) -> list[dict[str, Any]]:
    """One row for each side that tells it or is missing, in the one order; ``lines``: the first report of each side."""
    followed, verdicts = edition(), {gap.name: gap for gap in missing}
    return [
        {
            "name": str(Perspective(side).label),
            "colour": COLOURS[side],
            "bar": bar({side: pair}, size=SMALL) if pair else None,
            "count": sum(pair),
            "state": pair[0] if pair else 0,
            "first": lines.get(side),
            "followed": followed.followed(side),
            "known": bool(gap and gap.verdict == "not seen"),
            "expected": max(round(gap.expected), 1) if gap else 0,
        }
        for side in Perspective.values
        for pair, gap in ((story.marks.get(side, ()), verdicts.get(side)),)
        if pair or gap
    ]


def absent_owners(missing: Sequence[Missing]) -> list[dict[str, Any]]:
    """Whether outlets that a state owns or steers, or those that none does, are missing."""
    names = {STEERED: _("Outlets that a state owns or steers"), FREE: _("Outlets that no state owns or steers")}
    return [
        {"name": names[gap.name], "known": gap.verdict == "not seen", "expected": max(round(gap.expected), 1)}
        for gap in missing
    ]


def quiet_sides(story: Story, missing: Sequence[Missing]) -> list[str]:
    """Sides that we follow and that are not there, which in a story of this size is nothing unusual.

    Not told of stories so small that nobody would ask.
    """
    if story.source_count < ENOUGH:
        return []
    gaps, followed = {gap.name for gap in missing}, edition()
    return [
        str(Perspective(side).label)
        for side in Perspective.values
        if side not in story.marks and side not in gaps and side not in NAMELESS and followed.followed(side)
    ]


def first_lines(articles: Sequence[Article]) -> dict[str, rows.Line]:
    """The first report of each side."""
    first: dict[str, Article] = {}
    for article in articles:
        first.setdefault(article.source.perspective, article)
    return dict(zip(first, rows.lines(first.values()), strict=True))


def tongues(story: Story, articles: Sequence[Article], reader: Reader) -> list[dict[str, Any]]:
    """The best headline of each other language, with its outlet."""
    _head, others = headlines(story, reader)
    by_id = {article.pk: article for article in articles}
    counts = Counter(article.language for article in articles)
    found = []
    for other in others:
        article = by_id.get(story.titles[other.language].get("article", 0))
        who = rows.outlet(article.source) if article else None
        url = article.get_absolute_url() if article else ""
        found.append({"head": other, "outlet": who, "url": url, "count": counts[other.language]})
    return sorted(found, key=lambda row: (-row["count"], row["head"].language))


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
    return [(told.get(label, label), signed(value)) for label, value in story.points if value]


def signed(value: float) -> str:
    """+9.0, −1.5; with a comma where the language of the page has one."""
    return ("−" if value < 0 else "+") + number_format(abs(value), decimal_pos=1)


def brief(story: Story, reader: Reader = NOBODY) -> dict[str, Any]:
    """A story as one line beside another."""
    head, _others = headlines(story, reader)
    return {
        "head": head,
        "url": story.get_absolute_url() + reader.story_tail,
        "outlets": story.source_count,
        "day": when.brief_day(timezone.localtime(story.last_at).date()),
    }


def edits(article: Article) -> list[dict[str, Any]]:
    """What the headline said before and after, word by word, the newest change first."""
    now, after, found = timezone.localtime(), article.title, []
    for revision in article.revisions.all()[:6]:
        if revision.title and revision.title != after:
            words = changed(isolated(revision.title), isolated(after))
            found.append({"time": when.short(revision.seen_at, now=now), "words": words})
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
