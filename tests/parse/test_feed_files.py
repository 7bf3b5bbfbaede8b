"""Small feeds named by their fault, each beside what it should yield."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from articles.records import Response
from articles.sandbox import read_here

FEEDS = Path(__file__).parents[1] / "data" / "feeds"
NOW = datetime(2026, 7, 1, tzinfo=UTC)
NAMES = sorted(
    path.name for path in FEEDS.iterdir() if path.suffix in (".xml", ".json") and ".expected." not in path.name
)


def said(record: Any) -> dict[str, Any]:
    """What differs from an empty record, as JSON has it."""
    empty = {field.name: field.default for field in fields(record)}
    values = {name: value for name, value in asdict(record).items() if value and value != empty[name]}
    return json.loads(  # type: ignore[no-any-return]
        json.dumps(values, default=lambda value: value.total_seconds() if isinstance(value, timedelta) else str(value))
    )


def read(name: str) -> dict[str, Any]:
    url = f"https://outlet.example/feeds/{name}"
    reading = read_here(Response(url, url, 200, {}, (FEEDS / name).read_bytes()), now=NOW)
    return {"feed": said(reading.feed), "entries": [said(entry) for entry in reading.entries]}


@pytest.mark.parametrize("name", NAMES)
def test_a_feed_yields_what_stands_beside_it(name: str) -> None:
    expected = json.loads((FEEDS / f"{name}.expected.json").read_text("utf-8"))
    assert read(name) == expected
