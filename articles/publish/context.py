"""What every template may say of the site."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import translation

from articles.models import Country
from articles.models.lexicon import in_language


def site(request: HttpRequest) -> dict[str, Any]:
    """Name and address of the site, the five countries, this page in other languages, whether it is the sample."""
    return {
        "SITE_NAME": settings.SITE_NAME,
        "SITE_URL": settings.SITE_URL,
        "SAMPLE_EDITION": settings.SAMPLE_EDITION,
        "core_countries": core_countries(),
        "language_links": language_links(request.path),
    }


def core_countries() -> list[tuple[str, str]]:
    """Slug and name of the five, kept for a minute."""
    found = cache.get("core-countries")
    if found is None:
        found = list(Country.objects.core().values_list("slug", "names"))
        cache.set("core-countries", found, 60)
    return [(slug, in_language(names, translation.get_language())) for slug, names in found]


def language_links(path: str) -> list[tuple[str, str]]:
    """The address of this page in each language."""
    bare = path
    for code, _ in settings.LANGUAGES:
        if code != settings.LANGUAGE_CODE and (path == f"/{code}" or path.startswith(f"/{code}/")):
            bare = path[len(code) + 1 :] or "/"
    return [(code, bare if code == settings.LANGUAGE_CODE else f"/{code}{bare}") for code, _ in settings.LANGUAGES]
