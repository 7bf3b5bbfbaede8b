"""Read the body of an answer within limits of bytes and of memory."""

from __future__ import annotations

import asyncio

import aiohttp

from articles.errors import TooLarge
from articles.fetch.inflate import inflate

LARGE_BODY = 512 * 1024  # bytes; more needs one of few places, so that many large bodies at once cannot take the memory


async def read_body(
    answer: aiohttp.ClientResponse, max_bytes: int, *, places: asyncio.Semaphore | None, clock: asyncio.Timeout
) -> bytes:
    """Return the whole body, inflated.

    A body above LARGE_BODY takes one of ``places`` (None: there is no limit to them), which stays taken for as long
    as the body is kept: whoever lets the body go releases it. Waiting for a place does not count on the ``clock``.

    Raises:
        TooLarge: more than ``max_bytes``, on the wire or inflated.
        BadResponse: the compression cannot be undone.
    """
    if (answer.content_length or 0) > max_bytes:
        raise TooLarge(f"the body is larger than {max_bytes} bytes")
    room = _Room(max_bytes, places, clock)
    encoding = ", ".join(answer.headers.getall("Content-Encoding", []))
    try:
        raw = bytearray()
        async for piece in answer.content.iter_any():
            raw += piece
            if len(raw) > room.limit:
                await room.grow()
        try:
            body = inflate(raw, encoding, max_bytes=room.limit)
        except TooLarge:
            # Begun again rather than held half way: an inflater keeps a window of up to 16 MB while it waits.
            await room.grow()
            body = inflate(raw, encoding, max_bytes=room.limit)
    except BaseException:
        room.give_back()
        raise
    if len(body) <= LARGE_BODY:
        room.give_back()
    return body


class _Room:
    """How long a body may grow: to LARGE_BODY, and with a place to the limit."""

    def __init__(self, max_bytes: int, places: asyncio.Semaphore | None, clock: asyncio.Timeout) -> None:
        self._max_bytes = max_bytes
        self._places = places
        self._clock = clock
        self._taken = False
        self.limit = min(LARGE_BODY, max_bytes) if places else max_bytes

    async def grow(self) -> None:
        """Wait for a place; raise TooLarge when the body may not be longer anyway."""
        if self._places is None or self.limit == self._max_bytes:
            raise TooLarge(f"the body is larger than {self.limit} bytes")
        with OffTheClock(self._clock):
            self._taken = await self._places.acquire()
        self.limit = self._max_bytes

    def give_back(self) -> None:
        if self._places and self._taken:
            self._places.release()


class OffTheClock:
    """Time spent inside does not count against a deadline."""

    def __init__(self, clock: asyncio.Timeout) -> None:
        self._clock = clock

    def __enter__(self) -> None:
        self._left = (self._clock.when() or 0) - asyncio.get_running_loop().time()
        self._clock.reschedule(None)

    def __exit__(self, *_: object) -> None:
        self._clock.reschedule(asyncio.get_running_loop().time() + self._left)
