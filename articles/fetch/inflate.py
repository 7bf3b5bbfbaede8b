"""Inflate bodies piece by piece, so that a bomb is noticed before it takes memory."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Protocol

import brotli

from articles.errors import BadResponse, TooLarge

STEP = 64 * 1024  # bytes inflated at once
MAX_LAYERS = 2  # "gzip, gzip" happens behind misconfigured proxies; more is an attack
MAX_MEMBERS = 1000  # of one gzip body: empty ones cost time and never reach the limit of bytes
KNOWN = {"gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate", "br": "br"}
UNASKED = frozenset({"zstd", "compress", "x-compress", "dcb", "dcz", "bzip2", "lzma", "xz"})
GZIP_MAGIC = b"\x1f\x8b\x08"


class Layer(Protocol):
    """One compression, undone as the bytes arrive."""

    def feed(self, data: bytes) -> Iterator[bytes]: ...

    def finish(self) -> None: ...


class ZlibLayer:
    """gzip with all its members, or deflate with and without its header."""

    def __init__(self, *, gzip: bool) -> None:
        self._gzip = gzip
        self._engine = zlib.decompressobj(zlib.MAX_WBITS | 16 if gzip else zlib.MAX_WBITS)
        self._begun = False
        self._members = 1

    def feed(self, data: bytes) -> Iterator[bytes]:
        if not self._begun and data:
            self._begun = True
            if not self._gzip and not _has_zlib_header(data):
                self._engine = zlib.decompressobj(-zlib.MAX_WBITS)
        full = False  # a full piece may have left more inside the engine than the bytes that it still wants
        while data or full:
            if self._engine.eof and not self._next_member(data):
                return
            try:
                piece = self._engine.decompress(data, STEP)
            except zlib.error as error:
                raise BadResponse(f"the compressed body cannot be read: {error}") from error
            yield piece
            full = len(piece) == STEP
            data = self._engine.unused_data if self._engine.eof else self._engine.unconsumed_tail

    def _next_member(self, data: bytes) -> bool:
        """Begin another gzip member when one follows; padding after the last one is no fault."""
        if not self._gzip or not data.startswith(GZIP_MAGIC[:1]):
            return False
        self._members += 1
        if self._members > MAX_MEMBERS:
            raise BadResponse("the compressed body has too many parts")
        self._engine = zlib.decompressobj(zlib.MAX_WBITS | 16)
        return True

    def finish(self) -> None:
        if self._begun and not self._engine.eof:
            raise BadResponse("the compressed body ends too early")


class BrotliLayer:
    """Brotli, which ends by itself."""

    def __init__(self) -> None:
        self._engine = brotli.Decompressor()
        self._begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._begun = self._begun or bool(data)
        try:
            while not self._engine.is_finished():
                piece = self._engine.process(data, output_buffer_limit=STEP)
                if not piece and self._engine.can_accept_more_data():
                    return
                data = b""
                yield piece
        except brotli.error as error:
            raise BadResponse("the compressed body cannot be read: it is no brotli") from error

    def finish(self) -> None:
        if self._begun and not self._engine.is_finished():
            raise BadResponse("the compressed body ends too early")


class Inflater:
    """Takes a body as it arrives and keeps it inflated, at most ``max_bytes`` long.

    ``encoding`` is the Content-Encoding. Servers lie in both directions: a body declared as gzip that is not
    is taken as it stands, one that begins as gzip undeclared is inflated, and names that are no compression ("UTF-8"
    is common) are passed over.
    """

    def __init__(self, encoding: str, max_bytes: int) -> None:
        self._names = encoding.lower().replace(" ", "").split(",")
        self._max_bytes = max_bytes
        self._layers: list[Layer] | None = None
        self._head = b""
        self._raw_bytes = 0
        self.body = bytearray()

    def feed(self, data: bytes) -> None:
        """Take the next bytes from the wire.

        Raises:
            TooLarge: the inflated body passes ``max_bytes``.
            BadResponse: the compression is broken or unknown.
        """
        self._raw_bytes += len(data)
        self._check_size(self._raw_bytes)  # empty blocks inflate to nothing, for ever
        if self._layers is None:
            self._head += data
            if len(self._head) < len(GZIP_MAGIC):
                return
            data = self._begin()
        self._inflate(data, 0)

    def finish(self) -> bytes:
        """Return the whole body; raise BadResponse when the compression was cut off."""
        if self._layers is None:
            self._inflate(self._begin(), 0)
        for layer in self._layers or ():
            layer.finish()
        return bytes(self.body)

    def _begin(self) -> bytes:
        """Choose the layers by what was declared and by what the first bytes are."""
        is_gzip = self._head.startswith(GZIP_MAGIC[:2])
        names = [KNOWN.get(name, name) for name in self._names if name in KNOWN or name in UNASKED]
        if len(names) > MAX_LAYERS:
            raise BadResponse("the body is compressed more than twice over")
        if names and names[-1] == "gzip" and not is_gzip:
            names.pop()
        if not names and is_gzip:
            names = ["gzip"]
        self._layers = [make_layer(name) for name in reversed(names)]
        head, self._head = self._head, b""
        return head

    def _inflate(self, data: bytes, depth: int) -> None:
        layers = self._layers or ()
        if depth == len(layers):
            self.body += data
            self._check_size(len(self.body))
            return
        for piece in layers[depth].feed(data):
            self._inflate(piece, depth + 1)

    def _check_size(self, size: int) -> None:
        if size > self._max_bytes:
            raise TooLarge(f"the body is larger than {self._max_bytes} bytes")


def make_layer(name: str) -> Layer:
    """Return the undoing of one Content-Encoding that we ask for; BadResponse for any other."""
    match name:
        case "gzip":
            return ZlibLayer(gzip=True)
        case "deflate":
            return ZlibLayer(gzip=False)
        case "br":
            return BrotliLayer()
    raise BadResponse(f"the body is compressed as {name}, which nobody asked for")


def _has_zlib_header(data: bytes) -> bool:
    """RFC 1950: the two first bytes name method 8 and are a multiple of 31 together."""
    return len(data) > 1 and data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
