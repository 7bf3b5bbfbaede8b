"""Real PostgreSQL and Redis servers for tests: on free ports, in temporary folders, ended at the end."""

from __future__ import annotations

import contextlib
import glob
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
from psycopg import sql

STARTS_WITHIN = 30.0  # seconds


class Missing(RuntimeError):
    """A program that the tests need is not installed."""


def free_port() -> int:
    """A port of loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(works: Callable[[], bool], *, what: str) -> None:
    """Raises RuntimeError when ``works`` is not true in time."""
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        if works():
            return
        time.sleep(0.05)
    raise RuntimeError(f"{what} did not start within {STARTS_WITHIN:g} s")


def listens(port: int) -> bool:
    """Whether somebody accepts connections there."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def postgres_programs() -> Path:
    """The folder of initdb and postgres; raises Missing."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda p: int(p.split("/")[4]))
    path = found[-1] if found else shutil.which("initdb")
    if not path:
        raise Missing("PostgreSQL is not installed")
    return Path(path).parent


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """Yield the address of an empty database; PostgreSQL refuses to run as root, so there it runs as its own user."""
    programs = postgres_programs()
    user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
    rights = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    with tempfile.TemporaryDirectory(prefix="orta-pg-") as folder:
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)
        data, port = Path(folder) / "data", free_port()
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", "orta", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"],
            check=True, stdout=subprocess.DEVNULL, cwd=folder, **rights,  # type: ignore[call-overload]
        )  # fmt: skip
        options = ["-p", str(port), "-h", "127.0.0.1", "-k", folder, "-c", "fsync=off", "-c", "max_connections=60"]
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, *options],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, **rights,  # type: ignore[call-overload]
        )  # fmt: skip
        try:
            wait_until(lambda: listens(port), what="PostgreSQL")
            yield f"postgres://orta@127.0.0.1:{port}/postgres"
        finally:
            server.terminate()
            server.wait(20)


def empty_database(server: str, name: str) -> str:
    """Make a database beside the one of ``server`` (an address that postgres() gave) anew; return its address."""
    base, _, _ = server.rpartition("/")
    with psycopg.connect(server.replace("postgres:", "postgresql:", 1), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return f"{base}/{name}"


@contextlib.contextmanager
def redis_server() -> Iterator[str]:
    """Yield the address of an empty Redis; raises Missing."""
    program = shutil.which("redis-server")
    if not program:
        raise Missing("redis-server is not installed")
    with tempfile.TemporaryDirectory(prefix="orta-redis-") as folder:
        port = free_port()
        server = subprocess.Popen(
            [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder],
            stdout=subprocess.DEVNULL,
            cwd=folder,
        )
        try:
            wait_until(lambda: listens(port), what="Redis")
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()
            server.wait(20)
