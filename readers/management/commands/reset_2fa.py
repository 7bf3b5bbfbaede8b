"""Take the second factor from somebody who lost it, and end their sessions; the next sign-in sets up a new one."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django_otp import devices_for_user

from readers.models import User
from readers.sessions import end_sessions


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the address with which the person signs in")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {options['email']}.")
        devices = list(devices_for_user(user, confirmed=None))
        for device in devices:
            device.delete()
        ended = end_sessions(user)
        self.stdout.write(f"{user.email}: {len(devices)} devices removed, {ended} sessions ended.")
