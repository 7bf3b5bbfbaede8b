"""Calls to programs that asked for them: one question, no redirect followed, of the answer little or nothing read."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice

from articles.errors import IngestError
from articles.fetch.batch import Loop
from articles.fetch.http import Client
from articles.fetch.settings import FetchSettings

CONCURRENCY = 200  # calls at once; a slow one holds one place until the deadline of the settings


@dataclass(frozen=True, slots=True)
class Call:
    """A GET, or with a body a POST."""

    key: int  # the caller's
    url: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    max_bytes: int = 0  # of the answer that are read


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: any status, also a redirect."""

    status: int
    body: bytes = b""


async def _ask(client: Client, call: Call, turn: str) -> Reply:
    status, body = await client.call(call.url, body=call.body, headers=call.headers, max_bytes=call.max_bytes)
    return Reply(status, body)


def call_many(
    calls: Iterable[Call], settings: FetchSettings, *, concurrency: int = CONCURRENCY
) -> Generator[tuple[Call, Reply | IngestError]]:
    """Make calls at the same time and yield each with its reply or its fault, in the order of their ends.

    ``calls`` is read in the caller's thread as replies are taken, twice ``concurrency`` ahead.
    """
    source = iter(calls)
    with Loop(settings, None, wait=False, concurrency=concurrency, ask=_ask) as loop:
        under_way = loop.add(list(islice(source, 2 * concurrency)))
        while under_way:
            call, reply = loop.take()
            loop.let_go(reply)
            under_way += loop.add(list(islice(source, 1))) - 1
            yield call, reply
