"""Signing in: a second step for staff, few tries, sessions that can be seen and ended."""

from __future__ import annotations

import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings

from readers.models import User
from tests.desk.people import PASSWORD, person, signed_in

pytestmark = pytest.mark.django_db
SECOND = "/admin/second-step/"


def sign_in(user: User) -> Client:
    client = Client()
    answer = client.post("/admin/login/?next=/admin/", {"username": user.email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content
    return client


def set_up(client: Client, user: User) -> list[str]:
    """Answer with the code that an authenticator would show; return the recovery codes."""
    assert b"svg" in client.get(SECOND).content
    device = TOTPDevice.objects.get(user=user, confirmed=False)
    answer = client.post(SECOND, {"code": f"{totp(device.bin_key):06d}"})
    return re.findall(r"<li>([a-z2-7]+)</li>", answer.content.decode())


def test_a_password_alone_does_not_open_the_desk() -> None:
    client = sign_in(person("editor"))
    assert client.get("/admin/").status_code == 302
    assert client.get("/admin/articles/article/").status_code == 302
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith(SECOND)


def test_the_first_sign_in_sets_up_the_second_step_and_gives_recovery_codes() -> None:
    user = person("editor")
    client = sign_in(user)
    codes = set_up(client, user)
    assert len(codes) == 10
    assert client.get("/admin/").status_code == 200
    other = sign_in(user)
    assert b"recovery codes" in other.get(SECOND).content
    assert other.post(SECOND, {"code": codes[0]}).status_code == 302
    assert other.get("/admin/").status_code == 200
    assert not StaticToken.objects.filter(token=codes[0]).exists(), "a recovery code is good once"


def test_a_wrong_code_is_refused_and_the_next_try_has_to_wait() -> None:
    user = person("editor")
    set_up(sign_in(user), user)
    client = sign_in(user)
    assert b"not right" in client.post(SECOND, {"code": "000000"}).content
    device = TOTPDevice.objects.get(user=user)
    assert not device.verify_is_allowed()[0]


def test_the_second_step_leads_to_no_other_site() -> None:
    client = signed_in(person("editor"))
    assert client.get(SECOND + "?next=https://evil.example/").headers["Location"] == "/admin/"
    assert client.get(SECOND + "?next=//evil.example/").headers["Location"] == "/admin/"


def test_on_this_machine_alone_a_second_step_is_a_choice(settings: Settings) -> None:
    settings.TWO_FACTOR_REQUIRED = False
    user = person("editor")
    assert sign_in(user).get("/admin/").status_code == 200
    set_up(sign_in(user), user)
    assert sign_in(user).get("/admin/").status_code == 302


def test_many_wrong_passwords_close_the_door_for_a_while() -> None:
    user = person("editor")
    client = Client()
    for _ in range(9):
        assert client.post("/admin/login/", {"username": user.email, "password": "wrong"}).status_code == 200
    assert client.post("/admin/login/", {"username": user.email, "password": "wrong"}).status_code == 429
    answer = client.post("/admin/login/", {"username": user.email, "password": PASSWORD})
    assert answer.status_code == 429
    assert b"quarter of an hour" in answer.content


def test_lost_devices_are_reset_by_a_command_that_ends_the_sessions() -> None:
    user = person("editor")
    client = sign_in(user)
    set_up(client, user)
    call_command("reset_2fa", "EDITOR@example.org")
    assert not TOTPDevice.objects.filter(user=user).exists()
    assert client.get("/admin/").status_code == 302
    with pytest.raises(CommandError, match="Nobody"):
        call_command("reset_2fa", "somebody@example.org")


def test_sessions_are_listed_and_can_be_ended() -> None:
    user = person("editor")
    here, there = sign_in(user), sign_in(user)
    set_up(here, user)
    page = here.get("/admin/account/").content.decode()
    assert page.count('name="session"') == 1
    chosen = re.search(r'name="session" value="(\d+)"', page)
    assert chosen
    here.post("/admin/account/end/", {"session": chosen[1]})
    assert there.get(SECOND).status_code == 302, "the other browser is signed out"
    assert here.get("/admin/account/").status_code == 200
    stranger = signed_in(person("source manager"))
    mine = user.sign_ins.get()
    stranger.post("/admin/account/end/", {"session": str(mine.pk)})
    assert here.get("/admin/account/").status_code == 200, "nobody ends another's session here"
