"""Which sessions of a person are open, and how to end them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from readers.models import SignIn, User


@receiver(user_logged_in)
def remember_sign_in(request: HttpRequest, user: User, **_: Any) -> None:
    """Note where a session began, so that its owner can tell it from others."""
    if user.is_staff and request.session.session_key:
        SignIn.objects.update_or_create(
            session_key=request.session.session_key,
            defaults={
                "user": user,
                "address": request.META.get("REMOTE_ADDR") or None,
                "agent": request.META.get("HTTP_USER_AGENT", "")[:300],
            },
        )


def open_sessions(user: User) -> list[SignIn]:
    """Sign-ins whose session has not ended, newest first; those that have are forgotten."""
    found = list(user.sign_ins.order_by("-at"))
    keys = [sign_in.session_key for sign_in in found]
    alive = set(
        Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now()).values_list(
            "session_key", flat=True
        )
    )
    gone = [sign_in.pk for sign_in in found if sign_in.session_key not in alive]
    if gone:
        SignIn.objects.filter(pk__in=gone).delete()
    return [sign_in for sign_in in found if sign_in.session_key in alive]


def end_sessions(user: User, *, but: Iterable[str] = (), only: int | None = None) -> int:
    """End the sessions of a person, except those with the keys ``but``, or the one of sign-in ``only``."""
    chosen = user.sign_ins.exclude(session_key__in=list(but))
    if only is not None:
        chosen = chosen.filter(pk=only)
    keys = list(chosen.values_list("session_key", flat=True))
    ended, _ = Session.objects.filter(session_key__in=keys).delete()
    chosen.delete()
    return ended
