"""Child processes that end with us, however we end."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import ClassVar

PR_SET_PDEATHSIG = 1  # prctl(2): a signal for the child when its parent dies
RESTART_AFTER = 2.0  # seconds between starts of a process that keeps ending


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Child:
    """One process of ours in a session of its own, its output in a log file; started again when it ends by itself."""

    alive: ClassVar[list[Child]] = []

    def __init__(self, name: str, command: list[str], *, log: Path, env: dict[str, str]) -> None:
        self.name = name
        self.command = command
        self.log = log
        self.env = env
        self.start()
        Child.alive.append(self)

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.env},
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )
        self.started = time.monotonic()

    def watch(self) -> bool:
        """Start it again when it has ended; return whether it had."""
        if self.process.poll() is None or time.monotonic() - self.started < RESTART_AFTER:
            return False
        print(
            f"{self.name} ended with status {self.process.returncode}; starting it again ({self.log})", file=sys.stderr
        )
        self.start()
        return True

    def end(self, grace: float) -> None:
        """Ask it to end; after ``grace`` seconds end it and its children."""
        Child.alive.remove(self)
        self._signal(signal.SIGTERM)
        self._wait(time.monotonic() + grace)

    def _signal(self, number: int) -> None:
        if self.process.poll() is None:
            self.process.send_signal(number)

    def _wait(self, until: float) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.1, until - time.monotonic()))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)  # whatever it left behind in its session
        self.process.wait()

    @classmethod
    def end_all(cls, grace: float) -> None:
        """Ask all at once, then wait for each within the same grace."""
        until = time.monotonic() + grace
        for child in cls.alive:
            child._signal(signal.SIGTERM)
        for child in cls.alive:
            child._wait(until)
        cls.alive.clear()
