"""How connections are made: names looked up in threads that may hang, every socket checked before it connects."""

from __future__ import annotations

import asyncio
import functools
import socket
import ssl
import threading
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from articles.fetch.addresses import may_connect
from articles.fetch.settings import FetchSettings

NOT_ALLOWED = -1  # the errno of a refusal; no system uses it

AddrInfo = tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[Any, ...]]


def make_session(settings: FetchSettings) -> aiohttp.ClientSession:
    """Return a session that keeps nothing between exchanges but open connections."""
    connector = aiohttp.TCPConnector(
        limit=0,  # the caller decides how much runs at once
        resolver=Resolver(),
        socket_factory=functools.partial(checked_socket, settings),
        ttl_dns_cache=60,
    )
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None, connect=None, sock_connect=None, sock_read=None),
        auto_decompress=False,
        trust_env=False,  # a proxy of the environment would connect where it likes
        max_headers=100,
        max_line_size=8190,
        max_field_size=8190,
    )


def checked_socket(settings: FetchSettings, info: AddrInfo) -> socket.socket:
    """Make the socket that will connect to exactly this address.

    aiohttp asks here for every address, whether it stood in the URL, came from the resolver, or from a redirect.

    Raises:
        OSError: with errno NOT_ALLOWED when the address is not public and was not opened by the operator.
    """
    family, kind, protocol, _, address = info
    scoped = len(address) > 3 and address[3]
    if scoped or not may_connect(address[0], address[1], settings.allow_networks):
        raise OSError(NOT_ALLOWED, f"{address[0]} is not on the public internet")
    return socket.socket(family, kind, protocol)


@functools.cache
def tls_context(ca_file: str) -> ssl.SSLContext:
    """Certificates and names are verified, always; loading the system's certificates is slow, so it is done once."""
    return ssl.create_default_context(cafile=ca_file or None)


class Resolver(AbstractResolver):
    """The system's resolver, each look-up in a daemon thread of its own.

    A look-up cannot be cancelled: in a pool of threads a few dead name servers would hold up everybody else's,
    and the end of the process.
    """

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[ResolveResult]] = loop.create_future()
        threading.Thread(target=_look_up, args=(loop, answer, host, port, family), daemon=True).start()
        return await answer

    async def close(self) -> None:
        """Nothing is held."""


def _look_up(
    loop: asyncio.AbstractEventLoop,
    answer: asyncio.Future[list[ResolveResult]],
    host: str,
    port: int,
    family: socket.AddressFamily,
) -> None:
    found: list[ResolveResult] = []
    fault: OSError | None = None
    try:
        infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family, flags=socket.AI_ADDRCONFIG)
        found = [_result(host, info) for info in infos]
    except OSError as error:
        fault = error
    except UnicodeError:  # a label that no name may have
        fault = socket.gaierror(socket.EAI_NONAME, "not a name")
    if not loop.is_closed():
        loop.call_soon_threadsafe(_give, answer, found, fault)


def _result(host: str, info: AddrInfo) -> ResolveResult:
    family, _, protocol, _, address = info
    # A scope id (fe80::1%eth0) stays in the text of the address, where the check refuses it.
    numeric = f"{address[0]}%{address[3]}" if len(address) > 3 and address[3] and "%" not in address[0] else address[0]
    return ResolveResult(
        hostname=host,
        host=numeric,
        port=address[1],
        family=int(family),
        proto=protocol,
        flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
    )


def _give(answer: asyncio.Future[list[ResolveResult]], found: list[ResolveResult], fault: OSError | None) -> None:
    if answer.done():  # nobody waits any longer
        return
    if fault is not None:
        answer.set_exception(fault)
    else:
        answer.set_result(found)
