"""The API as researchers use it: the commands of docs/api.md on a live server, and its description held to its word."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from articles.models import Story
from articles.store import statistics
from tests.conftest import ROOT, missing
from tests.publish.newsroom import NOW, Newsroom

EXAMPLE = "https://orta.example"


def commands(name: str) -> list[str]:
    """The commands of a page of the documentation."""
    text = (ROOT / "docs" / name).read_text()
    return re.findall(r"^```sh\n(.*?)```", text, re.MULTILINE | re.DOTALL)


@pytest.fixture
def news(newsroom: Newsroom) -> None:
    """A few events."""
    newsroom.story(
        newsroom.article("Tokayev opens a pipeline"), newsroom.article("Токаев в Москве", "tass", language="ru")
    )
    for number in range(8):
        newsroom.story(newsroom.article(f"Gas price {number}", "kazinform", at=NOW - timedelta(days=number)))
    Story.objects.filter(title="Gas price 1").update(one_sided="state-only")
    statistics.remake(date(2026, 11, 25))


def test_each_question_of_the_documentation_is_answered(live: str, news: None, tmp_path: Path) -> None:
    if not shutil.which("curl"):
        missing("curl is not installed")
    known = Story.objects.order_by("pk").values_list("pk", flat=True)[0]
    told = []
    for command in commands("api.md"):
        line = (
            command.replace(EXAMPLE, live).replace("curl ", "curl --fail ").replace("stories/134", f"stories/{known}")
        )
        done = subprocess.run(
            ["bash", "-euc", line], cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False
        )
        assert done.returncode == 0, f"{line}\n{done.stderr}"
        told.append(json.loads(done.stdout) if done.stdout else {})
    exported, one_sided, figures, story, headlines = told
    assert exported == {}
    assert len((tmp_path / "rogun.csv").read_text().splitlines()) == 11
    assert [found["title"] for found in one_sided["items"]] == ["Gas price 1"]
    assert [(row["day"], row["articles"], row["state"]) for row in figures["items"]] == [("2026-11-25", 3, 2)]
    assert [report["source"]["slug"] for report in story["articles"]] == ["tass", "vlast"]
    assert {found["source"]["perspective"] for found in headlines["items"]} == {"kz", "ru"}


def test_the_description_is_true(live: str, news: None, tmp_path: Path) -> None:
    """Schemathesis makes requests of the description, good and bad ones, and compares the answers with it."""
    # Values that no row has are refused although they are well-formed; nothing here needs a key.
    beside = "positive_data_acceptance,ignored_auth,missing_required_header"
    checks = ["--checks", "all", "--exclude-checks", beside, "--phases", "examples,coverage,fuzzing"]
    bounds = ["--max-examples", "5", "--seed", "1", "--suppress-health-check", "all", "--no-color"]
    command = [str(Path(sys.executable).with_name("schemathesis")), "run", f"{live}/api/v1/openapi.json"]
    done = subprocess.run(
        [*command, "--url", live, *checks, *bounds],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
