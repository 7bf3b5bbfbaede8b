"""RSS 2.0, with the links of Atom that its readers expect."""

from __future__ import annotations

from email.utils import format_datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from articles.publish.addresses import utc
from articles.publish.feeds import atom
from articles.publish.feeds.records import Document, Entry

CONTENT_TYPE = "application/rss+xml; charset=utf-8"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"


def render(document: Document) -> bytes:
    """The whole document."""
    rss = Element("rss", {"version": "2.0", "xmlns:atom": atom.NAMESPACE, "xmlns:dc": DUBLIN_CORE})
    channel = SubElement(rss, "channel")
    for name, value in (
        ("title", document.title),
        ("link", document.home),
        ("description", document.subtitle),
        ("language", document.language),
        ("lastBuildDate", format_datetime(document.updated, usegmt=False)),
        ("docs", "https://www.rssboard.org/rss-specification"),
        ("generator", document.site),
    ):
        SubElement(channel, name).text = value
    for rel, address in (("self", document.own), ("first", document.first), ("next", document.next)):
        if address:
            SubElement(channel, "atom:link", rel=rel, type="application/rss+xml", href=address)
    if document.hub:
        SubElement(channel, "atom:link", rel="hub", href=document.hub)
    for entry in document.entries:
        channel.append(item_of(entry))
    return tostring(rss, encoding="utf-8", xml_declaration=True)


def item_of(entry: Entry) -> Element:
    """One story or article."""
    item = Element("item")
    SubElement(item, "title").text = entry.title
    SubElement(item, "link").text = entry.url
    SubElement(item, "guid", isPermaLink="false").text = entry.id
    SubElement(item, "pubDate").text = format_datetime(entry.published)
    SubElement(item, "atom:updated").text = utc(entry.updated)
    SubElement(item, "dc:creator").text = entry.author
    if entry.language:
        SubElement(item, "dc:language").text = entry.language
    for category in entry.categories:
        SubElement(item, "category", domain=category.scheme).text = category.label
    SubElement(item, "description").text = entry.html
    return item
