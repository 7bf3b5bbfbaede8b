"""A server on loopback that says exactly the bytes it is told to, however wrong they are.

Written on bare streams: no HTTP library lets a status line be a lie or a header never end.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from types import TracebackType
from typing import Self

MOST = 64 * 1024 * 1024  # bytes that an endless answer sends at most
TLS_HANDSHAKE = b"\x16"
LONGEST = 30.0  # seconds that an answer lasts at most


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked."""

    method: str
    target: str  # path and query
    headers: Mapping[str, str]  # names in lower case


class Act(Enum):
    """What a server can do besides sending bytes."""

    HANG = "say nothing more and keep the connection"
    CLOSE = "close the connection"
    RESET = "break the connection off"


@dataclass(frozen=True, slots=True)
class Repeat:
    """Bytes sent again and again, ``pause`` seconds apart, until the client leaves or ``times`` are over."""

    piece: bytes
    pause: float = 0.0
    times: int | None = None


Step = bytes | Act | Repeat
Steps = Sequence[Step]
Play = Callable[[Request], Steps]


def reply(
    body: bytes = b"", *, status: str = "200 OK", headers: Mapping[str, str] | None = None, length: int | None = None
) -> bytes:
    """One HTTP/1.1 answer; ``length`` is a lie when it is not the body's."""
    fields = {"Content-Length": str(len(body) if length is None else length)} | dict(headers or {})
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode("utf-8", "surrogateescape") + body


class HostileServer:
    """The server; a context manager with its own loop and thread, over TLS when it is given a context.

    ``serve`` registers a decent answer, ``play`` any steps; ``requests`` holds what was asked, oldest first.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self.requests: deque[Request] = deque(maxlen=50_000)
        self._plays: dict[str, Play] = {}
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="hostile", daemon=True)
        self._talks: set[asyncio.Task[None]] = set()
        self.port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()

    @property
    def address(self) -> str:
        """host:port, as in a URL."""
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        """The address of a path."""
        return f"http://{self.address}{path}"

    def serve(self, path: str, body: bytes, headers: Mapping[str, str] | None = None, *, status: str = "200 OK") -> str:
        """Answer a path decently, with 304 to who knows its ETag or Last-Modified; return its address."""
        fields = {"Content-Type": "application/xml"} | dict(headers or {})
        known = {name.lower(): value for name, value in fields.items()}

        def answer(request: Request) -> Steps:
            for ours, theirs in (("etag", "if-none-match"), ("last-modified", "if-modified-since")):
                if ours in known and request.headers.get(theirs) == known[ours]:
                    return [reply(status="304 Not Modified", headers=fields, length=0)]
            return [reply(body, status=status, headers=fields)]

        return self.play(path, answer)

    def play(self, path: str, steps: Steps | Play) -> str:
        """Answer a path (without query) with these steps; return its address."""
        self._plays[path] = steps if callable(steps) else lambda _request: steps
        return self.url(path)

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._end = asyncio.Event()
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=self._tls)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._end.wait()
        server.close()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.current_task()
        assert talk is not None
        self._talks.add(talk)
        talk.add_done_callback(self._talks.discard)
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, TimeoutError, asyncio.CancelledError):
                while await self._talk(reader, writer):
                    pass
        finally:
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; return whether another may follow on the connection."""
        first = await reader.readexactly(1)
        if first == TLS_HANDSHAKE:
            await _perform(reply(status="400 Bad Request"), reader, writer)
            return False
        request = _read_head(first + await reader.readuntil(b"\r\n\r\n"))
        await reader.readexactly(int(request.headers.get("content-length", "0")))
        self.requests.append(request)
        play = self._plays.get(request.target.partition("?")[0])
        steps = play(request) if play else [reply(b"no such answer", status="404 Not Found")]
        async with asyncio.timeout(LONGEST):
            for step in steps:
                if not await _perform(step, reader, writer):
                    return False
        return True


async def _perform(step: Step, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    """Do one step; return whether the connection goes on."""
    match step:
        case bytes():
            writer.write(step)
            await writer.drain()
        case Repeat(piece, pause, times):
            for _ in range(times if times is not None else MOST // len(piece)):
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(pause)
        case Act.HANG:
            await reader.read()
            return False
        case Act.CLOSE:
            return False
        case Act.RESET:
            # Linger of zero seconds: the kernel sends RST instead of a polite end.
            plain: socket.socket = writer.get_extra_info("socket")
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
    return True


def _read_head(head: bytes) -> Request:
    lines = head.decode("latin-1").split("\r\n")
    method, target, _ = lines[0].split(" ", 2)
    fields = (line.partition(":") for line in lines[1:] if line)
    return Request(method, target, {name.lower(): value.strip() for name, _, value in fields})
