"""A server whose feeds the pipeline may read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from articles import pipeline
from tests.hostile_server import HostileServer
from tests.polling import settings_that_reach


@pytest.fixture
def outlet(monkeypatch: pytest.MonkeyPatch, db: None) -> Iterator[HostileServer]:
    with HostileServer() as server:
        monkeypatch.setattr(pipeline, "fetch_settings", lambda: settings_that_reach(server))
        yield server
