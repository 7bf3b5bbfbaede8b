"""The one HTTP client: feeds, pages and images all come through here.

An exchange is one question with its redirects. It has one deadline, every hop is checked where it connects
(connection.py), bodies are inflated under a limit (inflate.py), and hosts are asked in turn (turns.py).
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import aiohttp
from yarl import URL

from articles.errors import BadResponse, FetchTimeout, Gone, HttpError, IngestError, TooLarge
from articles.fetch.bodies import OffTheClock, read_body
from articles.fetch.caching import retry_after
from articles.fetch.connection import make_session, tls_context
from articles.fetch.faults import translate
from articles.fetch.locations import read_address, read_location, to_text
from articles.fetch.politeness import HostBudget
from articles.fetch.settings import FetchSettings
from articles.fetch.turns import Turns
from articles.records import FeedRequest, Response

ACCEPT_FEED = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})
HOP_PATIENCE = 2  # intervals that a redirect waits for its turn at the next host
FOREVER = float("inf")


@dataclass(slots=True)
class Exchange:
    """One question on its way."""

    asked: str
    url: URL
    headers: dict[str, str]
    max_bytes: int
    turn: str  # the host whose turn is held, "" for none
    clock: asyncio.Timeout
    started: float = field(default_factory=time.monotonic)
    hops: int = 0
    permanent: bool = True  # until a hop is not
    cookies: aiohttp.CookieJar | None = None  # of this exchange alone: some sites set one and redirect to themselves


class Client:
    """Fetches from the public internet, within the limits of its settings. An async context manager.

    ``budget`` None: no host is waited for. ``wait``: whether to wait for the turn at a busy host, else Deferred.
    ``large_bodies``: taken for a body above LARGE_BODY, and left for the receiver of the Response to release.
    """

    def __init__(
        self,
        settings: FetchSettings,
        budget: HostBudget | None = None,
        *,
        wait: bool = False,
        large_bodies: asyncio.Semaphore | None = None,
    ) -> None:
        self._settings = settings
        self._turns = Turns(settings, budget)
        self._wait = wait
        self._large_bodies = large_bodies

    async def __aenter__(self) -> Self:
        self._session = make_session(self._settings)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def take_turn(self, url: str) -> str:
        """Take the turn at the host of an address, for ``fetch``; raises Deferred, or Refused for a wrong address."""
        return await self._turns.take(read_address(url), patience=FOREVER if self._wait else 0)

    async def fetch(self, request: FeedRequest, *, turn: str | None = None) -> Response:
        """Return a feed's answer: status 200 with the body, or 304. ``turn``: from ``take_turn``, else taken here.

        Raises:
            IngestError: the kind says what happened, the message says it to people.
        """
        headers = {"Accept": ACCEPT_FEED}
        if not request.unconditional:
            conditions = {"If-None-Match": request.etag, "If-Modified-Since": request.last_modified}
            headers |= {name: value for name, value in conditions.items() if value and value.isprintable()}
        if turn is None:
            turn = await self.take_turn(request.url)
        return await self._exchange(request.url, headers, self._settings.max_bytes, turn)

    async def get(self, url: str, *, accept: str = "*/*", max_bytes: int | None = None) -> Response:
        """Return a page or an image, at most ``max_bytes`` long after inflating.

        Raises:
            IngestError: as ``fetch``.
        """
        turn = await self.take_turn(url)
        return await self._exchange(url, {"Accept": accept}, max_bytes or self._settings.max_bytes, turn)

    async def call(
        self, url: str, *, body: bytes | None, headers: Mapping[str, str], max_bytes: int
    ) -> tuple[int, bytes]:
        """Ask once, with a POST where there is a body, and follow no redirect; return status and body of the answer.

        Raises:
            IngestError: no answer; TooLarge when its body is longer than ``max_bytes`` > 0 (0: it is not read).
        """
        method = "GET" if body is None else "POST"
        sent = {**headers, "User-Agent": self._settings.user_agent, "Accept-Encoding": "identity"}
        async with (
            self._limited(),
            self._session.request(method, read_address(url), data=body, headers=sent, allow_redirects=False) as answer,
        ):
            read = bytearray()
            while max_bytes and (piece := await answer.content.read(max_bytes + 1 - len(read))):
                read += piece
                if len(read) > max_bytes:
                    raise TooLarge(f"the answer is longer than {max_bytes} bytes")
            return answer.status, bytes(read)

    async def _exchange(self, url: str, headers: dict[str, str], max_bytes: int, turn: str) -> Response:
        headers |= {"User-Agent": self._settings.user_agent, "Accept-Encoding": "gzip, deflate, br"}
        async with self._limited() as clock:
            return await self._follow(Exchange(url, read_address(url), headers, max_bytes, turn, clock))

    @asynccontextmanager
    async def _limited(self) -> AsyncIterator[asyncio.Timeout]:
        """The deadline of one exchange; what goes wrong inside becomes an IngestError."""
        deadline = self._settings.deadline.total_seconds()
        try:
            async with asyncio.timeout(deadline) as clock:
                yield clock
        except TimeoutError:
            raise FetchTimeout(f"no complete answer within {deadline:g} seconds") from None
        except aiohttp.ClientError as error:
            raise translate(error) from error
        except ValueError as error:  # of yarl and the codecs, for headers and addresses that nobody should send
            raise BadResponse(f"the answer cannot be read: {type(error).__name__}") from error

    async def _follow(self, exchange: Exchange) -> Response:
        """Ask, and ask on wherever the answers point; the turn of one host is held at a time."""
        try:
            while True:
                answer = await self._ask(exchange)
                if isinstance(answer, Response):
                    return answer
                if answer.raw_host != exchange.url.raw_host:
                    await self._change_host(exchange, answer)
                exchange.url = answer
        finally:
            await self._turns.give(exchange.turn)

    async def _change_host(self, exchange: Exchange, target: URL) -> None:
        """Give one host's turn back and wait for the next one's; the waiting is ours, so the deadline moves along."""
        await self._turns.give(exchange.turn)
        exchange.turn = ""
        patience = HOP_PATIENCE * self._settings.host_interval.total_seconds()
        with OffTheClock(exchange.clock):
            exchange.turn = await self._turns.take(target, patience=FOREVER if self._wait else patience)

    async def _ask(self, exchange: Exchange) -> Response | URL:
        """Send one request; return where it points, or the answer."""
        cookies = exchange.cookies.filter_cookies(exchange.url) if exchange.cookies else None
        tls = tls_context(self._settings.ca_file) if exchange.url.scheme == "https" else True
        async with self._session.get(
            exchange.url, headers=exchange.headers, cookies=cookies, allow_redirects=False, ssl=tls
        ) as answer:
            if answer.status not in REDIRECTS or "Location" not in answer.headers:
                return await self._conclude(exchange, answer)
            exchange.hops += 1
            if exchange.hops > self._settings.max_redirects:
                raise BadResponse(f"more than {self._settings.max_redirects} redirects")
            exchange.permanent = exchange.permanent and answer.status in PERMANENT
            if "Set-Cookie" in answer.headers:
                exchange.cookies = exchange.cookies or aiohttp.CookieJar(unsafe=True)
                exchange.cookies.update_cookies_from_headers(answer.headers.getall("Set-Cookie"), exchange.url)
            return read_location(answer.headers["Location"], base=exchange.url)

    async def _conclude(self, exchange: Exchange, answer: aiohttp.ClientResponse) -> Response:
        headers = to_text(answer.headers)
        body = b""
        if answer.status == 304:
            if not exchange.headers.keys() & {"If-None-Match", "If-Modified-Since"}:
                raise BadResponse("the server says that nothing has changed, although we have seen nothing yet")
        elif answer.status == 200:
            body = await read_body(answer, exchange.max_bytes, places=self._large_bodies, clock=exchange.clock)
        else:
            raise _status_error(answer.status, headers)
        return Response(
            url=exchange.asked,
            final_url=str(exchange.url),
            status=answer.status,
            headers=headers,
            body=body,
            body_hash=hashlib.sha256(body).hexdigest() if answer.status == 200 else "",
            permanent_url=str(exchange.url) if exchange.hops and exchange.permanent else "",
            milliseconds=_milliseconds_since(exchange.started),
        )


def _milliseconds_since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)


def _status_error(status: int, headers: dict[str, str]) -> IngestError:
    if status == 410:
        return Gone("the server says that this feed has ended (410)", status=status)
    wait = retry_after(headers, now=datetime.now(UTC))
    if status in REDIRECTS:
        return HttpError(f"the server redirects to nowhere ({status})", status=status)
    if status == 429:
        return HttpError("the server says that we ask too often (429)", status=status, retry_after=wait)
    if status >= 500:
        return HttpError(f"the server has a fault of its own ({status})", status=status, retry_after=wait)
    return HttpError(f"the server does not give the feed ({status})", status=status, retry_after=wait)
