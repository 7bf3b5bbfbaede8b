"""Fails when tagging falls below the table of docs/accuracy.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from articles.evaluation import predict_tags, score
from articles.tag.catalogue import load_source_hints
from articles.tag.lexicon import Lexicon

MEASURED = Path(__file__).resolve().parent.parent / "data" / "labelled" / "measured.jsonl"


def figures(path: Path, lexicon: Lexicon) -> dict[str, Any]:
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return score(lines, predict_tags(lines, lexicon, load_source_hints()))


@pytest.fixture(scope="module")
def measured(lexicon: Lexicon) -> dict[str, Any]:
    return figures(MEASURED, lexicon)


@pytest.mark.parametrize(
    ("part", "figure", "least"),
    [
        ("language", "f1", 0.99),
        ("relevance", "f1", 0.97),
        ("relevance", "irrelevant_out", 0.88),
        ("countries_core", "f1", 0.93),
        ("countries_all", "f1", 0.865),
        ("topics", "f1", 0.72),
    ],
)
def test_measured_half_stays_at_the_table(measured: dict[str, Any], part: str, figure: str, least: float) -> None:
    assert measured[part][figure] >= least


def test_shared_set_stays_at_the_table(shared_data: Path, lexicon: Lexicon) -> None:
    found = figures(shared_data / "labelled" / "dev.jsonl", lexicon)
    assert found["language"]["f1"] >= 0.99
    assert found["relevance"]["f1"] >= 0.97
    assert found["relevance"]["irrelevant_out"] >= 0.9
    assert found["countries_core"]["f1"] >= 0.925
    assert found["topics"]["f1"] >= 0.85
