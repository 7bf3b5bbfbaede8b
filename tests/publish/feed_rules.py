"""The rules of the three formats, for checking documents of ours."""

from __future__ import annotations

import json
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

GRAMMAR = Path(__file__).parent.parent / "data" / "grammars" / "atom.rng"
ATOM = "{http://www.w3.org/2005/Atom}"
CHANNEL_ONCE = ("title", "link", "description", "language", "lastBuildDate", "generator", "docs")
CHANNEL_NEEDED = ("title", "link", "description")
ITEM_ONCE = ("title", "link", "description", "guid", "pubDate")


def parse(content: bytes) -> Any:
    """The root of a document, read without entities or network."""
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))


def check_atom(content: bytes) -> Any:
    """Assert the grammar, and what RFC 4287 says beside it: unique ids, absolute links, one self link."""
    root = parse(content)
    grammar = etree.RelaxNG(etree.parse(GRAMMAR))
    assert grammar.validate(root), grammar.error_log
    ids = [found.text for found in root.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids))
    assert all(is_absolute(link.get("href")) for link in root.iter(f"{ATOM}link"))
    assert len(root.findall(f"{ATOM}link[@rel='self']")) == 1
    for entry in root.findall(f"{ATOM}entry"):
        assert len(entry.findall(f"{ATOM}link[@rel='alternate']")) == 1
    return root


def check_rss(content: bytes) -> Any:
    """Assert the rules of RSS 2.0: what must be there, what may be there once, dates, addresses, guids."""
    root = parse(content)
    assert (root.tag, root.get("version"), len(root)) == ("rss", "2.0", 1)
    channel = root[0]
    assert all(len(channel.findall(name)) == 1 for name in CHANNEL_NEEDED)
    assert all(len(channel.findall(name)) <= 1 for name in CHANNEL_ONCE)
    assert is_absolute(channel.findtext("link"))
    guids = [guid.text for guid in channel.iter("guid")]
    assert len(guids) == len(set(guids))
    for item in channel.findall("item"):
        assert item.findtext("title") or item.findtext("description")
        assert all(len(item.findall(name)) <= 1 for name in ITEM_ONCE)
        assert is_absolute(item.findtext("link"))
        assert item.find("guid").get("isPermaLink") == "false"
        assert parsedate_to_datetime(item.findtext("pubDate")).tzinfo is not None
    return channel


def check_json(content: bytes) -> dict[str, Any]:
    """Assert the rules of JSON Feed 1.1: version, strings, addresses, RFC 3339 dates, names of extensions."""
    feed: dict[str, Any] = json.loads(content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert all(is_absolute(feed[name]) for name in ("home_page_url", "feed_url"))
    ids = [item["id"] for item in feed["items"]]
    assert len(ids) == len(set(ids))
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert item.get("content_html") or item.get("content_text")
        assert all(is_absolute(item[name]) for name in ("url", "external_url") if name in item)
        assert all(datetime.fromisoformat(item[name]) for name in ("date_published", "date_modified"))
        assert all(isinstance(tag, str) for tag in item["tags"])
        assert all(set(author) <= {"name", "url", "avatar"} for author in item["authors"])
    return feed


def is_absolute(address: str | None) -> bool:
    parts = urlsplit(address or "")
    return parts.scheme in {"http", "https"} and bool(parts.netloc)
