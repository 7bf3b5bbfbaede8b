"""Whether ingestion stands still; the operators hear of it once when it stops and once when it moves again."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import send_mail

from articles.models import Article, Feed, Lease

PATIENCE = timedelta(minutes=30)  # beat asks every minute; a worker that was killed gives its feeds back after ten
TOLD = "operators know that ingestion stands still"  # the name of the row that remembers it


def problems(now: datetime) -> list[str]:
    """What has waited for longer than PATIENCE, in words; empty when news flow."""
    found = []
    due = Feed.objects.active().filter(next_fetch_at__lte=now).order_by("next_fetch_at")
    oldest = due.values_list("next_fetch_at", flat=True).first()
    if oldest and now - oldest > PATIENCE and not settings.FETCH_PAUSED:
        found.append(f"{due.count()} feeds are due and nobody fetches them, the first for {minutes(now - oldest)}")
    waiting = Article.objects.ungrouped().values_list("fetched_at", flat=True).first()
    if waiting and now - waiting > PATIENCE:
        found.append(f"articles have waited for the grouper for {minutes(now - waiting)}")
    return found


def minutes(span: timedelta) -> str:
    return f"{span // timedelta(minutes=1)} minutes"


def report(now: datetime) -> list[str]:
    """Mail the administrators when it has stopped or moves again; return what is wrong now.

    While there is nobody to tell, or the mail cannot be sent, nothing counts as told.
    """
    found = problems(now)
    known = Lease.objects.filter(name=TOLD)
    if bool(found) == known.exists():
        return found
    people = get_user_model().objects.filter(is_superuser=True, is_active=True).exclude(email="")
    addresses = list(people.values_list("email", flat=True))
    if addresses:
        state = "ingestion stands still" if found else "ingestion moves again"
        text = "\n".join([*(f"- {line}" for line in found), "", f"{settings.SITE_URL}/readyz", HINT if found else ""])
        send_mail(f"{settings.SITE_NAME}: {state}", text, None, addresses)
        if found:
            Lease.objects.get_or_create(name=TOLD, defaults={"until": now})
        else:
            known.delete()
    return found


HINT = "Are beat, a worker for each queue and the broker up? docs/operations.md says where to look."
