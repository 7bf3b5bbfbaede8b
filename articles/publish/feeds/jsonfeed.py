"""JSON Feed 1.1; the reports of a story stand in an extension, ``_orta``."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from articles.publish.addresses import utc
from articles.publish.feeds.records import Document, Entry

CONTENT_TYPE = "application/feed+json; charset=utf-8"
VERSION = "https://jsonfeed.org/version/1.1"


def render(document: Document) -> bytes:
    """The whole document."""
    body: dict[str, Any] = {
        "version": VERSION,
        "title": document.title,
        "description": document.subtitle,
        "home_page_url": document.home,
        "feed_url": document.own,
        "language": document.language,
        "authors": [{"name": document.site}],
        "items": [item_of(entry) for entry in document.entries],
    }
    if document.next:
        body["next_url"] = document.next
    if document.hub:
        body["hubs"] = [{"type": "WebSub", "url": document.hub}]
    return json.dumps(body, ensure_ascii=False).encode()


def item_of(entry: Entry) -> dict[str, Any]:
    """One story or article."""
    item: dict[str, Any] = {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "content_html": entry.html,
        "date_published": utc(entry.published),
        "date_modified": utc(entry.updated),
        "authors": [{"name": entry.author}],
        "tags": [category.label for category in entry.categories],
        "_orta": {"reports": [asdict(report) for report in entry.reports]},
    }
    if entry.summary:
        item["summary"] = entry.summary
    if entry.language:
        item["language"] = entry.language
    if entry.related:
        item["external_url"] = entry.url
        item["url"] = entry.related
    return item
