"""Answers whose body is the trouble: too slow, too long, cut off, compressed to harm."""

from __future__ import annotations

import gzip
import zlib

import brotli

from tests.hostile_server.rows import (
    BROTLI,
    ETAG,
    FEED,
    GZIPPED,
    MAX_BYTES,
    ZEROS,
    Row,
    chunk,
    chunked,
    encoded,
    good,
    head,
    raw_deflate,
    status,
)
from tests.hostile_server.server import Act, Repeat, reply

DECENT = (
    Row("good", good(FEED, content_type="application/rss+xml")),
    Row("good-chunked", chunked(chunk(FEED[:50]), chunk(FEED[50:]), b"0\r\n\r\n")),
    Row("good-chunked-with-trailers", chunked(chunk(FEED), b"0\r\nX-Sum: 1\r\n\r\n")),
    Row("good-gzip", encoded(GZIPPED, "gzip")),
    Row("good-x-gzip", encoded(GZIPPED, "x-gzip")),
    Row("good-deflate", encoded(zlib.compress(FEED), "deflate")),
    Row("good-deflate-without-header", encoded(raw_deflate(FEED), "deflate")),
    Row("good-brotli", encoded(BROTLI, "br")),
    Row("good-identity", encoded(FEED, "identity")),
    Row("good-until-close", [head(b"HTTP/1.0 200 OK"), FEED, Act.CLOSE]),
    Row("good-in-single-bytes", [reply(FEED)[:40], *(bytes([byte]) for byte in reply(FEED)[40:])]),
    Row("gzip-twice", encoded(gzip.compress(GZIPPED), "gzip, gzip")),
    Row("gzip-in-two-headers", [reply(gzip.compress(GZIPPED), headers={"Content-Encoding": "gzip"}).replace(
        b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n", 1)]),
    Row("gzip-undeclared", good(GZIPPED)),
    Row("gzip-declared-but-plain", encoded(FEED, "gzip")),
    Row("gzip-of-two-members", encoded(gzip.compress(FEED[:99]) + gzip.compress(FEED[99:]), "gzip")),
    Row("gzip-with-padding", encoded(GZIPPED + bytes(64), "gzip")),
    Row("gzip-of-nothing", encoded(gzip.compress(b""), "gzip"), parsed="not_a_feed", body=b""),
    Row("charset-as-encoding", encoded(FEED, "UTF-8")),
)  # fmt: skip

CUT_OFF = (
    Row("closes-without-a-word", [Act.CLOSE], "connection"),
    Row("resets-without-a-word", [Act.RESET], "connection"),
    Row("closes-inside-the-head", [b"HTTP/1.1 200 OK\r\nContent-Le", Act.CLOSE], "connection"),
    Row("closes-inside-the-body", [reply(FEED)[:200], Act.CLOSE], "connection"),
    Row("resets-inside-the-body", [reply(FEED)[:200], Act.RESET], "connection"),
    Row("closes-inside-a-chunk", chunked(b"fff\r\n" + FEED[:50], Act.CLOSE), "connection"),
    Row("closes-before-the-last-chunk", chunked(chunk(FEED), Act.CLOSE), "connection"),
    Row("length-too-long", [reply(FEED, length=len(FEED) + 500), Act.CLOSE], "connection"),
    Row("length-too-short", [reply(FEED, length=100), Act.CLOSE], "bad_response"),
)

SLOW = (
    Row("never-answers", [Act.HANG], "timeout", slow=True),
    Row("stops-inside-the-head", [b"HTTP/1.1 200 OK\r\nConte", Act.HANG], "timeout", slow=True),
    Row("stops-inside-the-body", [reply(FEED)[:200], Act.HANG], "timeout", slow=True),
    Row("stops-inside-a-chunk", chunked(b"fff\r\n" + FEED[:50], Act.HANG), "timeout", slow=True),
    Row("drips-its-body", [reply(length=50_000), Repeat(b"x", 0.02)], "timeout", slow=True),
    Row("drips-its-chunks", chunked(Repeat(b"1\r\nx\r\n", 0.02)), "timeout", slow=True),
    Row("drips-its-status", [b"HTTP/1.1 200 O", Repeat(b"K", 0.02)], "timeout", slow=True),
    Row("drips-its-headers", [b"HTTP/1.1 200 OK\r\n", Repeat(b"X-A: b\r\n", 0.05)], "timeout", slow=True),
    Row("drips-one-header", [b"HTTP/1.1 200 OK\r\nX-A: ", Repeat(b"b", 0.02)], "timeout", slow=True),
    # aiohttp does not tell the reader of a body that it gave up on a later chunk; the deadline does.
    Row("chunk-garbage-later", chunked(chunk(FEED), Repeat(b"", 0.1, times=1), b"zz\r\nabc\r\n", Act.HANG), "timeout",
        slow=True),
    Row("drips-gzip", [reply(GZIPPED[:20], headers={"Content-Encoding": "gzip"}, length=9_000), Repeat(b"", 0.02, 100)],
        "timeout", slow=True),
    Row("endless-chunk-extension", chunked(b"3;a=", Repeat(b"b" * 4096)), "timeout", slow=True),
    Row("says-continue-for-ever", [Repeat(b"HTTP/1.1 100 Continue\r\n\r\n", 0.01)], "timeout", slow=True),
    Row("says-early-hints-for-ever", [Repeat(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", 0.01)], "timeout",
        slow=True),
)  # fmt: skip

TOO_MUCH = (
    Row("declares-too-much", [reply(length=MAX_BYTES + 1), Act.HANG], "too_large"),
    Row("declares-a-terabyte", [reply(length=10**12), Act.HANG], "too_large"),
    Row("one-byte-too-many", good(bytes(MAX_BYTES + 1)), "too_large"),
    Row("endless-body", [head(b"HTTP/1.1 200 OK", b"Connection: close"), Repeat(bytes(8192))], "too_large"),
    Row("endless-chunks", chunked(Repeat(chunk(bytes(8192)))), "too_large"),
    Row("gzip-bomb", encoded(gzip.compress(ZEROS), "gzip"), "too_large"),
    Row("gzip-bomb-undeclared", good(gzip.compress(ZEROS)), "too_large"),
    Row("deflate-bomb", encoded(zlib.compress(ZEROS), "deflate"), "too_large"),
    Row("deflate-bomb-without-header", encoded(raw_deflate(ZEROS), "deflate"), "too_large"),
    Row("brotli-bomb", encoded(brotli.compress(ZEROS), "br"), "too_large"),
    Row("bomb-inside-a-bomb", encoded(gzip.compress(gzip.compress(ZEROS)), "gzip, gzip"), "too_large"),
    Row("bomb-of-brotli-inside-gzip", encoded(gzip.compress(brotli.compress(ZEROS)), "br, gzip"), "too_large"),
    Row("bomb-in-a-later-member", encoded(GZIPPED + gzip.compress(ZEROS), "gzip"), "too_large"),
    Row("gzip-of-many-empty-members", chunked(Repeat(chunk(gzip.compress(b"") * 50), times=30), b"0\r\n\r\n"), "bad_response"),  # noqa: E501
    Row("endless-empty-blocks", [head(b"HTTP/1.1 200 OK", b"Transfer-Encoding: chunked",
        b"Content-Encoding: deflate"), chunk(b"\x78\x9c"), Repeat(chunk(b"\x00\x00\x00\xff\xff" * 1000))],
        "too_large"),
)  # fmt: skip

BROKEN = (
    Row("gzip-cut-off", encoded(GZIPPED[:-30], "gzip"), "bad_response"),
    Row("gzip-with-wrong-sum", encoded(GZIPPED[:-8] + bytes(8), "gzip"), "bad_response"),
    Row("gzip-garbage-after-its-mark", encoded(b"\x1f\x8b\x08" + b"\xff" * 200, "gzip"), "bad_response"),
    Row("deflate-garbage", encoded(b"\xff" * 200, "deflate"), "bad_response"),
    Row("brotli-garbage", encoded(b"\xff" * 200, "br"), "bad_response"),
    Row("brotli-cut-off", encoded(BROTLI[:-9], "br"), "bad_response"),
    Row("compressed-three-times", encoded(gzip.compress(gzip.compress(GZIPPED)), "gzip, gzip, gzip"), "bad_response"),
    Row("zstd-unasked", encoded(b"\x28\xb5\x2f\xfd" + bytes(60), "zstd"), "bad_response"),
    Row("chunk-size-is-no-number", chunked(b"zz\r\nabc\r\n0\r\n\r\n", Act.CLOSE), "bad_response"),
    Row("chunk-size-is-negative", chunked(b"-5\r\nabc\r\n0\r\n\r\n", Act.CLOSE), "bad_response"),
    Row("chunk-size-is-beyond-64-bits", chunked(b"f" * 40 + b"\r\nabc\r\n", Act.CLOSE), "bad_response"),
    Row("chunk-longer-than-it-says", chunked(b"3\r\nabcdef\r\n0\r\n\r\n", Act.CLOSE), "bad_response"),
    Row("endless-trailers", chunked(chunk(FEED), b"0\r\n", Repeat(b"X-A: b\r\n", times=20_000), Act.HANG),
        "bad_response"),
)  # fmt: skip

NOT_FEEDS = (
    Row("empty", good(b""), parsed="not_a_feed", body=b""),
    Row("empty-gzip", encoded(b"", "gzip"), parsed="not_a_feed", body=b""),
    Row("empty-brotli", encoded(b"", "br"), parsed="not_a_feed", body=b""),
    Row("only-spaces", good(b" \n" * 50), parsed="not_a_feed", body=None),
    Row("html-instead", good(b"<!doctype html><html><head><title>Sorry</title></head><body>We moved</body></html>",
        content_type="text/html"), parsed="html_page", body=None),
    Row("html-declared-as-feed", good(b"<html><body><h1>Blocked by your provider</h1></body></html>",
        content_type="application/rss+xml"), parsed="html_page", body=None),
    Row("html-with-a-feed-inside", good(
        b'<html><head><link rel="alternate" type="application/rss+xml" href="/answers/good"></head></html>',
        content_type="text/html"), parsed="html_page", body=None),
    Row("picture", good(b"\x89PNG\r\n\x1a\n" + bytes(500), content_type="image/png"), parsed="not_a_feed", body=None),
    Row("json-that-is-no-feed", good(b'{"error": "quota"}', content_type="application/json"), parsed="not_a_feed",
        body=None),
    Row("plain-words", good(b"Database connection failed", content_type="text/plain"), parsed="not_a_feed", body=None),
    Row("declared-as-html", good(FEED, content_type="text/html")),
    Row("declared-as-zip", good(FEED, content_type="application/zip")),
    Row("charset-is-a-lie", good(FEED, content_type="text/xml; charset=utf-16")),
    Row("charset-is-unknown", good(FEED, content_type="text/xml; charset=klingon-8")),
    Row("content-type-is-garbage", good(FEED, content_type=";;;=,/")),
    Row("content-type-is-missing", good(FEED)),
)  # fmt: skip

VALIDATORS = (
    Row("unchanged", status("304 Not Modified", {"ETag": ETAG}), "unchanged", etag=ETAG),
    Row("unchanged-with-a-body", status("304 Not Modified", body=FEED), "bad_response", etag=ETAG),
    Row("unchanged-with-a-length", [reply(status="304 Not Modified", length=5_000)], "unchanged", etag=ETAG),
    Row("unchanged-although-nobody-asked", status("304 Not Modified"), "bad_response"),
    Row("same-etag-other-body", good(FEED, etag=ETAG), etag=ETAG),
    Row("etag-never-the-same", lambda request: good(FEED, etag=f'"{id(request)}"'), etag=ETAG),
    Row("etag-is-garbage", good(FEED, etag="\x7f\udcff" * 20), etag=ETAG),
)

BODIES = DECENT + CUT_OFF + SLOW + TOO_MUCH + BROKEN + NOT_FEEDS + VALIDATORS
