"""What every template may say of the site."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """Name and address of the site, and whether the invented edition is shown."""
    return {"SITE_NAME": settings.SITE_NAME, "SITE_URL": settings.SITE_URL, "SAMPLE_EDITION": settings.SAMPLE_EDITION}
