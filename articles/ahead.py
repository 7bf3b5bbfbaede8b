"""Reading ahead: documents are read in child processes while this one tags and stores what was read before."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from articles.errors import IngestError
from articles.fetch.bodies import LARGE_BODY
from articles.records import FeedRequest, Response
from articles.sandbox import READERS, Reading

Answer = Response | IngestError
Read = Callable[[Response], Reading]
AHEAD: Final = 2 * READERS  # documents read or being read that nobody has taken yet
Step = tuple[FeedRequest, Answer, Read | None]


def read_ahead(
    answers: Iterable[tuple[FeedRequest, Answer]], read: Read, *, wanted: Callable[[FeedRequest, Response], bool]
) -> Iterator[Step]:
    """Yield each request with its answer and, where reading it is ``wanted``, a way to its result.

    The way is called with the answer and returns the reading or raises what ``read`` raised. Answers come in their
    order, but those that need no reading go before. A large body is read when it is taken and before the next answer
    is asked for, so that no more than one of them waits here.
    """
    waiting: deque[tuple[FeedRequest, Response, Future[Reading]]] = deque()
    with ThreadPoolExecutor(READERS, thread_name_prefix="read") as pool:
        for request, answer in answers:
            if isinstance(answer, IngestError) or not wanted(request, answer):
                yield request, answer, None
            elif len(answer.body) > LARGE_BODY:
                yield request, answer, read
            else:
                waiting.append((request, answer, pool.submit(read, answer)))
            while waiting and (len(waiting) > AHEAD or waiting[0][2].done()):
                yield _step(*waiting.popleft())
        while waiting:
            yield _step(*waiting.popleft())


def _step(request: FeedRequest, answer: Response, reading: Future[Reading]) -> Step:
    return request, answer, lambda _: reading.result()
