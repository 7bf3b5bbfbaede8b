"""A person's own page at the desk: open sessions, second factor, recovery codes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from readers.sessions import end_sessions, open_sessions
from readers.two_factor import has_second_factor, make_codes, page


def account(request: HttpRequest) -> HttpResponse:
    """What is open in this person's name."""
    user: Any = request.user
    return page(
        request,
        "admin/account.html",
        title="Your account",
        sessions=open_sessions(user),
        here=request.session.session_key,
        second_factor=has_second_factor(user),
    )


@require_POST
def new_codes(request: HttpRequest) -> HttpResponse:
    """Replace the recovery codes of who has an authenticator, and show them once."""
    user: Any = request.user
    if not has_second_factor(user):
        return redirect("second-step")
    codes = make_codes(user)
    return page(request, "admin/recovery_codes.html", title="Recovery codes", codes=codes, next="")


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """End one session of this person, or all but this one."""
    user: Any = request.user
    chosen = request.POST.get("session", "")
    here = request.session.session_key or ""
    ended = end_sessions(user, but=[here], only=int(chosen) if chosen.isdecimal() and len(chosen) < 18 else None)
    messages.success(request, f"{ended} sessions ended.")
    return redirect("account")
