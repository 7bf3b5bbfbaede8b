"""Programs of subscribers on loopback: decent ones and every kind that a hub has to bear."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from aiohttp import web

SLOW = 4.0  # seconds


@dataclass(frozen=True, slots=True)
class Told:
    """One delivery as a subscriber got it."""

    at: float  # monotonic
    headers: dict[str, str]  # names in lower case
    body: bytes


class Subscribers:
    """A server for any number of callbacks ``/<manner>/<anything>``; a context manager with a thread of its own.

    Manners: good, refuse (404), wrong (another challenge), long (2 kB), slow, endless, moved (302), error (500),
    gone (410), and flaky (500 at the first delivery).
    """

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.told: dict[str, list[Told]] = defaultdict(list)  # by path
        self.port = 0
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

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
    def network(self) -> str:
        """What an operator writes into FETCH_ALLOW_NETWORKS to let the hub call here."""
        return f"127.0.0.1/32:{self.port}"

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}/{path}"

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._end = asyncio.Event()
        app = web.Application()
        app.router.add_get("/{manner}/{rest:.*}", self._verify)
        app.router.add_post("/{manner}/{rest:.*}", self._deliver)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, backlog=2048)
        await site.start()
        self.port = runner.addresses[0][1]
        self._ready.set()
        await self._end.wait()
        await runner.cleanup()

    async def _verify(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(dict(request.query))
        challenge = request.query.get("hub.challenge", "")
        match request.match_info["manner"]:
            case "refuse":
                return web.Response(status=404, text="no")
            case "wrong":
                return web.Response(text=f"{challenge}x")
            case "long":
                return web.Response(text=challenge + " " * 2000)
            case "moved":
                return web.Response(status=302, headers={"Location": f"/good/?{request.query_string}"})
            case "slow":
                await asyncio.sleep(SLOW)
            case "endless":
                return await self._endless(request)
        return web.Response(text=challenge)

    async def _deliver(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.told[request.path].append(Told(time.monotonic(), headers, body))
        match request.match_info["manner"]:
            case "moved":
                return web.Response(status=302, headers={"Location": "/good/elsewhere"})
            case "error":
                return web.Response(status=500)
            case "flaky" if len(self.told[request.path]) == 1:
                return web.Response(status=500)
            case "gone":
                return web.Response(status=410)
            case "slow":
                await asyncio.sleep(SLOW)
            case "endless":
                return await self._endless(request)
        return web.Response(status=204)

    async def _endless(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        until = time.monotonic() + SLOW
        while time.monotonic() < until:
            await response.write(b"x" * 1000)
            await asyncio.sleep(0.01)
        return response
