"""A backup restored into an empty place is the same database, without who was signed in."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from articles.backups import LEFT_OUT
from tests.servers import empty_database
from tests.stack import Stack

FILL = """
from django.contrib.sessions.models import Session
from django.utils import timezone
from articles.models import *
from readers.models import User
source = Source.objects.create(slug="paper", name="Газета", owner="paper")
now = timezone.now()
for n in range(50):
    Article.objects.create(source=source, url=f"https://paper.example/{n}", url_key=str(n), title=f"Тоқаев № {n}",
        digest=str(n), at=now, published_at=now, fetched_at=now, updated_at=now)
User.objects.create_superuser("editor@paper.example", "a-long-password-1")
Session.objects.create(session_key="k", session_data="x", expire_date=now)
answer = "filled"
"""
ALL_ROWS = """
import hashlib
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.serializers import serialize
answer = {}
for model in sorted(apps.get_models(), key=lambda m: m._meta.label):
    if model is not Session:
        rows = serialize("json", model._base_manager.order_by("pk").iterator())
        answer[model._meta.label] = [model._base_manager.count(), hashlib.sha256(rows.encode()).hexdigest()]
"""


@pytest.fixture(params=["sqlite", "postgres"])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], Stack]:
    """Makes an empty place with a name."""

    def place(name: str) -> Stack:
        folder = tmp_path / name
        folder.mkdir()
        if request.param == "sqlite":
            return Stack(folder)
        return Stack(folder, DATABASE_URL=empty_database(request.getfixturevalue("postgres_url"), name))

    return place


def test_what_was_backed_up_comes_back_whole(places: Callable[[str], Stack], tmp_path: Path) -> None:
    old, new = places("old"), places("new")
    old.manage("migrate", "--verbosity", "0")
    old.manage("load_catalogue")
    old.ask(FILL)
    file = tmp_path / "one.backup"
    old.manage("backup", str(file))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["one.backup"]

    new.manage("restore", str(file))
    new.manage("migrate", "--verbosity", "0")
    before, after = old.ask(ALL_ROWS), new.ask(ALL_ROWS)
    assert before["articles.Article"][0] == 50
    assert after == before
    assert new.ask("from django.contrib.sessions.models import Session\nanswer = Session.objects.count()") == 0

    said = refused(new, "restore", str(file))
    assert "restore into an empty one" in said
    assert "exists already" in refused(old, "backup", str(file))


def test_a_damaged_file_is_refused_and_leaves_the_place_empty(places: Callable[[str], Stack], tmp_path: Path) -> None:
    place = places("old")
    place.manage("migrate", "--verbosity", "0")
    file = tmp_path / "one.backup"
    place.manage("backup", str(file))
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    new = places("new")
    refused(new, "restore", str(file))
    file.write_bytes(whole)
    new.manage("restore", str(file))
    assert "no such file" in refused(new, "restore", str(tmp_path / "none"))


def test_old_backups_go_when_asked(tmp_path: Path) -> None:
    place = Stack(tmp_path)
    place.manage("migrate", "--verbosity", "0")
    for name in ("a", "b", "c"):
        place.manage("backup", str(tmp_path / f"{name}.backup"), "--keep", "2")
    assert sorted(path.name for path in tmp_path.glob("*.backup")) == ["b.backup", "c.backup"]


def refused(place: Stack, *args: Any) -> str:
    """What it said on its way out, in one line."""
    said = place.manage(*args, status=1, errors=True)
    assert len(said.strip().splitlines()) == 1, said
    return said


@pytest.mark.django_db
def test_what_is_left_out_is_there_by_that_name() -> None:
    assert set(LEFT_OUT) <= set(connection.introspection.table_names())
