"""Fixtures for all tests: the shared data, real servers, and a place of their own for files."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

from tests.servers import Missing, postgres, redis_server

ROOT = Path(__file__).resolve().parent.parent


def missing(reason: str) -> None:
    """Skip with the reason on a user's machine; fail where CI is set."""
    if os.environ.get("CI"):
        pytest.fail(f"{reason}; in CI this may not be skipped")
    pytest.skip(reason)


def shared_folder() -> Path:
    """Where the shared test data folder would be."""
    return Path(os.environ.get("SHARED_DATA", ROOT.parent / "shared"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The shared test data folder (real feeds, labelled items); tests are skipped where it is absent."""
    folder = shared_folder()
    if not folder.is_dir():
        pytest.skip(f"the shared test data folder is not at {folder}")
    return folder


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A Redis server of our own."""
    try:
        with redis_server() as url:
            yield url
    except Missing as error:
        missing(str(error))


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server of our own."""
    try:
        with postgres() as url:
            yield url
    except Missing as error:
        missing(str(error))


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        missing("Chromium is not installed")
    return str(path)


@pytest.fixture(autouse=True)
def _fresh_caches() -> None:
    """No test sees what another one left in the process."""
    from django.core.cache import cache

    cache.clear()
    if lexicon := sys.modules.get("articles.lexicon"):
        lexicon.forget_lexicon()
    if grouping := sys.modules.get("articles.grouping"):
        grouping.forget_window()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Every test with a database finds the catalogue in it; it is loaded once."""
    with django_db_blocker.unblock():
        call_command("load_catalogue", verbosity=0)
