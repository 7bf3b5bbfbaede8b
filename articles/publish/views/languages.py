"""The languages that a reader reads: chosen once, carried on by links, remembered by his browser alone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from articles.publish.filters import LANGUAGES
from articles.publish.names import language_name
from articles.publish.reader import reader_of
from articles.publish.views.page import page

NATIVE = {
    "en": "English", "ru": "Русский", "kk": "Қазақша", "ky": "Кыргызча", "uz": "Oʻzbekcha", "tg": "Тоҷикӣ",
    "tk": "Türkmençe", "fr": "Français", "tr": "Türkçe", "az": "Azərbaycanca", "fa": "فارسی", "zh": "中文",
    "de": "Deutsch", "uk": "Українська",
}  # fmt: skip


@page()
def choose(request: HttpRequest) -> HttpResponse:
    """Boxes; the answer is the front page with ``?language=kk+ru``, a plain address that can be kept."""
    chosen = reader_of(request).languages
    boxes = [(code, NATIVE.get(code, code), language_name(code), code in chosen) for code in LANGUAGES]
    return render(request, "articles/languages.html", {"page_title": _("Languages that you read"), "boxes": boxes})
