"""What people must be able to read: what this is, how it works, how good it is, corrections."""

from __future__ import annotations

import math
import re
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from articles.fetch.schedule import LONGEST, SHORTEST
from articles.group.copies import SAME
from articles.group.similarity import MAX_GAP_DAYS
from articles.models import Decision
from articles.publish import when
from articles.publish.edition import edition
from articles.publish.silence import USUAL
from articles.publish.views.page import page
from articles.rank.score import FRESH_HOURS, FURTHER, HOURS_PER_POINT, MOST_FURTHER, OUTSIDE, OWNERS, STATE_OUTLETS
from articles.rank.sides import ANSWERED
from articles.store.stories import MIN_SHARE

CORRECTIONS = 100
FIGURES = (  # what docs/accuracy.md calls the rows and columns of its first table
    gettext_noop("figure"),
    gettext_noop("aim"),
    gettext_noop("measured half (368 items, never tuned on)"),
    gettext_noop("shared set (544), stories left out"),
    gettext_noop("shared set, weights in force"),
    gettext_noop("plain lexicon at the start"),
    gettext_noop("language"),
    gettext_noop("relevance"),
    gettext_noop("irrelevant items kept out"),
    gettext_noop("countries, core five"),
    gettext_noop("countries, all"),
    gettext_noop("topics, micro"),
)
TAKEDOWN = "hide"  # shows date and kind alone: a reason or an address would point at what was taken down


def text(request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
    """A page of running text."""
    return render(request, f"articles/about/{name}.html", {"page_title": title, **context})


@page()
def about(request: HttpRequest) -> HttpResponse:
    """What this is."""
    return text(request, "about", _("What this is"), outlets=edition().outlets)


@page()
def method(request: HttpRequest) -> HttpResponse:
    """How stories are made, ranked and labelled; every figure on it is read from the code that obeys it."""
    owners = [(count, f"{OWNERS * math.log2(1 + count):.1f}") for count in (1, 2, 4, 8, 16)]
    return text(
        request,
        "method",
        _("How stories are made, ranked and labelled"),
        description=_("How reports become stories, what moves them up, what the labels mean and what silence means."),
        shortest=int(SHORTEST / timedelta(minutes=1)),
        longest=int(LONGEST / timedelta(hours=1)),
        extract=settings.EXTRACT_CHARS,
        window=f"{MAX_GAP_DAYS:g}",
        share=round(100 * MIN_SHARE),
        same=round(100 * SAME),
        owners=owners,
        further={name: f"{each:g}" for name, each in FURTHER.items()},
        most=MOST_FURTHER + 1,
        outside=f"{-OUTSIDE:g}",
        state=STATE_OUTLETS,
        hours=f"{HOURS_PER_POINT:g}",
        fresh=f"{FRESH_HOURS:g}",
        usual=USUAL.days,
        answered=round(100 * ANSWERED),
    )


@page()
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept of a visitor."""
    return text(request, "privacy", _("Privacy"))


@page()
def contact(request: HttpRequest) -> HttpResponse:
    """Takedown, right of reply, objections to labels."""
    return text(request, "contact", _("Contact"), contact=settings.FETCH_CONTACT)


@page()
def accuracy(request: HttpRequest) -> HttpResponse:
    """The last measured figures, from the table that the tests compare."""
    path = settings.BASE_DIR / "docs" / "accuracy.md"
    written = path.read_text(encoding="utf-8") if path.is_file() else ""
    table = re.search(r"(?:^\|.*\n)+", written, re.MULTILINE)
    lines = [line for line in table[0].splitlines() if set(line) - set("|-: ")] if table else []
    rows = [[in_page_language(cell.strip(" `*")) for cell in line.strip().strip("|").split("|")] for line in lines]
    return text(request, "accuracy", _("Accuracy"), head=rows[:1], rows=rows[1:])


def in_page_language(cell: str) -> tuple[str, str]:
    """A cell of the measured table and its language where it is not that of the page."""
    if cell in FIGURES:
        return _(cell), ""
    return cell, "en" if re.search("[a-z]", cell) and get_language() != "en" else ""


@page()
def corrections(request: HttpRequest) -> HttpResponse:
    """What editors changed of what readers saw, without their names."""
    found = [
        {
            "time": when.full(decision.at),
            "what": in_words(decision.action),
            "reason": "" if decision.action == TAKEDOWN else decision.reason,
            "target": "" if decision.action == TAKEDOWN else decision.target,
            "id": decision.target_id,
            "undone": decision.undone_at is not None,
        }
        for decision in Decision.objects.filter(public=True)[:CORRECTIONS]
    ]
    return text(request, "corrections", _("Corrections"), decisions=found)


def in_words(action: str) -> str:
    """What an editor did, in words; an action that nobody named yet stands as it is."""
    return {
        "hide": _("taken down"),
        "show": _("shown again"),
        "retag": _("tags changed"),
        "merge": _("stories joined"),
        "split": _("story divided"),
        "move": _("report moved to another story"),
        "headline": _("headline of a story changed"),
        "lead": _("leading report chosen"),
        "pin": _("pinned"),
        "unpin": _("no longer pinned"),
        "lock": _("closed to newcomers"),
        "unlock": _("open to newcomers"),
        "label": _("label of an outlet changed"),
        "language": _("language of a report corrected"),
        "relevant": _("report counted in"),
        "irrelevant": _("report counted out"),
    }.get(action, action)
