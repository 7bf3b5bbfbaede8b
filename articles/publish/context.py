"""What every template may say of the site; nothing here asks the database before a template does."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from articles.publish.edition import edition
from articles.publish.names import language_name
from articles.publish.reader import bare, reader_of

LOCALES = {"en": "en_GB", "fr": "fr_FR", "ru": "ru_RU"}  # as OpenGraph names them
TONGUES = (("en", "English"), ("fr", "Français"), ("ru", "Русский"))


def site(request: HttpRequest) -> dict[str, Any]:
    """Name and address of the site, the five countries, this page in other languages, whether it is the sample."""
    links = language_links(request.path)
    here = get_language() or "en"
    return {
        "SITE_NAME": settings.SITE_NAME,
        "SITE_URL": settings.SITE_URL,
        "SAMPLE_EDITION": settings.SAMPLE_EDITION,
        "core_countries": core_countries(),
        "language_links": links,
        "default_link": links[0]["url"],
        "here": here,
        "og_locale": LOCALES.get(here, here),
        "reader": (reader := reader_of(request)),
        "reads": ", ".join(language_name(code) for code in reader.languages),
        "kept_query": f"?{request.GET.urlencode()}" if request.GET else "",
        "edition": SimpleLazyObject(edition),
    }


def core_countries() -> list[tuple[str, str]]:
    """Slug and name of the five; they stand in the head of every page, also when no database answers."""
    return [
        ("kazakhstan", _("Kazakhstan")),
        ("kyrgyzstan", _("Kyrgyzstan")),
        ("tajikistan", _("Tajikistan")),
        ("turkmenistan", _("Turkmenistan")),
        ("uzbekistan", _("Uzbekistan")),
    ]


def language_links(path: str) -> list[dict[str, str]]:
    """The address of this page in each language, without its query."""
    here = bare(path)
    return [
        {"code": code, "name": name, "url": here if code == settings.LANGUAGE_CODE else f"/{code}{here}"}
        for code, name in TONGUES
    ]
