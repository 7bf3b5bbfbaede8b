"""Lists of subscriptions (OPML 1.0 and 2.0), read under limits: people upload these, and XML can be a weapon."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

MAX_BYTES = 5 * 1024 * 1024
MAX_DEPTH = 16  # of outlines inside outlines
MAX_OUTLINES = 10_000
MAX_ADDRESS = 1_000  # characters, as many as the address of a feed may have


class OpmlError(ValueError):
    """The document is refused; the message says why, with line and column where it is broken XML."""


@dataclass(frozen=True, slots=True)
class Outline:
    """One subscription."""

    url: str  # http or https, as given
    title: str = ""
    homepage: str = ""  # http or https, else ""
    language: str = ""  # as given
    folder: str = ""  # titles of the outlines around it, from outside in, divided by " / "


def read_opml(data: bytes) -> list[Outline]:
    """Return the subscriptions in their order, each address once; outlines without an http(s) address are folders.

    Raises:
        OpmlError: too large, too deep, too many, a document type or entities of its own, broken XML, or no OPML.
    """
    if len(data) > MAX_BYTES:
        raise OpmlError(f"The file is larger than {MAX_BYTES // 1024 // 1024} MB.")
    outlines = _Outlines()
    parser = DefusedXMLParser(target=outlines, forbid_dtd=True)
    try:
        parser.feed(data)
        parser.close()
    except DefusedXmlException as error:
        raise OpmlError("Document types and entities of one's own are refused.") from error
    except ParseError as error:
        line, column = error.position
        raise OpmlError(f"The XML is broken at line {line}, column {column + 1}: {error.msg}.") from error
    except (LookupError, ValueError) as error:
        if isinstance(error, OpmlError):
            raise
        raise OpmlError(f"The file cannot be read: {error}.") from error
    return list(outlines.found.values())


class _Outlines:
    """Takes the parser's events, so that no tree is built and a limit ends the reading where it is passed."""

    def __init__(self) -> None:
        self.found: dict[str, Outline] = {}
        self.depth = 0
        self.count = 0
        self.folders: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self.depth == 0 and tag.lower() != "opml":
            raise OpmlError(f"The file is no OPML: it begins with <{tag[:40]}>.")
        self.depth += 1
        if self.depth > MAX_DEPTH + 2:  # opml and body stand around the first outline
            raise OpmlError(f"Outlines are nested deeper than {MAX_DEPTH}.")
        name = ""
        if tag.lower() == "outline":
            self.count += 1
            if self.count > MAX_OUTLINES:
                raise OpmlError(f"The file holds more than {MAX_OUTLINES:,} outlines.")
            said = {key.lower(): " ".join(value.split()) for key, value in attributes.items()}
            name = (said.get("title") or said.get("text", ""))[:300]
            self._take(said, name)
        self.folders.append(name)

    def end(self, tag: str) -> None:
        self.depth -= 1
        self.folders.pop()

    def data(self, text: str) -> None:
        """Text between outlines says nothing."""

    def close(self) -> None:
        """What was found stands in ``found``."""

    def _take(self, said: dict[str, str], name: str) -> None:
        url = _web_address(said.get("xmlurl", ""))
        if url:
            folder = " / ".join(filter(None, self.folders))
            homepage = _web_address(said.get("htmlurl", ""))
            outline = Outline(url, name, homepage, said.get("language", "")[:35], folder)
            self.found.setdefault(url, outline)


def _web_address(address: str) -> str:
    try:
        parts = urlsplit(address)
        fits = parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and " " not in address
    except ValueError:
        return ""
    return address if fits and len(address) <= MAX_ADDRESS else ""
