"""The tests of stories once more, on PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
TESTS = ("test_curation.py", "test_deletions.py", "test_grouping.py")


@pytest.mark.postgres
def test_editors_and_grouper_do_the_same_on_postgresql(postgres_url: str) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-x", *(str(HERE / name) for name in TESTS)]
    env = {**os.environ, "DATABASE_URL": postgres_url}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, cwd=HERE.parent.parent)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
