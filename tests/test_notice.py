"""No dependency may bind this project to the GPL or AGPL."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
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


LOOKED_FOR = {"anyio", "greenlet", "pyyaml"}  # imported by dependencies where they happen to be there, needed by none
IN_USE = """
import json, sys
from importlib.metadata import packages_distributions
import django
django.setup()
import aggregator.wsgi, articles.tasks, articles.sandbox, granian.cli, kombu.transport.filesystem, kombu.transport.redis
import django.db.backends.postgresql.base, django.core.cache.backends.redis, whitenoise.middleware, aggregator.urls
by_module = packages_distributions()
modules = {name.partition(".")[0] for name in sys.modules}
print(json.dumps([name for module in modules for name in by_module.get(module, ())]))
"""


def test_what_runs_needs_nothing_that_is_not_pinned(tmp_path: Path) -> None:
    env = {**os.environ, "DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "aggregator.settings", "SECRET_KEY": "x"}
    done = subprocess.run([sys.executable, "-c", IN_USE], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    in_use = {re.sub(r"[-_.]+", "-", name).lower() for name in json.loads(done.stdout.splitlines()[-1])}
    assert "celery" in in_use
    assert in_use - {re.sub(r"[-_.]+", "-", name).lower() for name in PINNED} <= LOOKED_FOR
