"""What a row of the table of hostile answers says, and the words that the tables are written in."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import brotli

from tests.hostile_server.server import Play, Step, Steps, reply

ETAG = '"v1"'
FEED = (
    b'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>Steppe Wire</title>'
    b"<link>http://steppe.example/</link><description>News</description><item><title>Canal reopens near Turkistan"
    b"</title><link>http://steppe.example/canal</link><guid>canal-1</guid>"
    b"<pubDate>Mon, 02 Jun 2025 08:00:00 GMT</pubDate><description>Water is back.</description></item></channel></rss>"
)
MAX_BYTES = 100_000  # the limit of the tests that play the table


@dataclass(frozen=True, slots=True)
class Row:
    """One named answer and what must become of it.

    ``outcome`` is the fetcher's: "ok", "unchanged", or the outcome of the error. ``parsed`` is what reading the body
    comes to where that differs from "ok". ``slow``: the answer can only end at the deadline, so give it a short one.
    """

    name: str
    answer: Steps | Play
    outcome: str = "ok"
    parsed: str = "ok"
    status: int = 0  # that an error carries
    retry_after: int = 0  # seconds that an error carries
    moved: str = ""  # path that the permanent chain ends at
    body: bytes | None = FEED  # that an ok row must give; None: not looked at
    etag: str = ""  # sent as the validator
    slow: bool = False

    @property
    def path(self) -> str:
        """Where the server plays it."""
        return f"/answers/{self.name}"


def good(body: bytes = FEED, **headers: str) -> Steps:
    """A decent answer; ``content_type="…"`` becomes a header."""
    return [reply(body, headers=_dashed(headers))]


def _dashed(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def status(line: str, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Steps:
    """An answer with another status."""
    return [reply(body, status=line, headers=headers)]


def redirect(location: str, line: str = "302 Found", **headers: str) -> Steps:
    """A redirect."""
    return [reply(status=line, headers={"Location": location} | _dashed(headers))]


def encoded(body: bytes, encoding: str) -> Steps:
    """A body that is declared as encoded."""
    return good(body, content_encoding=encoding)


def head(*lines: bytes) -> bytes:
    """The head of an answer, line by line."""
    return b"\r\n".join(lines) + b"\r\n\r\n"


def chunked(*steps: Step) -> Steps:
    """A chunked answer whose chunks are written by hand; the first comes in one piece with the head."""
    start = head(b"HTTP/1.1 200 OK", b"Transfer-Encoding: chunked")
    if steps and isinstance(steps[0], bytes):
        return [start + steps[0], *steps[1:]]
    return [start, *steps]


def chunk(data: bytes) -> bytes:
    """One decent chunk."""
    return b"%x\r\n%s\r\n" % (len(data), data)


def raw_deflate(data: bytes) -> bytes:
    """Deflate without its header, as some servers send it."""
    engine = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return engine.compress(data) + engine.flush()


ZEROS = bytes(20 * MAX_BYTES)
GZIPPED = gzip.compress(FEED, mtime=0)
BROTLI = brotli.compress(FEED)
