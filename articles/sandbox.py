"""Parsing and cleaning in processes that can be ended: a hostile document costs a child process, never a worker.

A child is a plain subprocess (Celery's own children may start no ``multiprocessing`` ones) with limits of memory and
processor time. Requests and answers are pickles of known length over its pipes; an answer may hold only our records.
"""

from __future__ import annotations

import atexit
import gc
import io
import logging
import os
import pickle
import queue
import resource
import select
import struct
import subprocess
import sys
import time
import traceback
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from articles.clean import clean_entry, clean_feed
from articles.errors import IngestError, ParseTimeout
from articles.parse import parse_feed
from articles.records import CleanEntry, ParsedFeed, Response

DEADLINE = timedelta(seconds=10)  # for one document, from handing it over to the whole answer
MAX_MEMORY = 300 * 1024 * 1024  # bytes of address space of one child
READERS = 2  # children of one process
MAX_READS = 5_000  # documents read by one child before another takes its place: nothing it leaks adds up
_LENGTH = struct.Struct(">Q")
_logger = logging.getLogger(__name__)


class Reading(NamedTuple):
    """A feed without its raw entries, and its clean entries."""

    feed: ParsedFeed
    entries: list[CleanEntry]


def read_here(response: Response, *, now: datetime) -> Reading:
    """Parse and clean in this process, without limits. Raises the kinds of ``parse_feed``."""
    parsed = parse_feed(response, now=now)
    base = parsed.homepage or response.final_url or response.url
    entries = [clean_entry(entry, base=base, declared_language=parsed.language) for entry in parsed.entries]
    return Reading(clean_feed(parsed, base=base), entries)


class Reader:
    """A pool of killable readers, each started when first needed; any number of threads may share it."""

    def __init__(self, size: int = READERS) -> None:
        self._size = size
        self._start_afresh()
        os.register_at_fork(after_in_child=self._start_afresh)  # two processes on one pipe would mix their answers
        atexit.register(self.close)

    def read(self, response: Response, *, now: datetime, deadline: timedelta = DEADLINE) -> Reading:
        """Return what the document says, read in a child; waits for a free one first, which does not count as time.

        Raises:
            HtmlPage, NotAFeed: as ``parse_feed`` does.
            ParseTimeout: it took longer than ``deadline`` or more memory than a child may have, or ended the child.
        """
        child = self._free.get()
        answer: Reading | IngestError | None = None
        try:
            if child is None or not child.usable:
                child = _Child()
            answer = child.ask(response, now, deadline)
        finally:
            if child is not None and answer is None:
                child.end()
            self._free.put(child if answer is not None else None)
        if isinstance(answer, IngestError):
            raise answer
        return answer

    def close(self) -> None:
        """End the children that are idle; one at work ends when its pipe does."""
        for _ in range(self._size):
            with suppress(queue.Empty):
                child = self._free.get_nowait()
                if child is not None:
                    child.end()
                self._free.put(None)

    def _start_afresh(self) -> None:
        self._free: queue.LifoQueue[_Child | None] = queue.LifoQueue()  # the last one used is the warmest
        for _ in range(self._size):
            self._free.put(None)


class _Child:
    """One reading process, spoken to by one thread at a time."""

    def __init__(self) -> None:
        self.reads = 0
        self.process = subprocess.Popen(
            [sys.executable, "-B", "-m", "articles.sandbox"],
            cwd=Path(__file__).resolve().parent.parent,
            env={"LANG": "C.UTF-8"},  # no secret of the parent's environment
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )

    @property
    def usable(self) -> bool:
        if self.reads >= MAX_READS:
            self.end()
        return self.process.poll() is None

    def ask(self, response: Response, now: datetime, deadline: timedelta) -> Reading | IngestError:
        """Hand a document over and wait for its answer. Raises ParseTimeout when there is none."""
        self.reads += 1
        until = time.monotonic() + deadline.total_seconds()
        kind = response.headers.get("content-type", "")
        document = Response(response.url, response.final_url, response.status, {"content-type": kind})
        message = pickle.dumps((document, now, deadline), protocol=5)
        try:
            self._write(_LENGTH.pack(len(message)) + message + _LENGTH.pack(len(response.body)), until)
            self._write(response.body, until)  # apart, so that a large body is not copied
            answer: Reading | IngestError | str = _Answer(io.BytesIO(self._read(until))).load()
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            raise ParseTimeout("Reading the document took too much memory or time, or ended its reader.") from error
        if isinstance(answer, str):
            _logger.error("reading failed", extra={"url": response.url, "outcome": "parse_limit", "traceback": answer})
            raise ParseTimeout("Reading the document failed for a reason that nobody foresaw.")
        return answer

    def end(self) -> None:
        """Kill the process and take its pipes down; harmless when it has ended."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()

    def _write(self, message: bytes, until: float) -> None:
        assert self.process.stdin is not None
        pipe = self.process.stdin.fileno()
        os.set_blocking(pipe, False)
        rest = memoryview(message)
        while rest:
            _wait(pipe, select.POLLOUT, until)
            with suppress(BlockingIOError):
                rest = rest[os.write(pipe, rest) :]

    def _read(self, until: float) -> bytes:
        assert self.process.stdout is not None
        pipe = self.process.stdout.fileno()
        received = bytearray()
        wanted = _LENGTH.size
        while len(received) < wanted:
            _wait(pipe, select.POLLIN, until)
            piece = os.read(pipe, 1 << 20)
            if not piece:
                raise EOFError
            received += piece
            if wanted == _LENGTH.size and len(received) >= wanted:
                wanted += _LENGTH.unpack_from(received)[0]
                if wanted > MAX_MEMORY:
                    raise EOFError
        return bytes(received[_LENGTH.size :])


class _Answer(pickle.Unpickler):
    """Reads our records and nothing else: a child taken over by its document must not take the parent over."""

    def find_class(self, module: str, name: str) -> Any:
        if module in ("articles.records", "articles.errors") or (module, name) in _ALLOWED:
            return super().find_class("articles.sandbox" if module == "__main__" else module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no part of an answer")


_ALLOWED = frozenset(
    {("datetime", "datetime"), ("datetime", "timedelta"), ("datetime", "timezone"), ("articles.sandbox", "Reading")}
)


def _wait(pipe: int, event: int, until: float) -> None:
    """Wait until a pipe is ready. Raises ParseTimeout when the time is over before."""
    poll = select.poll()  # select() takes no descriptors above 1023
    poll.register(pipe, event)
    if not poll.poll(max(until - time.monotonic(), 0) * 1000):
        raise ParseTimeout("Reading the document took longer than it may; its reader was ended.")


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests (a pickle and a body, each with its length) until there are none: the life of a child."""
    while len(header := requests.read(_LENGTH.size)) == _LENGTH.size:
        document, now, deadline = pickle.loads(requests.read(_LENGTH.unpack(header)[0]))  # noqa: S301 - our parent's  # nosec B301
        body = requests.read(_LENGTH.unpack(requests.read(_LENGTH.size))[0])
        document = replace(document, body=body)
        _limit_processor(deadline)
        answer: Reading | IngestError | str
        try:
            answer = read_here(document, now=now)
        except IngestError as error:
            answer = error
        except MemoryError:
            return  # what is left of this process may be anything; the end of the pipe is the answer
        except Exception:
            answer = traceback.format_exc()
        message = pickle.dumps(answer, protocol=5)
        answers.write(_LENGTH.pack(len(message)))
        answers.write(message)
        answers.flush()


def _limit_processor(deadline: timedelta) -> None:
    """End a child that lost its parent in a loop: a signal after the time that it may take, and a little."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + deadline.total_seconds()) + 5
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))


def main() -> None:
    """Serve on the standard streams, with no right to much memory, to files or to more processes' core dumps."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not break into the answers
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    gc.freeze()
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    # Under its own name, so that its records are the parent's.
    from articles import sandbox

    sandbox.main()
