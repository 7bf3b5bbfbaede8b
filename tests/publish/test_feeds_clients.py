"""Feeds as a real reader takes them: newsboat fetches, understands and remembers them."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.test import Client

from tests.conftest import missing
from tests.publish.newsroom import Newsroom

pytestmark = pytest.mark.newsboat


@contextmanager
def served(body: bytes, kind: str) -> Iterator[str]:
    """Serve one document on loopback; yield its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/feed"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def newsboat(folder: Path, url: str) -> list[tuple[str, str]]:
    """Reload this feed with newsboat; return title and guid of what it keeps."""
    program = shutil.which("newsboat")
    if program is None:
        missing("newsboat is not installed")
    folder.mkdir(exist_ok=True)
    (folder / "urls").write_text(f"{url}\n")
    (folder / "config").write_text("reload-threads 1\n")
    command = [str(program), "-u", "urls", "-c", "cache.db", "-C", "config", "-x", "reload"]
    subprocess.run(
        command, cwd=folder, check=True, timeout=60, capture_output=True, env={"HOME": str(folder), "LANG": "C.UTF-8"}
    )
    with sqlite3.connect(folder / "cache.db") as cache:
        found = cache.execute("SELECT title, guid FROM rss_item ORDER BY title").fetchall()
    return [(str(title), str(guid)) for title, guid in found]


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_newsboat_reads_the_feed_and_takes_nothing_twice(
    client: Client, newsroom: Newsroom, tmp_path: Path, kind: str
) -> None:
    titles = [f"Event & <{number}> ә" for number in range(3)]
    for title in titles:
        newsroom.story(newsroom.article(title, summary=""))
    answer = client.get(f"/feed.{kind}")
    with served(answer.content, answer["Content-Type"]) as address:
        first = newsboat(tmp_path / kind, address)
        again = newsboat(tmp_path / kind, address)
    assert [title for title, _ in first] == titles
    assert len({guid for _, guid in first}) == 3
    assert again == first
