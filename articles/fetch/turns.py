"""Turns at hosts, as the client takes them: by the host's budget, except where the operator opened the network."""

from __future__ import annotations

import asyncio
import ipaddress
import time
from datetime import timedelta

from yarl import URL

from articles.errors import Deferred
from articles.fetch.connection import Resolver
from articles.fetch.politeness import HostBudget
from articles.fetch.settings import FetchSettings

LOOK_UP = 5.0  # seconds to find out whether a name leads into an opened network


class Turns:
    """Takes and gives back places at hosts."""

    def __init__(self, settings: FetchSettings, budget: HostBudget | None) -> None:
        self._settings = settings
        self._budget = budget
        self._open: dict[tuple[str, int], bool] = {}

    async def take(self, url: URL, *, patience: float = 0) -> str:
        """Take a place and return the host to give back, "" when none is needed; wait at most ``patience`` seconds.

        Raises:
            Deferred: the turn comes later; ``retry_after`` says when.
        """
        host = url.raw_host or ""
        if self._budget is None or await self._is_open(host, url.port or 0):
            return ""
        # In a thread: a Redis that does not answer must not hold up the exchanges that are under way.
        while wait := await asyncio.to_thread(self._budget.acquire, host, time.time()):
            if wait > patience:
                raise Deferred(f"{host} is busy with other requests of ours", retry_after=timedelta(seconds=wait))
            patience -= wait
            await asyncio.sleep(wait)
        return host

    async def give(self, host: str) -> None:
        """Give back what ``take`` returned."""
        if host and self._budget is not None:
            await asyncio.to_thread(self._budget.release, host)

    async def _is_open(self, host: str, port: int) -> bool:
        if not self._settings.allow_networks:
            return False
        if (host, port) not in self._open:
            addresses = await _addresses(host, port)
            self._open[host, port] = bool(addresses) and all(
                any(network.opens(ipaddress.ip_address(address), port) for network in self._settings.allow_networks)
                for address in addresses
            )
        return self._open[host, port]


async def _addresses(host: str, port: int) -> list[str]:
    """The addresses of a host, none when they cannot be found: the fetch itself will say why."""
    try:
        async with asyncio.timeout(LOOK_UP):
            return [found["host"] for found in await Resolver().resolve(host, port)]
    except (OSError, TimeoutError):
        return []
