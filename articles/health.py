"""Feeds that need a hand: silent against their own rhythm, failing for long, gone, moved. Editors hear of each once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.fetch.masking import mask_address, mask_text
from articles.fetch.schedule import our_network_is_down
from articles.models import Feed, FetchEvent

FAILING_FOR = timedelta(days=3)
SILENT_GAPS = 6  # times the feed's own mean gap between items
SILENT_AT_LEAST = timedelta(days=7)
RECENT = timedelta(minutes=10)  # of outcomes that tell whether our own network is down


@dataclass(frozen=True, slots=True)
class Finding:
    """One feed and what is wrong with it: ``kind`` names it for us, ``what`` says it to people."""

    feed: Feed
    kind: str
    what: str


def recent_outcomes(now: datetime) -> list[str]:
    """How the fetches of the last minutes ended."""
    recent = FetchEvent.objects.filter(at__gte=now - RECENT, at__lte=now)
    return list(recent.order_by("-at").values_list("outcome", flat=True)[:1000])


def network_is_down(now: datetime) -> bool:
    """Whether most fetches of the last minutes failed to connect: then it is our network, not theirs."""
    return our_network_is_down(recent_outcomes(now))


def findings(feeds: Iterable[Feed], *, now: datetime) -> list[Finding]:
    """Every one of these feeds that needs a hand, in their order; one may need it for two reasons."""
    return [Finding(feed, kind, what) for feed in feeds for kind, what in diagnose(feed, now=now)]


def diagnose(feed: Feed, *, now: datetime) -> list[tuple[str, str]]:
    """What is wrong with this feed, each as its kind and a sentence without secrets; empty when nothing is."""
    found = []
    if feed.current_url != feed.url:
        address = mask_address(feed.current_url)
        found.append((f"moved {feed.current_url}", _("moved for good to %(address)s") % {"address": address}))
    if feed.outcome == Feed.Outcome.GONE:
        found.append(("gone", _("ended by the outlet (410); it is asked no more")))
    elif feed.outcome == Feed.Outcome.HTML_PAGE and feed.suggestion:
        address = mask_address(feed.suggestion)
        found.append(("page", _("a web page now; it advertises the feed %(address)s") % {"address": address}))
    elif feed.failing and feed.failing_since and now - feed.failing_since >= FAILING_FOR:
        told = {"days": (now - feed.failing_since).days, "message": mask_text(feed.message)}
        found.append(("failing", _("failing for %(days)d days: %(message)s") % told))
    elif not feed.failing and feed.last_item_at and now - feed.last_item_at > silence_allowed(feed):
        days = (now - feed.last_item_at).days
        found.append(("silent", _("nothing new for %(days)d days, against its own rhythm") % {"days": days}))
    return found


def silence_allowed(feed: Feed) -> timedelta:
    """How long a feed may bring nothing new before somebody should look; a feed of one item shows no rhythm."""
    return max(SILENT_AT_LEAST, feed.rhythm * SILENT_GAPS) if feed.rhythm is not None else timedelta.max


def report() -> int:
    """Mail the findings that editors were not told of yet; return how many there were.

    A finding that passes and comes back is told again. Nothing counts as told before the mail is on its way, or while
    there is nobody to tell; while our own network is down nothing is said of others.
    """
    now = timezone.now()
    people = get_user_model().objects.filter(is_staff=True, is_active=True).exclude(email="")
    addresses = list(people.values_list("email", flat=True))
    if not addresses or network_is_down(now):
        return 0
    feeds = Feed.objects.filter(enabled=True).select_related("source").order_by("source__name", "pk")
    found = findings(feeds, now=now)
    new = [finding for finding in found if finding.kind not in finding.feed.reported]
    if new:
        send_mail(_subject(len(new)), _letter(new), None, addresses)
    _remember(found, feeds, now=now)
    return len(new)


def _subject(count: int) -> str:
    return f"{settings.SITE_NAME}: {count} {'feed needs' if count == 1 else 'feeds need'} a hand"


def _letter(new: list[Finding]) -> str:
    lines = [f"- {finding.feed.source.name}, {mask_address(finding.feed.url)}: {finding.what}" for finding in new]
    desk = f"{settings.SITE_URL}/{settings.ADMIN_PATH}articles/feed/"
    return "\n".join([*lines, "", f"Each is told once. Feeds: {desk}", f"Health: {settings.SITE_URL}/status/"])


def _remember(found: list[Finding], feeds: Iterable[Feed], *, now: datetime) -> None:
    """Keep which findings of each feed are told; those that passed are forgotten."""
    kinds: dict[int, list[str]] = {}
    for finding in found:
        kinds.setdefault(finding.feed.pk, []).append(finding.kind)
    for feed in feeds:
        told = kinds.get(feed.pk, [])
        if told != feed.reported:
            fields = {"reported": told} | ({"reported_at": now} if set(told) - set(feed.reported) else {})
            Feed.objects.filter(pk=feed.pk).update(**fields)
