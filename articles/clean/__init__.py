"""Stage 3: one raw entry → plain text and canonical links; nothing foreign keeps its markup past here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from articles.clean.furniture import tidy
from articles.clean.html import html_to_text, marked_text
from articles.clean.text import bare, one_line
from articles.clean.urls import canonical_url
from articles.records import CleanEntry, Entry, ParsedFeed

MAX_TITLE = 1_000  # characters; longer titles are texts in the wrong place
MAX_NAME = 200  # of an author or a category
MAX_CATEGORIES = 50
MAX_MARKUP_OF_LINE = 20_000  # of a title, author or category that are read
# Codes of countries that feeds of the region give as languages.
LANGUAGES = {"kz": "kk", "kg": "ky", "tj": "tg", "cn": "zh", "ua": "uk", "cz": "cs", "jp": "ja", "gr": "el"}
_NO_IMAGE = re.compile(
    r"\.(?:mp3|m4a|ogg|oga|wav|flac|mp4|m4v|webm|mov|avi|ogv|pdf|zip|docx?)(?:[?#]|$)", re.IGNORECASE
)


def clean_entry(entry: Entry, *, base: str = "", declared_language: str = "") -> CleanEntry:
    """Return the entry as plain text with canonical links; cleaning the result again changes nothing.

    ``base`` resolves what is still a relative link. ``declared_language`` (BCP 47, of the feed) counts where the entry
    says none. Without a summary the body stands there. Reads a bounded part of each field (``html.MAX_MARKUP``).
    """
    title = line(entry.title, max_chars=MAX_TITLE)
    summary = tidy(marked_text(entry.summary), title=title)
    text = tidy(marked_text(entry.content), title=title) if entry.content != entry.summary else ""
    if not summary or len(text) <= len(summary):
        summary, text = summary or text, ""
    return CleanEntry(
        guid=bare(entry.guid),
        link=canonical_url(entry.link, base),
        title=title,
        summary=summary,
        text=text,
        author=line(", ".join(_lines(entry.authors)), max_chars=MAX_NAME),
        categories=tuple(_lines(entry.categories))[:MAX_CATEGORIES],
        published_at=entry.published_at,
        updated_at=entry.updated_at,
        language=primary_language(entry.language) or primary_language(declared_language),
        image_url=_image(entry.enclosures, base),
    )


def clean_feed(parsed: ParsedFeed, *, base: str = "") -> ParsedFeed:
    """Return what a feed says of itself as plain text and a canonical homepage, without its entries."""
    return replace(
        parsed,
        entries=(),
        title=line(parsed.title, max_chars=MAX_NAME),
        homepage=canonical_url(parsed.homepage, base),
        language=one_line(bare(parsed.language), max_chars=35),
    )


def line(markup: str, *, max_chars: int = MAX_TITLE) -> str:
    """Return HTML as one line of plain text, cut behind a word where it is longer than ``max_chars``."""
    return one_line(html_to_text(markup[:MAX_MARKUP_OF_LINE]), max_chars=max_chars)


def primary_language(declared: str) -> str:
    """Return the primary subtag of a declared language in lower case ("ru-RU" → "ru"), "" when it is none."""
    code = re.split(r"[-_,;\s]", declared.strip().lower(), maxsplit=1)[0]
    code = LANGUAGES.get(code, code)
    return code if re.fullmatch(r"[a-z]{2,3}", code) else ""


def _lines(values: Iterable[str]) -> list[str]:
    """Different plain one-line names, in their order."""
    return list(dict.fromkeys(filter(None, (line(value, max_chars=MAX_NAME) for value in values))))


def _image(enclosures: Iterable[str], base: str) -> str:
    for address in enclosures:
        url = "" if _NO_IMAGE.search(address) else canonical_url(address, base)
        if url:
            return url
    return ""
