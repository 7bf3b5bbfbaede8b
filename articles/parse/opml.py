"""Read OPML of strangers: no DTD, no entities, bounded size, depth and number of outlines; only http(s) addresses."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

MAX_BYTES = 5 * 1024 * 1024
MAX_DEPTH = 16
MAX_OUTLINES = 10_000


class OpmlError(ValueError):
    """The file can't be used; the message says why, with line and column where there is one."""


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed of the file."""

    url: str
    title: str = ""
    homepage: str = ""
    language: str = ""


def read_opml(data: bytes) -> list[Outline]:
    """Return the feeds of the file in its order, each address once. Raises OpmlError."""
    if len(data) > MAX_BYTES:
        raise OpmlError(f"the file is larger than {MAX_BYTES // 1024 // 1024} MB")
    try:
        found = _outlines(data)
    except ParseError as error:
        line, column = error.position
        raise OpmlError(f"line {line}, column {column + 1}: this is no well-formed XML") from None
    except DefusedXmlException:
        raise OpmlError("document types and entities are refused") from None
    except (ValueError, LookupError) as error:
        raise OpmlError(str(error)) from None
    return list({outline.url: outline for outline in reversed(found)}.values())[::-1]


def _outlines(data: bytes) -> list[Outline]:
    found: list[Outline] = []
    depth = seen = 0
    root = ""
    for event, element in iterparse(BytesIO(data), events=("start", "end"), forbid_dtd=True):
        if event == "end":
            depth -= 1
            continue
        depth += 1
        root = root or element.tag
        if depth > MAX_DEPTH + 2:  # opml and body stand above the outlines
            raise OpmlError(f"outlines are nested more than {MAX_DEPTH} deep")
        if element.tag.lower() == "outline":
            seen += 1
            if seen > MAX_OUTLINES:
                raise OpmlError(f"the file has more than {MAX_OUTLINES:,} outlines")
            outline = _outline(element)
            if outline is not None:
                found.append(outline)
    if root.lower() != "opml":
        raise OpmlError(f"this is no OPML: it begins with <{root}>")
    return found


def _outline(element: Element) -> Outline | None:
    fields = {name.lower(): " ".join(value.split()) for name, value in element.attrib.items()}
    url = fields.get("xmlurl", "")
    if not is_web(url):
        return None
    homepage = fields.get("htmlurl", "")
    return Outline(
        url=url,
        title=(fields.get("title") or fields.get("text") or "")[:200],
        homepage=homepage if is_web(homepage) else "",
        language=fields.get("language", "")[:10],
    )


def is_web(url: str) -> bool:
    """Whether this is an http(s) address with a host, not longer than 1,000 characters."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and len(url) <= 1000
