"""The right answer of the sample edition, as `manage.py evaluate` measures it."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from articles.sample.edition import gold_lines, load_edition

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)

Line = dict[str, Any]


@pytest.fixture
def measured(tmp_path: Path, db: None) -> tuple[list[Line], list[Line], Line]:
    """Labelled lines, what was found of each, and the figures."""
    gold = list(gold_lines(load_edition(), now=NOW))
    labelled, found = tmp_path / "sample.jsonl", tmp_path / "found.jsonl"
    labelled.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in gold), encoding="utf-8")
    out = StringIO()
    call_command("evaluate", str(labelled), "--predictions", str(found), "--json", stdout=out)
    predictions = [json.loads(line) for line in found.read_text(encoding="utf-8").splitlines()]
    return gold, predictions, json.loads(out.getvalue())


def test_the_rules_find_the_written_answer(measured: tuple[list[Line], list[Line], Line]) -> None:
    _, _, figures = measured
    assert figures["language"]["f1"] >= 0.98
    assert figures["relevance"]["f1"] >= 0.95
    assert figures["countries_core"]["f1"] >= 0.92
    assert figures["topics"]["f1"] >= 0.68
    assert figures["stories"]["bcubed"]["f1"] >= 0.75


def test_the_front_page_has_stories_of_several_outlets_and_languages(
    measured: tuple[list[Line], list[Line], Line],
) -> None:
    gold, predictions, _ = measured
    stories: defaultdict[str, list[Line]] = defaultdict(list)
    for line, found in zip(gold, predictions, strict=True):
        if found["story"]:
            stories[found["story"]].append(line)
    several = [lines for lines in stories.values() if len({line["source"] for line in lines}) > 1]
    assert len(several) >= 30
    assert sum(len({line["language"] for line in lines}) > 1 for lines in several) >= 15
