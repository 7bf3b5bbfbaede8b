"""Atom 1.0 (RFC 4287) with paged documents (RFC 5005)."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, tostring

from articles.publish.addresses import utc
from articles.publish.feeds.records import Document, Entry

CONTENT_TYPE = "application/atom+xml; charset=utf-8"
NAMESPACE = "http://www.w3.org/2005/Atom"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def render(document: Document) -> bytes:
    """The whole document."""
    feed = Element("feed", {"xmlns": NAMESPACE, XML_LANG: document.language})
    text(feed, "id", document.first)
    text(feed, "title", document.title)
    text(feed, "subtitle", document.subtitle)
    text(feed, "updated", str(utc(document.updated)))
    links = {"self": document.own, "first": document.first, "next": document.next}
    for rel, address in links.items():
        if address:
            SubElement(feed, "link", rel=rel, type="application/atom+xml", href=address)
    if document.hub:
        SubElement(feed, "link", rel="hub", href=document.hub)
    SubElement(feed, "link", rel="alternate", type="text/html", href=document.home)
    text(SubElement(feed, "author"), "name", document.site)
    SubElement(feed, "generator").text = document.site
    for entry in document.entries:
        feed.append(entry_of(entry))
    return tostring(feed, encoding="utf-8", xml_declaration=True)


def entry_of(entry: Entry) -> Element:
    """One story or article."""
    found = Element("entry", {XML_LANG: entry.language} if entry.language else {})
    text(found, "id", entry.id)
    text(found, "title", entry.title)
    text(found, "published", str(utc(entry.published)))
    text(found, "updated", str(utc(entry.updated)))
    SubElement(found, "link", rel="alternate", type="text/html", href=entry.url)
    if entry.related:
        SubElement(found, "link", rel="related", type="text/html", href=entry.related)
    for report in entry.reports if not entry.related else ():
        named = {"rel": "related", "href": report.url, "title": f"{report.outlet}: {report.title}"}
        SubElement(found, "link", named | ({"hreflang": report.language} if report.language else {}))
    text(SubElement(found, "author"), "name", entry.author)
    for category in entry.categories:
        SubElement(found, "category", term=category.term, scheme=category.scheme, label=category.label)
    if entry.summary:
        text(found, "summary", entry.summary)
    text(found, "content", entry.html, kind="html")
    return found


def text(parent: Element, name: str, value: str, *, kind: str = "") -> None:
    SubElement(parent, name, {"type": kind} if kind else {}).text = value
