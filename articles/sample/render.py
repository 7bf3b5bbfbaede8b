"""Write one feed of the edition as it stands at a moment, in the formats and habits of real feeds."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from articles.sample.edition import item_url
from articles.sample.records import Edition, SampleFeed, SampleOutlet, SampleReport

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
ET.register_namespace("content", CONTENT)
BULLETINS_KEPT = 60  # how many of the minute bulletins stand in a document, as real feeds drop old items
NEVER = datetime.fromtimestamp(0, UTC)  # when a feed without items was last touched
CONTENT_TYPES = {
    "rss": "application/rss+xml; charset={}",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One item as a document shows it."""

    id: str
    url: str
    title: str
    summary: str
    text: str
    language: str
    published_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Document:
    """One feed, ready to be sent."""

    body: bytes
    content_type: str
    changed_at: datetime


def documents_at(edition: Edition, *, now: datetime, started_at: datetime) -> dict[str, bytes]:
    """Return every feed of the edition by its path."""
    return {
        feed.path: document_at(edition, feed, now=now, started_at=started_at).body for feed in edition.feeds.values()
    }


def document_at(edition: Edition, feed: SampleFeed, *, now: datetime, started_at: datetime) -> Document:
    """Return one feed as it stands at ``now``, newest item first."""
    outlet = next(outlet for outlet in edition.outlets if outlet.slug == feed.outlet)
    items = [
        _item(report, outlet, now=now, started_at=started_at)
        for report in edition.reports
        if report.feed == feed.slug and report.published_at(started_at) <= now
    ]
    items += _bulletins(edition, feed, outlet, now=now, started_at=started_at)
    items.sort(key=lambda item: (item.published_at, item.id), reverse=True)
    return Document(
        body=WRITERS[feed.format](feed, outlet, items),
        content_type=CONTENT_TYPES[feed.format].format(feed.encoding),
        changed_at=max((item.changed_at for item in items), default=started_at),
    )


def _item(report: SampleReport, outlet: SampleOutlet, *, now: datetime, started_at: datetime) -> Item:
    """Make the item of one written report."""
    return Item(
        id=report.id,
        url=item_url(outlet, report.id),
        title=report.title_at(now, started_at=started_at),
        summary=report.summary,
        text=report.text,
        language=report.language,
        published_at=report.published_at(started_at).replace(microsecond=0),
        changed_at=report.changed_at(now, started_at=started_at).replace(microsecond=0),
    )


def _bulletins(
    edition: Edition, feed: SampleFeed, outlet: SampleOutlet, *, now: datetime, started_at: datetime
) -> list[Item]:
    """Make the bulletins of this feed: one a minute over all feeds once every written report is out."""
    last = max((report.offset for report in edition.reports), default=timedelta()) // timedelta(minutes=1)
    minutes = (now - started_at) // timedelta(minutes=1)
    items = []
    for minute in range(max(max(last, 0) + 1, minutes - BULLETINS_KEPT), minutes + 1):
        bulletin = edition.bulletins[minute % len(edition.bulletins)] if edition.bulletins else None
        if bulletin is None or bulletin.feed != feed.slug:
            continue
        at = (started_at + timedelta(minutes=minute)).replace(microsecond=0)
        words = {"time": f"{at:%H:%M} UTC", "value": str(3 + minute * 7 % 11)}
        key = f"{feed.slug}-{at:%Y%m%d%H%M}"
        title, summary = bulletin.title.format(**words), bulletin.summary.format(**words)
        items.append(Item(key, item_url(outlet, key), title, summary, "", feed.language, at, at))
    return items


def _paragraphs(item: Item, feed: SampleFeed, outlet: SampleOutlet) -> str:
    """Return the body of an item as HTML, with the footer that some feeds put under everything."""
    blocks = [item.summary, *item.text.split("\n\n")] if feed.body != "plain" else [item.summary]
    body = "".join(f"<p>{html.escape(' '.join(block.split()))}</p>" for block in blocks if block.strip())
    if feed.body == "furniture":
        body += (
            f'<p>The post <a href="{item.url}">{html.escape(item.title)}</a> appeared first on '
            f'<a href="{outlet.homepage}">{html.escape(outlet.name)}</a>.</p>'
        )
    return body


def _rss(feed: SampleFeed, outlet: SampleOutlet, items: list[Item]) -> bytes:
    """Write RSS 2.0; dates in RFC 822, the text of items in content:encoded."""
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    head = {"title": outlet.name, "link": outlet.homepage, "description": outlet.name, "language": feed.tag, "ttl": "1"}
    _children(channel, head)
    for item in items:
        node = ET.SubElement(channel, "item")
        _children(node, {"title": item.title, "link": item.url, "pubDate": format_datetime(item.published_at)})
        ET.SubElement(node, "guid", isPermaLink="false").text = f"{feed.slug}-{item.id}"
        full = _paragraphs(item, feed, outlet)
        ET.SubElement(node, "description").text = item.summary if feed.body == "full" else full
        if feed.body == "full":
            ET.SubElement(node, f"{{{CONTENT}}}encoded").text = full
    return bytes(ET.tostring(root, encoding=feed.encoding, xml_declaration=True))


def _atom(feed: SampleFeed, outlet: SampleOutlet, items: list[Item]) -> bytes:
    """Write Atom 1.0; an edited item has a later ``updated``."""
    root = ET.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": feed.tag})
    changed_at = max((item.changed_at for item in items), default=NEVER)
    _children(
        root, {"id": f"{outlet.homepage}/{feed.slug}", "title": outlet.name, "updated": changed_at.isoformat()}, ATOM
    )
    ET.SubElement(ET.SubElement(root, f"{{{ATOM}}}author"), f"{{{ATOM}}}name").text = outlet.name
    ET.SubElement(root, f"{{{ATOM}}}link", href=outlet.homepage)
    for item in items:
        node = ET.SubElement(root, f"{{{ATOM}}}entry")
        times = {"published": item.published_at.isoformat(), "updated": item.changed_at.isoformat()}
        _children(node, {"id": f"tag:{outlet.domain},2026:{item.id}", "title": item.title, **times}, ATOM)
        ET.SubElement(node, f"{{{ATOM}}}link", href=item.url)
        ET.SubElement(node, f"{{{ATOM}}}summary").text = item.summary
        if item.text:
            ET.SubElement(node, f"{{{ATOM}}}content", type="html").text = _paragraphs(item, feed, outlet)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _json(feed: SampleFeed, outlet: SampleOutlet, items: list[Item]) -> bytes:
    """Write JSON Feed 1.1."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "home_page_url": outlet.homepage,
        "language": feed.tag,
        "items": [
            {
                "id": item.id,
                "url": item.url,
                "title": item.title,
                "summary": item.summary,
                "content_text": item.text or item.summary,
                "language": item.language,
                "date_published": item.published_at.isoformat(),
                "date_modified": item.changed_at.isoformat(),
            }
            for item in items
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _children(parent: ET.Element, texts: Mapping[str, str], namespace: str = "") -> None:
    """Add one element for each text, in their order."""
    for tag, text in texts.items():
        ET.SubElement(parent, f"{{{namespace}}}{tag}" if namespace else tag).text = text


WRITERS: dict[str, Callable[[SampleFeed, SampleOutlet, list[Item]], bytes]] = {
    "rss": _rss,
    "atom": _atom,
    "json": _json,
}
