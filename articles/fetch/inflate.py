"""Inflate whole bodies in small steps, so that a bomb is noticed before it takes memory or time."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Generator, Iterator

import brotli

from articles.errors import BadResponse, TooLarge

STEP = 64 * 1024  # bytes handled at once
MAX_LAYERS = 2  # "gzip, gzip" happens behind misconfigured proxies; more is an attack
MAX_MEMBERS = 1000  # of one gzip body: empty ones cost time and never reach the limit of bytes
UNASKED = frozenset({"zstd", "compress", "x-compress", "dcb", "dcz", "bzip2", "lzma", "xz"})
GZIP_MARK = b"\x1f\x8b"

Pieces = Iterator[bytes]


def inflate(raw: bytes | bytearray, encoding: str, *, max_bytes: int) -> bytes:
    """Return a body as it was before its Content-Encoding.

    Servers lie in both directions: a body declared as gzip that is not is taken as it stands, one that begins as
    gzip undeclared is inflated, and names that are no compression ("UTF-8" is common) are passed over.

    Raises:
        TooLarge: the body, or what lies between two compressions, is longer than ``max_bytes``.
        BadResponse: the compression is broken, cut off, or one that we did not ask for.
    """
    pieces = _limited(_slices(raw), max_bytes)
    for layer in reversed(_layers(raw, encoding)):
        pieces = _limited(layer(pieces), max_bytes)
    return b"".join(pieces)


def _layers(raw: bytes | bytearray, encoding: str) -> list[Callable[[Pieces], Pieces]]:
    """The compressions in the order in which they were made, by what was declared and what the first bytes are."""
    names = [name for name in encoding.lower().replace(" ", "").split(",") if name in LAYERS or name in UNASKED]
    is_gzip = raw.startswith(GZIP_MARK)
    if len(names) > MAX_LAYERS:
        raise BadResponse("the body is compressed more than twice over")
    if unasked := UNASKED & {*names}:
        raise BadResponse(f"the body is compressed as {', '.join(sorted(unasked))}, which nobody asked for")
    if names and LAYERS[names[-1]] is _gunzip and not is_gzip:
        names.pop()
    if not names and is_gzip:
        names = ["gzip"]
    return [LAYERS[name] for name in names]


def _slices(raw: bytes | bytearray) -> Pieces:
    for start in range(0, len(raw), STEP):
        yield bytes(raw[start : start + STEP])


def _limited(pieces: Pieces, max_bytes: int) -> Pieces:
    total = 0
    for piece in pieces:
        total += len(piece)
        if total > max_bytes:
            raise TooLarge(f"the body is larger than {max_bytes} bytes")
        yield piece


def _gunzip(pieces: Pieces) -> Pieces:
    """gzip with all its members; what follows them without being one is padding and no fault."""
    engine = None
    members = 0
    for piece in pieces:
        data = piece
        while data:
            if engine is None or engine.eof:
                if members and not data.startswith(GZIP_MARK[:1]):
                    return
                members += 1
                if members > MAX_MEMBERS:
                    raise BadResponse("the compressed body has too many parts")
                engine = zlib.decompressobj(zlib.MAX_WBITS | 16)
            data = yield from _run(engine, data)
    if engine and not engine.eof:
        raise BadResponse("the compressed body ends too early")


def _undeflate(pieces: Pieces) -> Pieces:
    """Deflate with its header (RFC 1950), as the standard wants it, and without (RFC 1951), as some servers send it."""
    engine = None
    for piece in pieces:
        engine = engine or zlib.decompressobj(zlib.MAX_WBITS if _has_zlib_header(piece) else -zlib.MAX_WBITS)
        yield from _run(engine, piece)
        if engine.eof:
            return
    if engine:
        raise BadResponse("the compressed body ends too early")


def _run(engine: zlib._Decompress, data: bytes) -> Generator[bytes, None, bytes]:
    """Put bytes through the engine in steps; return what it left over because its stream had ended."""
    full = False  # a full step may have left more inside the engine than the bytes that it still wants
    while (data or full) and not engine.eof:
        try:
            piece = engine.decompress(data, STEP)
        except zlib.error as error:
            raise BadResponse(f"the compressed body cannot be read: {error}") from error
        full, data = len(piece) == STEP, engine.unconsumed_tail
        yield piece
    return engine.unused_data


def _unbrotli(pieces: Pieces) -> Pieces:
    engine = brotli.Decompressor()
    begun = False
    try:
        for data in pieces:
            begun = True
            while not engine.is_finished():
                piece = engine.process(data, output_buffer_limit=STEP)
                if not piece and engine.can_accept_more_data():
                    break
                data = b""
                yield piece
    except brotli.error as error:
        raise BadResponse("the compressed body cannot be read: it is no brotli") from error
    if begun and not engine.is_finished():
        raise BadResponse("the compressed body ends too early")


def _has_zlib_header(data: bytes) -> bool:
    """RFC 1950: the two first bytes name method 8 and are a multiple of 31 together."""
    return len(data) > 1 and data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0


LAYERS: dict[str, Callable[[Pieces], Pieces]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _undeflate,
    "br": _unbrotli,
}
