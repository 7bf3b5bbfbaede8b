"""A short run of tests/faults.py: parts die while news come in, and nothing is lost, doubled or moved."""

from __future__ import annotations

from tests.conftest import missing
from tests.faults import run
from tests.servers import Missing


def test_killing_parts_at_random_moments_loses_and_doubles_nothing() -> None:
    try:
        figures = run(kills=8, seed=3)
    except (Missing, FileNotFoundError) as error:
        missing(str(error))
    assert figures["items"] > 400
    assert figures["faultless"], figures
