"""The second step of signing in: a code of an authenticator, or one of the recovery codes; set up at the first time."""

from __future__ import annotations

from base64 import b32encode
from typing import Any

import segno
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.views.decorators import staff_member_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_otp import login as confirm_session
from django_otp import match_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from readers.models import User

CODES = 10  # recovery codes, each good once
WRONG = "This code is not right or was used already. After wrong codes the next try has to wait a little."


def has_second_factor(user: User) -> bool:
    """Whether an authenticator was set up."""
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def make_codes(user: User) -> list[str]:
    """Replace the recovery codes; they are shown once, now."""
    with transaction.atomic():
        device, _ = StaticDevice.objects.get_or_create(user=user, name="recovery codes")
        device.token_set.all().delete()
        codes = [StaticToken.random_token() for _ in range(CODES)]
        StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


@never_cache
@staff_member_required(login_url="admin:login")  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """Ask for a code; who has no authenticator yet sets one up here."""
    user: Any = request.user
    if user.is_verified():
        return redirect(after(request))
    if has_second_factor(user):
        return check_code(request, user)
    return set_up(request, user)


def check_code(request: HttpRequest, user: User) -> HttpResponse:
    """Compare the code with the authenticator and the recovery codes."""
    error = ""
    if request.method == "POST":
        device = match_token(user, request.POST.get("code", "").replace(" ", "")[:32])
        if device is not None:
            confirm_session(request, device)
            return redirect(after(request))
        error = WRONG
    return page(request, "admin/second_step.html", title="A second step", error=error, next=after(request))


def set_up(request: HttpRequest, user: User) -> HttpResponse:
    """Show a new secret until the authenticator answers for it; then show the recovery codes once."""
    device, _ = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "authenticator"})
    error = ""
    if request.method == "POST":
        if device.verify_token(request.POST.get("code", "").replace(" ", "")[:10]):
            device.confirmed = True
            device.save(update_fields=["confirmed"])
            confirm_session(request, device)
            codes = make_codes(user)
            return page(request, "admin/recovery_codes.html", title="Recovery codes", codes=codes, next=after(request))
        error = WRONG
    context = {
        "secret": secret_in_groups(device),
        "picture": segno.make(device.config_url, error="m").svg_data_uri(scale=5, border=3, light="#fff"),
        "required": settings.TWO_FACTOR_REQUIRED,
    }
    return page(request, "admin/second_step_set_up.html", title="Set up the second step", error=error, **context)


def secret_in_groups(device: TOTPDevice) -> str:
    """The secret for typing, in base32 by fours."""
    text = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def after(request: HttpRequest) -> str:
    """Where to go on; never to another site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    good = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if good and wanted.startswith("/") else reverse("admin:index")


def page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """A page in the dress of the desk."""
    return render(request, template, {**admin.site.each_context(request), **context})
