"""Feeds that need a hand: silent against their own rhythm, failing for long, gone, moved. Editors hear of each once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.utils import timezone

from articles.fetch.masking import mask_address
from articles.models import Feed

FAILING_FOR = timedelta(days=3)
SILENT_INTERVALS = 20  # times the feed's own mean gap between items
SILENT_AT_LEAST = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Finding:
    """One feed and what is wrong with it, in words."""

    feed: Feed
    what: str


def findings(*, now: datetime) -> list[Finding]:
    """Every active feed that needs a hand, by outlet."""
    found = []
    for feed in Feed.objects.filter(enabled=True).select_related("source"):
        what = diagnose(feed, now=now)
        if what:
            found.append(Finding(feed, what))
    return found


def diagnose(feed: Feed, *, now: datetime) -> str:
    """What is wrong with this feed in one sentence; "" when nothing is."""
    if feed.outcome == Feed.Outcome.GONE:
        return "the outlet has ended this feed"
    if feed.current_url != feed.url:
        return f"moved to {mask_address(feed.current_url)}"
    if feed.outcome == Feed.Outcome.HTML_PAGE and feed.suggestion:
        return f"a web page now; it advertises {mask_address(feed.suggestion)}"
    since = feed.last_success_at or (
        feed.last_fetched_at and feed.last_fetched_at - FAILING_FOR if feed.failures >= 5 else None
    )
    if feed.failing and since and now - since >= FAILING_FOR:
        return f"failing for {(now - since).days} days: {feed.message}"
    if feed.last_item_at and not feed.failing:
        silent = now - feed.last_item_at
        if silent > max(SILENT_AT_LEAST, feed.interval * 2 * SILENT_INTERVALS):
            return f"nothing new for {silent.days} days, against its own rhythm"
    return ""


def report() -> int:
    """Mail the findings that nobody was told of yet; return how many there were."""
    now = timezone.now()
    new = [finding for finding in findings(now=now) if finding.feed.reported_at is None]
    if not new:
        return 0
    people = get_user_model().objects.filter(is_staff=True, is_active=True).values_list("email", flat=True)
    lines = [f"- {f.feed.source.name}, {mask_address(f.feed.url)}: {f.what}" for f in new]
    if people:
        send_mail(
            f"{settings.SITE_NAME}: {len(new)} feeds need a hand",
            "\n".join([*lines, "", f"{settings.SITE_URL}/{settings.ADMIN_PATH}"]),
            None,
            list(people),
        )
    Feed.objects.filter(pk__in=[f.feed.pk for f in new]).update(reported_at=now)
    return len(new)
