"""The site class of the desk: who may enter it. Apart from articles/admin/, which registers itself with it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django_otp.plugins.otp_totp.models import TOTPDevice


class Desk(admin.AdminSite):
    """Django's admin behind a second factor, which whoever has one is always asked for."""

    site_header = site_title = f"{settings.SITE_NAME}: the desk"
    index_title = "What needs a hand"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and not second_step_missing(request)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """What needs a hand, before the list of everything."""
        from articles.admin.index import context  # registers itself with this site, so it cannot be imported above

        return super().index(request, {**context(request), **(extra_context or {})})

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Ask for address and password, or send who has given them on to the second step."""
        if super().has_permission(request) and second_step_missing(request):
            query = {"next": request.GET["next"]} if "next" in request.GET else {}
            return redirect(f"{second_step_url()}?{urlencode(query)}" if query else second_step_url())
        return super().login(request, extra_context)


def second_step_url() -> str:
    """Where the second step is taken (readers/urls.py)."""
    return f"/{settings.ADMIN_PATH}second-step/"


def second_step_missing(request: HttpRequest) -> bool:
    """Whether this person has still to show a code: always when one was set up, and off loopback in any case."""
    user: Any = request.user
    if user.is_verified():
        return False
    return settings.TWO_FACTOR_REQUIRED or TOTPDevice.objects.filter(user=user.pk, confirmed=True).exists()
