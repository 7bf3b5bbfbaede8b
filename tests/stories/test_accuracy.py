"""The figures of stories in docs/accuracy.md are what ``manage.py evaluate`` prints, and reach their aims."""

from __future__ import annotations

import json
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
ROWS = {
    "the same event, pairs of reports": "pairs",
    "pairs in two languages": "pairs_across_languages",
    "BCubed": "bcubed",
}
NEAR = 0.02  # a better tagger moves the figures a little; more asks for new ones in the table
ROW = re.compile(r"^\| (.+?) \| (\d\.\d+) \| (\d\.\d+) \| (\d\.\d+) \| (\d\.\d+) \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def told() -> dict[str, tuple[float, ...]]:
    """Of each row: the aim of F1, then precision, recall and F1 as the table has them."""
    text = (ROOT / "docs" / "accuracy.md").read_text(encoding="utf-8")
    return {name: tuple(map(float, figures)) for name, *figures in ROW.findall(text) if name in ROWS}


@pytest.mark.django_db
def test_the_table_of_stories_is_what_evaluate_prints_and_reaches_its_aims(told: dict[str, tuple[float, ...]]) -> None:
    out = StringIO()
    call_command("evaluate", str(ROOT / "tests/data/labelled/measured.jsonl"), "--json", stdout=out)
    found = json.loads(out.getvalue())["stories"]
    assert set(told) == set(ROWS)
    for row, (aim, *figures) in told.items():
        measured = found[ROWS[row]]
        assert figures == pytest.approx([measured[key] for key in ("precision", "recall", "f1")], abs=NEAR), row
        assert figures[2] >= aim, row
    assert found["pairs"]["precision"] >= 0.8
