"""Fixtures of the tests of the editors' desk."""

from __future__ import annotations

import pytest

from tests.publish.newsroom import Newsroom


@pytest.fixture
def newsroom(db: None) -> Newsroom:
    return Newsroom()
