"""The program as an operator runs it: its own data folder, commands and workers as processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


class Stack:
    """One set-up: SQLite and the embedded queue by default, PostgreSQL and Redis when given."""

    def __init__(self, folder: Path, **env: str) -> None:
        self.folder = folder
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "DATA_DIR": str(folder / "var"),
            "SECRET_KEY": "only-for-tests",
            **env,
        }
        self.processes: list[subprocess.Popen[bytes]] = []

    def manage(self, *args: str, status: int = 0, stdin: str | None = None, errors: bool = False) -> str:
        """Run one of our commands; its status must be ``status``; return what it printed, or said on stderr."""
        done = subprocess.run(
            [sys.executable, "manage.py", *args],
            cwd=ROOT, env=self.env, input=stdin, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == status, f"{args}: {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
        return done.stderr if errors else done.stdout

    def ask(self, code: str) -> Any:
        """Evaluate Python lines inside the program; the value of ``answer`` comes back."""
        lines = "import json\nfrom articles.models import *\n" + code + "\nprint(json.dumps(answer, default=str))"
        return json.loads(self.manage("shell", "--verbosity", "0", "-c", lines).splitlines()[-1])

    def start(self, *command: str, **env: str) -> subprocess.Popen[bytes]:
        """Start a process of the set-up; its output goes to a file in the folder."""
        log = (self.folder / f"process-{len(self.processes)}.log").open("wb")
        process = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=ROOT, env={**self.env, **env}, stdout=log, stderr=subprocess.STDOUT
        )
        self.processes.append(process)
        return process

    def worker(self, *extra: str) -> subprocess.Popen[bytes]:
        """Start a Celery worker for all queues with beat."""
        options = ["--queues", "fetch,group,deliver,curate", "--concurrency", "2", "--beat"]
        schedule = ["--schedule", str(self.folder / "beat")]
        return self.start("celery", "--app", "aggregator", "worker", *options, *schedule, *extra)

    def logs(self) -> str:
        """The ends of all logs, for a failing test."""
        return "\n".join(path.read_text(errors="replace")[-3000:] for path in self.folder.glob("process-*.log"))

    def wait(self, works: Callable[[], bool], *, seconds: float) -> None:
        """Raises AssertionError with the logs when ``works`` is not true in time."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if works():
                return
            time.sleep(0.5)
        raise AssertionError(f"not within {seconds:g} s\n{self.logs()}")

    def end(self) -> None:
        """Ask every process to end and wait for it."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
