"""Fixtures of the tests of what readers and programs get."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connections

from articles.publish.api import limits
from tests.publish.newsroom import Newsroom


@pytest.fixture
def newsroom(db: None) -> Newsroom:
    return Newsroom()


class Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture
def live(newsroom: Newsroom, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of the site, served from threads on the test's own connection: its rows end with the test."""
    shared = connections["default"]
    site = StaticFilesHandler(get_wsgi_application())

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        connections["default"] = shared
        answer: Iterable[bytes] = site(environ, start_response)
        return answer

    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    monkeypatch.setattr(limits, "PER_MINUTE", 100_000)
    shared.inc_thread_sharing()
    for signal in (request_started, request_finished):  # the test's connection outlives a request
        signal.disconnect(close_old_connections)
    with make_server("127.0.0.1", 0, application, Threaded, Quiet) as server:
        settings.SITE_URL = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield settings.SITE_URL
        server.shutdown()
        thread.join()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    shared.dec_thread_sharing()
