"""No dependency may bind this project to the GPL or AGPL."""

from __future__ import annotations

import re
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
PINNED = re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / "requirements.txt").read_text(), re.MULTILINE)


@pytest.mark.parametrize("name", PINNED)
def test_no_dependency_is_under_the_gpl_or_agpl(name: str) -> None:
    found: Any = distribution(name).metadata
    words = [found.get("License-Expression") or "", (found.get("License") or "")[:200]]
    words += [line for line in found.get_all("Classifier") or [] if line.startswith("License")]
    told = " ".join(words)
    assert told.strip(), f"{name} does not say its licence"
    strong = re.findall(r"(?<!L)\bA?GPL|(?<!Lesser )General Public License|Affero", told)
    assert not strong, f"{name}: {told}"


def test_every_requirement_is_pinned_exactly() -> None:
    for file in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / file).read_text().splitlines():
            assert not line.strip() or line.startswith(("#", "    ")) or re.match(r"[\w.\[\]-]+==[\w.]+", line), line


def test_every_direct_dependency_has_its_reason() -> None:
    told = (ROOT / "docs" / "decisions.md").read_text().lower()
    wanted = re.findall(r"^([A-Za-z0-9._-]+)", (ROOT / "requirements.in").read_text(), re.MULTILINE)
    assert [name for name in wanted if name.lower() not in told] == []
