"""Copies of the whole database in one file, and back: SQLite by its own backup, PostgreSQL by its own programs."""

from __future__ import annotations

import gzip
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connections

# who is signed in, and tries to: of no use in another place, and it names people
LEFT_OUT = ("django_session", "readers_signin", "axes_accessattempt", "axes_accesslog", "axes_accessfailurelog")
PAGES = 2000  # of SQLite copied between two looks at other writers
CHUNK = 1 << 20  # bytes


class BackupError(Exception):
    """A backup cannot be made or read; the message says why and what to do."""


def backup(path: Path) -> None:
    """Write the database to ``path`` (mode 0600, whole or not at all); raises BackupError."""
    if path.exists():
        raise BackupError(f"{path} exists already; name another file")
    with draft(path) as unfinished:
        if connections["default"].vendor == "sqlite":
            backup_sqlite(unfinished)
        else:
            backup_postgres(unfinished)


def restore(path: Path) -> None:
    """Fill the empty database from ``path``; raises BackupError, also when the database holds something."""
    if not path.is_file():
        raise BackupError(f"{path}: there is no such file")
    if connections["default"].introspection.table_names():
        raise BackupError("this database holds tables already; restore into an empty one (another DATABASE_URL)")
    if connections["default"].vendor == "sqlite":
        restore_sqlite(path)
    else:
        restore_postgres(path)


@contextmanager
def draft(path: Path) -> Iterator[Path]:
    """A file beside ``path``, for our user alone, that takes its name when it is finished."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mkstemp makes 0600
    except OSError as error:
        raise BackupError(f"{path.parent} cannot be written: {error.strerror}") from error
    os.close(handle)
    try:
        yield Path(name)
        Path(name).rename(path)
    except OSError as error:
        raise BackupError(f"{path} cannot be written: {error.strerror}") from error
    finally:
        Path(name).unlink(missing_ok=True)


def backup_sqlite(unfinished: Path) -> None:
    """Copy page by page while others write, empty what is left out, compress."""
    connections["default"].ensure_connection()
    source = connections["default"].connection
    with tempfile.TemporaryDirectory(dir=unfinished.parent) as folder:
        copy = Path(folder) / "copy.sqlite3"
        with closing(sqlite3.connect(copy)) as target:
            source.backup(target, pages=PAGES)
            known = {name for (name,) in target.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            for table in known & set(LEFT_OUT):
                target.execute(f'DELETE FROM "{table}"')  # nosec B608
            target.commit()
            target.execute("VACUUM")
        with copy.open("rb") as plain, gzip.open(unfinished, "wb", compresslevel=5) as packed:
            shutil.copyfileobj(plain, packed, CHUNK)


def restore_sqlite(path: Path) -> None:
    """Unpack beside the database, look whether it is whole, then copy it in."""
    connections["default"].ensure_connection()
    target = connections["default"].connection
    with tempfile.TemporaryDirectory(dir=Path(connections["default"].settings_dict["NAME"]).parent) as folder:
        copy = Path(folder) / "copy.sqlite3"
        try:
            with gzip.open(path, "rb") as packed, copy.open("wb") as plain:
                shutil.copyfileobj(packed, plain, CHUNK)
            with closing(sqlite3.connect(copy)) as source:
                if source.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                    raise BackupError(f"{path} is damaged; use another backup")
                source.backup(target)
        except (gzip.BadGzipFile, EOFError, sqlite3.DatabaseError) as error:
            raise BackupError(f"{path} is no whole backup of an SQLite database ({error})") from error


def backup_postgres(unfinished: Path) -> None:
    left = [f"--exclude-table-data={table}" for table in LEFT_OUT]
    run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", *left, f"--file={unfinished}")


def restore_postgres(path: Path) -> None:
    """All of it or nothing, in one transaction."""
    name = connections["default"].settings_dict["NAME"]
    run("pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", f"--dbname={name}", str(path))


def run(program: str, *args: str) -> None:
    """Run a program of PostgreSQL against our database; the password goes through its environment."""
    given: dict[str, Any] = connections["default"].settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    env = {**os.environ, **{variable: str(given[key]) for variable, key in names.items() if given.get(key)}}
    try:
        done = subprocess.run([program, *args], env=env, check=False, capture_output=True, text=True)
    except FileNotFoundError:
        raise BackupError(f"{program} is not installed; it is in the package postgresql-client") from None
    if done.returncode:
        raise BackupError(f"{program}: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'failed'}")
