"""One story on the desk: its reports side by side, and everything that can be decided about it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html

from articles import curation
from articles.admin.changes import Stale, changes_since, seen_now
from articles.admin.finding import find_stories
from articles.curation import Refused
from articles.doubts import may_be_one, may_be_two
from articles.models import Article, Decision, Story
from articles.store.membership import hold_stories

REPORTS = 300  # shown at most
FOUND = 15  # stories that a search offers for merging
DECISIONS = 10
NUMBER = re.compile(r"^\s*(?:https?://\S*?/stories/)?(\d{1,15})(?:/\S*)?\s*$")


def story_page(request: HttpRequest, story_id: int) -> HttpResponse:
    """Show the story; a POST does one thing to it, unless somebody else changed it since it was shown."""
    story = get_object_or_404(Story.objects.select_related("lead", "merged_into"), pk=story_id)
    may = request.user.has_perm("articles.change_story")
    if not (may or request.user.has_perm("articles.view_story")):
        raise PermissionDenied
    changes: list[str] = []
    if request.method == "POST":
        if not may:
            raise PermissionDenied
        try:
            messages.success(request, act(request, story))
            return redirect(request.get_full_path())
        except Refused as refusal:
            messages.error(request, str(refusal))
        except Stale as stale:
            changes = stale.changes
            story.refresh_from_db()
    return render(
        request,
        "admin/story.html",
        page_context(request, story, may=may, changes=changes),
        status=409 if changes else 200,
    )


def act(request: HttpRequest, story: Story) -> str:
    """Do what was asked in one transaction and say what was done. Raises Refused or Stale."""
    do = ACTIONS.get(request.POST.get("do", "").partition(" ")[0])
    if do is None:
        raise Refused("Nothing is known of this action; nothing was done.")
    with transaction.atomic():
        hold_stories(changed=False)
        changes = changes_since(story.pk, request.POST.get("seen", ""))
        if changes:
            raise Stale(changes)
        story.refresh_from_db()
        return do(request, story)


def page_context(request: HttpRequest, story: Story, *, may: bool, changes: list[str]) -> dict[str, Any]:
    """What the page shows."""
    query = request.GET.get("q", "").strip()[:300]
    articles = list(
        Article.objects.filter(story=story).with_tags().select_related("copy_of__source").order_by("at", "pk")[:REPORTS]
    )
    doubt = may_be_two(articles)
    about = Decision.objects.filter(target="story", target_id=str(story.pk))
    ticked = {int(pk) for pk in request.POST.getlist("report") if pk.isdecimal()} if changes else set()
    return {
        **admin.site.each_context(request),
        "title": str(story),
        "story": story,
        "opts": Story._meta,
        "articles": articles,
        "doubt": doubt,
        "ticked": ticked or (set(doubt.articles) if doubt and "split" in request.GET else set()),
        "alike": may_be_one(story, articles) if not story.merged_into_id else [],
        "query": query,
        "found": [other for other in find_stories(query)[: FOUND + 1] if other.pk != story.pk][:FOUND] if query else [],
        "seen": json.dumps(seen_now(story.pk)),
        "changes": changes,
        "posted": request.POST if changes else {},
        "may": may,
        "tomorrow": timezone.localtime() + timedelta(days=1),
        "pinned": bool(story.pinned_until and story.pinned_until > timezone.now()),
        "decisions": about.select_related("user")[:DECISIONS],
    }


def chosen_reports(request: HttpRequest) -> list[int]:
    return [int(pk) for pk in request.POST.getlist("report") if pk.isdecimal() and len(pk) < 16]


def story_number(text: str) -> int:
    """The id in "123" or in the address of a story. Raises Refused."""
    match = NUMBER.match(text)
    if not match:
        raise Refused("Give the number or the address of a story.")
    return int(match[1])


def note(request: HttpRequest) -> dict[str, Any]:
    """Who decides, and why, as curation takes it."""
    return {"by": request.user.pk, "reason": request.POST.get("reason", "").strip()[:500]}


def merge(request: HttpRequest, story: Story) -> str:
    others = {int(pk) for pk in request.POST.getlist("other") if pk.isdecimal() and len(pk) < 16}
    if request.POST.get("address", "").strip():
        others.add(story_number(request.POST["address"]))
    if others == {story.pk}:
        raise Refused("A story cannot be merged with itself; choose another one.")
    if not others:
        raise Refused("Tick the stories that are to be merged into this one, or give the address of one.")
    curation.merge_stories(story.pk, others, **note(request))
    return f"{len(others - {story.pk})} stories were merged into this one; their addresses lead here."


def split(request: HttpRequest, story: Story) -> str:
    decision = curation.split_story(story.pk, chosen_reports(request), **note(request))
    new = Story.objects.get(pk=decision.after["created"][0])
    return format_html(
        'The ticked reports are a story of their own now: <a href="../../{}/change/">{}</a>.', new.pk, str(new)
    )


def move(request: HttpRequest, story: Story) -> str:
    reports = chosen_reports(request)
    if not reports:
        raise Refused("Tick the reports that are to be moved.")
    target = story_number(request.POST.get("target", ""))
    if target == story.pk:
        raise Refused("They are in this story already; give the address of another one.")
    for pk in reports:
        if not Article.objects.filter(pk=pk, story=story).exists():
            raise Refused(f"The report {pk} is not in this story.")
        curation.move_article(pk, target, **note(request))
    return f"{len(reports)} reports were moved to story {target}."


def lead(request: HttpRequest, story: Story) -> str:
    chosen = request.POST.get("do", "").partition(" ")[2]  # the button of a report names it
    curation.set_lead(story.pk, int(chosen) if chosen.isdecimal() and len(chosen) < 16 else None, **note(request))
    return "This report leads the story now." if chosen else "The machine chooses the leading report again."


def headline(request: HttpRequest, story: Story) -> str:
    text = request.POST.get("headline", "")
    if " ".join(text.split()) == story.headline:
        raise Refused("The headline is that already; press the button of what you want to do.")
    curation.set_headline(story.pk, text, **note(request))
    return "The headline was set." if text.strip() else "The headline is that of the leading report again."


def pin(request: HttpRequest, story: Story) -> str:
    if story.hidden:
        raise Refused("The story is hidden from readers; show it first, then pin it.")
    until = read_time(request.POST.get("until", ""))
    curation.pin(story.pk, until, **note(request))
    return f"Pinned until {timezone.localtime(until):%d %B %H:%M}."


def read_time(text: str) -> datetime:
    """A time in TIME_ZONE as the browser writes it. Raises Refused."""
    try:
        time = parse_datetime(text)
    except ValueError:
        time = None
    if time is None or not 2000 < time.year < 2200:
        raise Refused("Say until when it is to be pinned.")
    return time if timezone.is_aware(time) else timezone.make_aware(time)


def unpin(request: HttpRequest, story: Story) -> str:
    curation.pin(story.pk, None, **note(request))
    return "No longer pinned."


def hide(request: HttpRequest, story: Story) -> str:
    if not request.POST.get("reason", "").strip():
        raise Refused("Say why it is hidden; the reason stands among the decisions.")
    curation.set_hidden(story.pk, True, **note(request))
    return "Hidden from readers."


def show(request: HttpRequest, story: Story) -> str:
    curation.set_hidden(story.pk, False, **note(request))
    return "Readers see it again."


def lock(request: HttpRequest, story: Story) -> str:
    curation.set_locked(story.pk, True, **note(request))
    return "It takes no newcomers any more."


def unlock(request: HttpRequest, story: Story) -> str:
    curation.set_locked(story.pk, False, **note(request))
    return "It takes newcomers again."


ACTIONS: dict[str, Callable[[HttpRequest, Story], str]] = {
    action.__name__: action for action in (merge, split, move, lead, headline, pin, unpin, hide, show, lock, unlock)
}
