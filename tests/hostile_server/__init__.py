"""A hostile HTTP server on loopback, and the table of its named answers with what must become of each."""

from __future__ import annotations

from tests.hostile_server.bodies import BODIES
from tests.hostile_server.heads import HEADS
from tests.hostile_server.redirects import REDIRECTS
from tests.hostile_server.rows import ETAG, FEED, MAX_BYTES, Row
from tests.hostile_server.server import Act, HostileServer, Repeat, Request, reply

ROWS: tuple[Row, ...] = BODIES + HEADS + REDIRECTS


def play_table(server: HostileServer) -> None:
    """Let the server play every row at its path."""
    for row in ROWS:
        server.play(row.path, row.answer)


__all__ = [
    "ETAG",
    "FEED",
    "MAX_BYTES",
    "ROWS",
    "Act",
    "HostileServer",
    "Repeat",
    "Request",
    "Row",
    "play_table",
    "reply",
]
