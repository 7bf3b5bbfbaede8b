"""Hostile documents cost a child process, never the worker, and honest ones cost hardly anything."""

from __future__ import annotations

import io
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from articles import sandbox
from articles.errors import HtmlPage, NotAFeed, ParseTimeout
from articles.records import Response
from articles.sandbox import Reader, read_here

NOW = datetime(2026, 7, 1, tzinfo=UTC)


def feed(items: str, *, content_type: str = "application/rss+xml") -> Response:
    body = f'<rss version="2.0"><channel><title>T</title>{items}</channel></rss>'.encode()
    return Response("https://a.example/f", "https://a.example/f", 200, {"content-type": content_type}, body)


ORDINARY = feed("<item><title>Одна новость</title><link>https://a.example/1</link></item>")
# Each prefix is looked for among all that came before: half a minute for this many.
HANGING = feed("".join(f'<p{n}:x xmlns:p{n}="http://a.example/{n}"/>' for n in range(30_000)))


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    reader = Reader(size=1)
    yield reader
    reader.close()


def test_a_child_reads_what_this_process_reads(reader: Reader) -> None:
    assert reader.read(ORDINARY, now=NOW) == read_here(ORDINARY, now=NOW)


def test_a_feed_comes_without_its_raw_entries(reader: Reader) -> None:
    reading = reader.read(ORDINARY, now=NOW)
    assert reading.feed.title == "T"
    assert reading.feed.entries == ()
    assert [entry.title for entry in reading.entries] == ["Одна новость"]


def test_a_document_that_hangs_the_parser_ends_and_the_next_one_is_read(reader: Reader) -> None:
    with pytest.raises(ParseTimeout, match="longer"):
        reader.read(HANGING, now=NOW, deadline=timedelta(seconds=1))
    assert reader.read(ORDINARY, now=NOW).entries


def test_a_document_that_takes_too_much_memory_ends_and_the_next_one_is_read(reader: Reader) -> None:
    items = b'{"version": "https://jsonfeed.org/version/1", "items": [' + b"{}," * 5_000_000 + b"{}]}"
    with pytest.raises(ParseTimeout, match="memory"):
        reader.read(Response("u", "u", 200, {}, items), now=NOW)
    assert reader.read(ORDINARY, now=NOW).entries


def test_a_large_honest_feed_fits_into_the_limits(reader: Reader) -> None:
    body = "<item><title>Новость</title><description>" + "Длинный текст о новостях региона. " * 1000
    reading = reader.read(feed(f"{body}</description></item>" * 100), now=NOW)
    assert len(reading.entries) == 100


def test_faults_of_a_document_arrive_as_their_own_kind(reader: Reader) -> None:
    page = b"<!doctype html><link rel='alternate' type='application/rss+xml' href='/rss'>"
    with pytest.raises(HtmlPage) as caught:
        reader.read(Response("https://a.example/", "https://a.example/", 200, {}, page), now=NOW)
    assert caught.value.suggestion == "https://a.example/rss"
    with pytest.raises(NotAFeed, match="empty"):
        reader.read(Response("u", "u", 200), now=NOW)


def test_a_child_that_was_killed_is_replaced(reader: Reader) -> None:
    reader.read(ORDINARY, now=NOW)
    child = reader._free.get()
    assert child is not None
    child.process.kill()
    child.process.wait()
    reader._free.put(child)
    assert reader.read(ORDINARY, now=NOW).entries


def test_threads_share_a_pool() -> None:
    reader = Reader(size=2)
    titles: list[str] = []

    def work(number: int) -> None:
        for turn in range(5):
            name = f"{number}-{turn}"
            reading = reader.read(feed(f"<item><title>{name}</title></item>"), now=NOW)
            titles.append("" if reading.entries[0].title != name else name)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    reader.close()
    assert len(set(titles)) == 30
    assert "" not in titles


def test_a_forked_process_starts_its_own_children(reader: Reader) -> None:
    reader.read(ORDINARY, now=NOW)
    pid = os.fork()
    if pid == 0:
        try:
            same = reader.read(ORDINARY, now=NOW) == read_here(ORDINARY, now=NOW)
            reader.close()
        finally:
            os._exit(0 if same else 1)
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert reader.read(ORDINARY, now=NOW).entries


def test_an_answer_may_hold_only_records() -> None:
    class Evil:
        def __reduce__(self) -> tuple[object, ...]:
            return os.getenv, ("HOME",)

    with pytest.raises(pickle.UnpicklingError):
        sandbox._Answer(io.BytesIO(pickle.dumps(Evil()))).load()


def test_a_child_imports_no_django() -> None:
    code = "import sys, articles.sandbox; sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
