"""Serve the sample edition on loopback, as outlets on the net would: it grows, corrects itself, breaks and heals."""

from __future__ import annotations

import argparse
import hashlib
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from articles.sample.edition import load_edition
from articles.sample.records import Edition, SampleFeed
from articles.sample.render import document_at

BREAK_CYCLE = timedelta(minutes=30)  # a feed that breaks does so again after this
BROKEN_PAGE = b"<!doctype html><title>Maintenance</title><p>This invented outlet is being repaired. Come back soon.</p>"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the server."""

    status: int
    content_type: str = "text/plain; charset=utf-8"
    body: bytes = b""
    changed_at: datetime | None = None

    @property
    def etag(self) -> str:
        """A strong validator of the body."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'


def serve(
    port: int = 0,
    *,
    edition: Edition | None = None,
    started_at: datetime | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> tuple[ThreadingHTTPServer, str]:
    """Serve the edition on 127.0.0.1 in a thread of its own; return the server and its address.

    ``port`` 0 takes a free one. All times of the edition count from ``started_at`` (the present by default): give the
    same again to go on with a database that has seen it. ``server.shutdown()`` and ``server_close()`` end it.
    """
    edition = edition or load_edition()
    server = SampleServer(("127.0.0.1", port), edition, started_at or clock(), clock)
    threading.Thread(target=server.serve_forever, name="sample-edition", daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_port}"


def answer_at(edition: Edition, path: str, *, now: datetime, started_at: datetime) -> Answer:
    """Return what the edition says to a request for ``path`` at ``now``."""
    feed = next((feed for feed in edition.feeds.values() if feed.path == path), None)
    if feed is None:
        return Answer(404, body=b"No such feed in the sample edition.\n")
    how = broken_how(feed, now - started_at)
    if how == "error":
        return Answer(500, body=b"This invented outlet is out of order for two minutes.\n")
    if how == "page":
        return Answer(200, "text/html; charset=utf-8", BROKEN_PAGE)
    document = document_at(edition, feed, now=now, started_at=started_at)
    return Answer(200, document.content_type, document.body, document.changed_at)


def broken_how(feed: SampleFeed, age: timedelta) -> str:
    """Return how the feed fails at that age of the edition, "" when it works."""
    into = age % BREAK_CYCLE
    return next((stop.how for stop in feed.breaks if stop.after <= into < stop.after + stop.lasts), "")


class SampleServer(ThreadingHTTPServer):
    """A threaded server that knows its edition and the time."""

    daemon_threads = True

    def __init__(
        self, address: tuple[str, int], edition: Edition, started_at: datetime, clock: Callable[[], datetime]
    ) -> None:
        super().__init__(address, _Handler)
        self.edition = edition
        self.started_at = started_at
        self.clock = clock


class _Handler(BaseHTTPRequestHandler):
    """GET and HEAD with validators; silent, since the program that starts it has its own log."""

    protocol_version = "HTTP/1.1"
    server_version = "SampleEdition"
    sys_version = ""
    timeout = 30  # seconds that an idle connection is held
    server: SampleServer

    def do_GET(self) -> None:
        answer = answer_at(
            self.server.edition,
            self.path.partition("?")[0],
            now=self.server.clock(),
            started_at=self.server.started_at,
        )
        fresh = answer.changed_at is not None and self._holds(answer)
        body = b"" if fresh else answer.body
        self.send_response(304 if fresh else answer.status)
        if answer.changed_at is not None:
            self.send_header("ETag", answer.etag)
            self.send_header("Last-Modified", format_datetime(answer.changed_at.astimezone(UTC), usegmt=True))
        if not fresh:
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def _holds(self, answer: Answer) -> bool:
        """Whether the client has this answer already (RFC 9110, 13.2.2: the tag goes before the date)."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return answer.etag in tags or tags.strip() == "*"
        try:
            since = parsedate_to_datetime(self.headers.get("If-Modified-Since", ""))
        except ValueError:
            return False
        return since.tzinfo is not None and answer.changed_at is not None and answer.changed_at <= since


def main() -> None:
    """Serve until the process is ended: `python -m articles.sample.server --port 8787`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="on 127.0.0.1; 0 takes a free one")
    server, base_url = serve(parser.parse_args().port)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print(base_url, flush=True)
    try:
        while True:
            signal.pause()
    except KeyboardInterrupt:
        pass
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    main()
