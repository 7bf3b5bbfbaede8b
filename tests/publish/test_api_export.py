"""Whole lists as files: citations, defused cells, every row once, a bounded number at a time."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.test import Client

from articles.publish.api import export
from tests.publish.newsroom import Newsroom


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    found = b"".join(answer).decode()
    answer.close()
    return found


def test_every_row_of_a_list_is_there_once_with_its_citation(
    client: Client, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "CHUNK", 2)
    for number in range(5):
        newsroom.story(newsroom.article(f"Event {number}, told"))
    rows = list(csv.DictReader(io.StringIO(text(client, "/api/v1/export.csv"))))
    assert [row["title"] for row in rows] == [f"Event {number}, told" for number in range(5)]
    assert rows[0]["outlet"] == "Vlast"
    assert rows[0]["story_url"].startswith("http://testserver/stories/")
    assert (rows[0]["countries"], rows[0]["published_at"]) == ("KZ", "2026-11-25T08:59:00Z")
    lines = [json.loads(line) for line in text(client, "/api/v1/export.jsonl?source=vlast").splitlines()]
    assert [line["title"] for line in lines] == [row["title"] for row in rows]
    assert lines[0]["topics"] == ["energy"]


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_a_spreadsheet_would_run_is_defused(client: Client, newsroom: Newsroom, first: str) -> None:
    newsroom.article(f"{first}HYPERLINK(1)")
    [row] = csv.DictReader(io.StringIO(text(client, "/api/v1/export.csv"), newline=""))
    assert row["title"] == f"'{first}HYPERLINK(1)"


def test_only_so_many_exports_run_at_once_and_one_that_broke_off_counts_no_longer(
    client: Client, newsroom: Newsroom
) -> None:
    running = [client.get("/api/v1/export.csv") for _ in range(export.AT_ONCE)]
    refused = client.get("/api/v1/export.csv")
    assert (refused.status_code, refused["Content-Type"]) == (503, "application/problem+json")
    for answer in running:
        answer.close()
    assert text(client, "/api/v1/export.csv").startswith("id,published_at,outlet")


def test_an_export_that_nobody_reads_or_closes_holds_its_place_only_for_a_while(
    client: Client, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    abandoned = [client.get("/api/v1/export.csv") for _ in range(export.AT_ONCE)]
    monkeypatch.setattr(export, "IDLE", -1.0)
    assert text(client, "/api/v1/export.csv").startswith("id,published_at,outlet")
    assert len(abandoned) == export.AT_ONCE
