"""docs/fetching.md names for each promise the test that holds it; each of them exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.hostile_server import ROWS

ROOT = Path(__file__).resolve().parents[2]
LINES = [
    line
    for line in (ROOT / "docs" / "fetching.md").read_text("utf-8").splitlines()
    if line.startswith("| ") and not line.startswith(("| promise", "| ---"))
]
NAMED = re.compile(r"`(?:([\w/]+\.py)(?:::)?)?(test_\w+)?`")
FOLDERS = ("fetch", "parse", "clean", "store", "")


def promised(line: str) -> str:
    return line.split(" | ")[0]


def file_of(name: str) -> Path | None:
    """A test file by its path, or by its name in the folders of this issue's tests."""
    places = [ROOT / name, *(ROOT / "tests" / folder / name for folder in FOLDERS)]
    return next((path for path in places if path.is_file()), None)


def names_in(path: Path) -> set[str]:
    """Names of all test functions of a file."""
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("line", LINES, ids=promised)
def test_each_promise_names_a_test_that_exists(line: str) -> None:
    file: Path | None = None
    named = 0
    for path, test in NAMED.findall(line.split(" | ", 1)[1]):
        if path:
            file = file_of(path)
            assert file is not None, path
            named += 1
        if test:
            assert file is not None, line
            assert test in names_in(file), f"{file.name} has no {test}"
            named += 1
    rows = re.findall(r"rows? ((?:`[a-z0-9*-]+`(?:, | and )?)+)", line)
    for pattern in re.findall(r"`([a-z0-9*-]+)`", " ".join(rows)):
        assert any(re.fullmatch(pattern.replace("*", ".*"), row.name) for row in ROWS), pattern
        named += 1
    assert named, line


def test_there_are_promises_of_every_part() -> None:
    parts = re.findall(r"^## (.+)$", (ROOT / "docs" / "fetching.md").read_text("utf-8"), re.MULTILINE)
    assert len(LINES) >= 60
    assert {"HTTP", "Only the public internet", "Politeness", "When next", "Moves and endings", "Formats"} <= set(parts)
    assert {"Items", "Links", "OPML", "Health", "Words without markup", "Speed"} <= set(parts)
