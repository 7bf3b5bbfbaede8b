"""Two editors on one story: what the page showed comes back with every POST, and is compared with what stands now."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import Q

from articles.models import Article, Decision, Story

WORDS = {
    "headline": "the headline",
    "lead": "the leading report",
    "pinned": "the pin",
    "hidden": "whether readers see it",
    "locked": "whether it takes newcomers",
    "merged": "the story that it was merged into",
}
SHOWN = 5  # decisions of others


class Stale(Exception):
    """Somebody else changed the story since the page was shown; ``changes`` says what, in words."""

    def __init__(self, changes: list[str]) -> None:
        super().__init__("; ".join(changes))
        self.changes = changes


def seen_now(story_id: int) -> dict[str, Any]:
    """What editors decide of a story, as the page carries it; a lead that the machine chose does not count."""
    story = Story.objects.get(pk=story_id)
    newest = Decision.objects.filter(Q(target="story", target_id=str(story_id))).values_list("pk", flat=True).first()
    return {
        "headline": story.headline,
        "lead": story.lead_id if story.lead_chosen else None,
        "pinned": story.pinned_until.isoformat() if story.pinned_until else None,
        "hidden": story.hidden,
        "locked": story.locked,
        "merged": story.merged_into_id,
        "reports": list(Article.objects.filter(story_id=story_id).order_by("pk").values_list("pk", flat=True)),
        "decision": newest or 0,
    }


def changes_since(story_id: int, seen: str) -> list[str]:
    """What is other than the page showed, in words; reports that joined meanwhile change nothing that was decided."""
    try:
        before = json.loads(seen[:100_000])
        reports = {int(pk) for pk in before["reports"]}
        last = int(before["decision"])
        fields = {name: before[name] for name in WORDS}
    except (ValueError, TypeError, KeyError):
        return ["This page was not complete; look at the story as it stands now and try again."]
    now = seen_now(story_id)
    changes = [
        f"{WORDS[name]}: was {words(name, old)}, is {words(name, now[name])} now"
        for name, old in fields.items()
        if old != now[name]
    ]
    left = reports - set(now["reports"])
    if left:
        titles = Article.objects.filter(pk__in=left).values_list("title", flat=True)
        changes += [f"“{title[:100]}” is not in this story any more" for title in titles]
    if changes:
        changes += decided(story_id, last)
    return changes


def words(name: str, value: Any) -> str:
    """A value as people say it."""
    if value in (None, ""):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "lead":
        title = Article.objects.filter(pk=value).values_list("title", flat=True).first()
        return f"“{title[:100]}”" if title else "a report that is gone"
    return str(value)[:120]


def decided(story_id: int, last: int) -> list[str]:
    """Who decided what since."""
    newer = Decision.objects.filter(target="story", target_id=str(story_id), pk__gt=last).select_related("user")
    return [f"{each.user or 'somebody'}: {each.action}, {each.at:%H:%M:%S} UTC" for each in newer[:SHOWN]]
