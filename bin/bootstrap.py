"""Make .venv and install what a requirements file says, when it changed; standard library only."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.json"
HALF = VENV / "half-installed"  # there while an installation runs
NEEDED = (3, 11)


def prepare(*files: str) -> Path:
    """Return the Python of .venv after installing ``files`` (names below the project) where they changed.

    Ends the program with one line when Python is too old or an installation fails, and with status 0 when the user
    stops it. Stopped half way, the next call makes .venv anew: half a package looks like a whole one to an installer.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if sys.version_info < NEEDED:
        sys.exit(f"Python {NEEDED[0]}.{NEEDED[1]} or newer is needed; this is {sys.version.split()[0]}.")
    with _alone():
        wanted = {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in files}
        done = _read_stamp()
        if any(done.get(name) != digest for name, digest in wanted.items()) or not PYTHON.exists():
            try:
                _install(files)
            except KeyboardInterrupt:
                print("Stopped during the installation; the next start begins it again.", file=sys.stderr)
                sys.exit(0)
            STAMP.write_text(json.dumps({**done, **wanted}))
    return PYTHON


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Two starts at once wait for each other here."""
    with (ROOT / "bin" / "bootstrap.py").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _read_stamp() -> dict[str, str]:
    try:
        return dict(json.loads(STAMP.read_text()))
    except (OSError, ValueError):
        return {}


def _install(files: tuple[str, ...]) -> None:
    uv = shutil.which("uv")
    print("Installing packages into .venv …", file=sys.stderr)
    if HALF.exists() or not _works():
        shutil.rmtree(VENV, ignore_errors=True)
        _run(
            [uv, "venv", "--quiet", "--python", sys.executable, str(VENV)]
            if uv
            else [sys.executable, "-m", "venv", str(VENV)]
        )
    HALF.touch()
    listed = [word for name in files for word in ("-r", str(ROOT / name))]
    if uv:
        _run([uv, "pip", "install", "--quiet", "--python", str(PYTHON), *listed])
    else:
        if not (VENV / "bin" / "pip").exists():
            _run([str(PYTHON), "-m", "ensurepip"])
        _run([str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *listed])
    HALF.unlink()


def _works() -> bool:
    """Whether .venv holds a Python that starts and is one of its own."""
    own = "import sys; sys.exit(sys.prefix == sys.base_prefix)"
    return PYTHON.exists() and subprocess.run([str(PYTHON), "-c", own], check=False).returncode == 0


def _run(command: list[str]) -> None:
    env = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}}
    # in a session of its own, so that a Ctrl-C at the terminal comes to us alone; run() ends it then
    if subprocess.run(command, check=False, env=env, start_new_session=True).returncode:
        sys.exit(f"This did not work: {' '.join(command)}")
