"""Feeds in and out as OPML."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from articles.fetch.masking import mask_address
from articles.models import Feed, Source
from articles.parse.opml import Outline


@transaction.atomic
def import_outlines(outlines: Iterable[Outline]) -> tuple[int, int]:
    """Make a source of its own of each unknown address; return how many were (added, known already).

    Nothing is guessed from host names. They are public at once, listed for review, and all their items count.
    """
    outlines = list(outlines)
    known = set(Feed.objects.values_list("url", flat=True))
    slugs = set(Source.objects.values_list("slug", flat=True))
    sources, feeds = [], []
    now = timezone.now()
    for outline in outlines:
        if outline.url in known:
            continue
        name = outline.title or urlsplit(outline.url).hostname or outline.url
        slug = free_slug(name, slugs)
        source = Source(
            slug=slug, name=name[:200], homepage=outline.homepage[:500], owner=f"own-{slug}"[:80], needs_review=True
        )
        sources.append(source)
        feeds.append(
            Feed(
                source=source, url=outline.url, current_url=outline.url, title=outline.title,
                language=outline.language.partition("-")[0].lower()[:3], all_relevant=True, next_fetch_at=now,
            )
        )  # fmt: skip
    Source.objects.bulk_create(sources, batch_size=500)
    Feed.objects.bulk_create(feeds, batch_size=500)
    return len(feeds), len(outlines) - len(feeds)


def free_slug(name: str, taken: set[str]) -> str:
    """A slug for the name that nobody has; it is taken from now on."""
    base = slugify(name)[:60].strip("-") or "source"
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    taken.add(slug)
    return slug


def export_outlines() -> str:
    """All enabled feeds as OPML 2.0, by outlet; addresses are masked."""
    root = Element("opml", version="2.0")
    SubElement(SubElement(root, "head"), "title").text = f"Feeds of {settings.SITE_NAME}"
    body = SubElement(root, "body")
    for feed in Feed.objects.filter(enabled=True).select_related("source").order_by("source__name", "url"):
        fields = {"type": "rss", "text": feed.title or feed.source.name, "xmlUrl": mask_address(feed.url)}
        if feed.source.homepage:
            fields["htmlUrl"] = feed.source.homepage
        if feed.language:
            fields["language"] = feed.language
        SubElement(body, "outline", fields)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode")
