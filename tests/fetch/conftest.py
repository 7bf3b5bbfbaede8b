"""Fixtures of the fetcher's tests: the hostile server, and settings that may reach it and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from articles import pipeline
from articles.fetch.addresses import parse_networks
from articles.fetch.settings import FetchSettings
from tests.hostile_server import MAX_BYTES, HostileServer, play_table
from tests.polling import settings_that_reach


@pytest.fixture(scope="session")
def hostile_server() -> Iterator[HostileServer]:
    """The server with the whole table of answers."""
    with HostileServer() as server:
        play_table(server)
        yield server


@pytest.fixture
def server() -> Iterator[HostileServer]:
    """A server of the test's own, with no answer yet."""
    with HostileServer() as own:
        yield own


@pytest.fixture
def outlet(server: HostileServer, monkeypatch: pytest.MonkeyPatch, db: None) -> HostileServer:
    """The test's own server, which the pipeline may reach."""
    monkeypatch.setattr(pipeline, "fetch_settings", lambda: settings_that_reach(server))
    return server


@pytest.fixture
def settings_for() -> Callable[..., FetchSettings]:
    """Make settings that open the port of one server; ``deadline`` in seconds."""

    def make(server: HostileServer, *, deadline: float = 20, max_bytes: int = MAX_BYTES) -> FetchSettings:
        return FetchSettings(
            user_agent="Orta/1.0 (+http://orta.example/)",
            deadline=timedelta(seconds=deadline),
            max_bytes=max_bytes,
            allow_networks=parse_networks([f"127.0.0.1/32:{server.port}", f"::1/128:{server.port}"]),
        )

    return make
