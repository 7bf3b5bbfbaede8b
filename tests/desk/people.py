"""People of the desk for the tests: one of each role, signed in."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

from readers.models import User

PASSWORD = "a long enough password"


def person(role: str = "", **fields: bool) -> User:
    """Somebody with access to the desk and one of the roles of the migration."""
    user = User.objects.create_user(f"{role.replace(' ', '-') or 'nobody'}@example.org", PASSWORD, is_staff=True)
    for name, value in fields.items():
        setattr(user, name, value)
    user.save()
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


def signed_in(user: User) -> Client:
    """A browser of this person, past both steps."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    device, _ = TOTPDevice.objects.get_or_create(user=user, confirmed=True)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session.save()
    return client
