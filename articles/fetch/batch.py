"""Many feeds on one event loop, in a thread of its own, for callers that are not asynchronous."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterable
from itertools import islice
from typing import Generic, Protocol, Self, TypeVar

from yarl import URL

from articles.errors import Deferred, IngestError
from articles.fetch.bodies import LARGE_BODY
from articles.fetch.http import Client
from articles.fetch.politeness import HostBudget
from articles.fetch.settings import FetchSettings
from articles.records import FeedRequest, Response


class Addressed(Protocol):
    """Anything that is asked at an address."""

    @property
    def url(self) -> str: ...


Asked = TypeVar("Asked", bound=Addressed)
Told = TypeVar("Told")
Ask = Callable[[Client, Asked, str], Awaitable[Told]]  # the string is the turn that was taken at the host
Answer = Response | IngestError
CONCURRENCY = 32  # exchanges at once
LARGE_PLACES = 2  # bodies above LARGE_BODY that may exist at once, the one that the caller looks at included
WINDOW = 2000  # requests known to the loop at once, so that those of a busy host do not hold up the others


def fetch_many(
    requests: Iterable[FeedRequest],
    settings: FetchSettings,
    budget: HostBudget | None,
    *,
    wait: bool,
    concurrency: int = CONCURRENCY,
) -> Generator[tuple[FeedRequest, Answer]]:
    """Fetch feeds at the same time and yield each with its answer or its fault, in the order of their ends.

    ``wait``: feeds of a busy host wait for their turn, else they come back at once as Deferred. ``requests`` is
    read in the caller's thread, as answers are taken. An answer taken is let go when the next one is asked for.
    Closing the iterator early ends everything that is under way.
    """
    source = iter(requests)
    with Loop(settings, budget, wait=wait, concurrency=concurrency, ask=_fetch_feed) as loop:
        under_way = loop.add(list(islice(source, WINDOW)))
        while under_way:
            request, answer = loop.take()
            yield request, answer
            loop.let_go(answer)
            under_way += loop.add(list(islice(source, 1))) - 1


async def _fetch_feed(client: Client, request: FeedRequest, turn: str) -> Response:
    return await client.fetch(request, turn=turn)


class Loop(Generic[Asked, Told]):
    """The thread with the event loop; a context manager for the caller's thread."""

    def __init__(
        self,
        settings: FetchSettings,
        budget: HostBudget | None,
        *,
        wait: bool,
        concurrency: int,
        ask: Ask[Asked, Told],
    ) -> None:
        self._ask = ask
        self._settings = settings
        self._budget = budget
        self._wait = wait
        self._answers: queue.SimpleQueue[tuple[Asked, Told | IngestError] | BaseException] = queue.SimpleQueue()
        # A place is taken before an exchange starts; results that nobody has taken yet hold twice as many back.
        self._places = asyncio.Semaphore(concurrency)
        self._untaken = asyncio.Semaphore(2 * concurrency)
        self._large = asyncio.Semaphore(LARGE_PLACES)
        self._lines: dict[str, deque[Asked]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="fetch", daemon=True)

    # --- the caller's side

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()

    def add(self, requests: list[Asked]) -> int:
        """Put requests into the lines of their hosts; return how many."""
        if requests:
            self._loop.call_soon_threadsafe(self._line_up, requests)
        return len(requests)

    def take(self) -> tuple[Asked, Told | IngestError]:
        """Wait for the next answer; a bug in the loop is raised here."""
        found = self._answers.get()
        if isinstance(found, BaseException):
            raise found
        return found

    def let_go(self, answer: Told | IngestError) -> None:
        """Make room for more."""
        self._loop.call_soon_threadsafe(self._make_room, isinstance(answer, Response) and len(answer.body) > LARGE_BODY)

    # --- the loop's side

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:  # the caller waits for answers in its own thread: it must hear of it
            self._answers.put(error)
            self._ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._end = asyncio.Event()
        async with Client(self._settings, self._budget, large_bodies=self._large) as self._client:
            self._ready.set()
            await self._end.wait()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _make_room(self, large: bool) -> None:
        self._untaken.release()
        if large:
            self._large.release()

    def _line_up(self, requests: list[Asked]) -> None:
        for request in requests:
            host = _host(request.url)
            if host in self._lines:
                self._lines[host].append(request)
            else:
                self._lines[host] = deque([request])
                self._start(self._work_off(host))

    async def _work_off(self, host: str) -> None:
        """Start the requests of one host in their turn; a line that waits holds no place."""
        line = self._lines[host]
        late = 0
        while line:
            await self._untaken.acquire()
            await self._places.acquire()
            request = line.popleft()
            try:
                turn = await self._client.take_turn(request.url)
            except Deferred as error:
                if self._wait:
                    line.appendleft(request)
                    self._places.release()
                    self._untaken.release()
                    await asyncio.sleep(error.retry_after.total_seconds())
                    continue
                # Those further back in the line come later, not all at once.
                error.retry_after += late * self._settings.host_interval
                late += 1
                self._answer(request, error)
            except IngestError as error:
                self._answer(request, error)
            else:
                self._start(self._fetch(request, turn))
        del self._lines[host]

    async def _fetch(self, request: Asked, turn: str) -> None:
        try:
            answer: Told | IngestError = await self._ask(self._client, request, turn)
        except IngestError as error:
            # Its traceback would keep the half of a body alive that it ended.
            answer = error.with_traceback(None)
            answer.__cause__ = answer.__context__ = None
        self._answer(request, answer)

    def _answer(self, request: Asked, answer: Told | IngestError) -> None:
        self._places.release()
        self._answers.put((request, answer))

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self._answers.put(error)


def _host(url: str) -> str:
    try:
        return URL(url).raw_host or ""
    except ValueError:
        return ""
