"""What ``bin/run`` starts: database, catalogue, web server and Celery of one machine, watched until the end."""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import http.client
import os
import secrets
import signal
import socket
import sys
import time
from pathlib import Path
from types import FrameType
from typing import TextIO

from aggregator.env import env_dir, env_list, env_str
from aggregator.processes import Child

BASE_DIR = Path(__file__).resolve().parent.parent
ENDS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
GRACE = 12.0  # seconds that a process has to end by itself


class Stop(BaseException):
    """SIGTERM or Ctrl-C."""


def main() -> None:
    """Run until SIGTERM or Ctrl-C; then end with status 0 and nothing left behind."""
    options = arguments()
    data_dir = env_dir("DATA_DIR", BASE_DIR / "var")
    os.environ["DATA_DIR"] = str(data_dir)
    lock = take_lock(data_dir, sample=options.sample)
    for number in ENDS:
        signal.signal(number, stop)
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDS)  # bin/run held them back until now
        configure(options, data_dir)
        from aggregator.edition import Edition  # Django's settings are read from here on

        Edition(options, data_dir).run()
    except Stop:
        pass
    finally:
        for number in ENDS:
            signal.signal(number, signal.SIG_IGN)  # the end has begun; a second Ctrl-C must not leave anything behind
        Child.end_all(GRACE)
        lock.close()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/run", description="The whole aggregator on one machine.")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--no-fetch", action="store_true", help="only serve what is stored")
    parser.add_argument("--sample", action="store_true", help="show the invented sample edition")
    options = parser.parse_args()
    if not 1 <= options.port <= 65535:
        parser.error(f"--port: {options.port} is outside 1 to 65535")
    return options


def take_lock(data_dir: Path, *, sample: bool) -> TextIO:
    """Hold the data folder; a second start on it ends with one line."""
    handle = (data_dir / ("sample.lock" if sample else "run.lock")).open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        sys.exit(f"It is running already on {data_dir}; end that one first or set another DATA_DIR.")
    return handle


def configure(options: argparse.Namespace, data_dir: Path) -> None:
    """Put the defaults of one machine into the environment, where the user set none."""
    host = f"[{options.host}]" if ":" in options.host else options.host
    shown = "127.0.0.1" if options.host in {"0.0.0.0", "::"} else host  # noqa: S104  # nosec B104
    os.environ.setdefault("SITE_URL", f"http://{shown}:{options.port}")
    if not env_list("ALLOWED_HOSTS"):
        names = ["localhost", "127.0.0.1", "[::1]", host]
        os.environ["ALLOWED_HOSTS"] = " ".join(dict.fromkeys([*names, socket.gethostname()]))
    if not env_str("SECRET_KEY"):
        keep_secret(data_dir / "secret_key")
    if options.no_fetch:
        os.environ["FETCH_PAUSED"] = "1"
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")  # glibc gives each thread a heap of its own, which costs memory
    check_port(options.host, options.port)


def keep_secret(path: Path) -> None:
    """Make a random key for this machine once; only its user may read it."""
    if path.exists():
        path.chmod(0o600)
        return
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write(secrets.token_urlsafe(50))
    draft.rename(path)


def check_port(host: str, port: int) -> None:
    """End with one line when somebody else has the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            sys.exit(f"Cannot listen at {host} port {port} ({error.strerror}); choose another one with --port.")


def stop(number: int, frame: FrameType | None) -> None:
    raise Stop


def wait_for(host: str, port: int, *, seconds: float) -> bool:
    """Whether somebody listens there before the time is over."""
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # nosec B104
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with socket.create_connection((target, port), timeout=1):
                return True
        except OSError:
            time.sleep(0.05)
    return False


def ask_once(host: str, port: int) -> None:
    """Ask for the front page before other processes start and take the processor: the first reader finds it made."""
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # nosec B104
    with contextlib.suppress(OSError, http.client.HTTPException):
        connection = http.client.HTTPConnection(target, port, timeout=20)
        connection.request("GET", "/")
        connection.getresponse().read()
        connection.close()


if __name__ == "__main__":
    main()
