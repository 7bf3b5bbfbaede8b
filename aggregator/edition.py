"""The running edition of ``bin/run``: set up the database, start the processes, show the first round, watch."""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from aggregator.embedded import BASE_DIR, ask_once, wait_for
from aggregator.processes import Child

START = 60.0  # seconds that the web server may take
LOOK = 1.0  # seconds between looks at the children
WORKER = [sys.executable, "-m", "aggregator.worker"]
NOTHING_ANSWERS = 10  # status of aggregator.first_round, which is too large to import here
REACH = 25.0  # seconds after which a first run without any answer shows the sample


class Edition:
    """One start of the aggregator: the real edition, the invented one, or the invented one until news arrives."""

    def __init__(self, options: argparse.Namespace, data_dir: Path) -> None:
        self.options = options
        self.data_dir = data_dir
        self.real_env: dict[str, str] = {}
        self.sample_env: dict[str, str] = {}
        self.web: Child | None = None
        self.sample_children: list[Child] = []

    def run(self) -> None:
        """Start everything and watch it for ever; ends by Stop."""
        if self.options.sample:
            self.start_sample()
        else:
            self.set_up(self.real_env)
            self.start_web(self.real_env)
            Child("worker", WORKER, log=self.log("worker"), env=self.real_env)
            self.first_round()
        while True:
            time.sleep(LOOK)
            for child in list(Child.alive):
                child.watch()

    def log(self, name: str) -> Path:
        return self.data_dir / "logs" / f"{name}.log"

    # --- the parts

    def set_up(self, env: dict[str, str]) -> None:
        """Migrate, load the catalogue where it changed, collect static files where they changed."""
        stamp = self.data_dir / ("sample" if env else "real")
        files = [
            *sorted((BASE_DIR / "articles").glob("migrations/*.py")),
            *sorted((BASE_DIR / "readers").glob("migrations/*.py")),
        ]
        once(
            stamp.with_suffix(".migrated"),
            files,
            database_key(env),
            lambda: manage("migrate", "--verbosity", "0", env=env),
        )
        catalogue = sorted(p for p in (BASE_DIR / "articles" / "catalogue").iterdir() if p.suffix in {".csv", ".json"})
        once(stamp.with_suffix(".loaded"), catalogue, database_key(env), lambda: manage("load_catalogue", env=env))
        static = sorted(p for p in (BASE_DIR / "static").rglob("*") if p.is_file())
        static.append(BASE_DIR / "requirements.txt")
        once(
            self.data_dir / "static.collected",
            static,
            "",
            lambda: manage("collectstatic", "--noinput", "--verbosity", "0"),
        )

    def start_web(self, env: dict[str, str]) -> None:
        """Start the web server on this database, in place of the one that ran before."""
        if self.web is not None:
            self.web.end(5.0)
        self.web = Child("web", web(self.options.host, self.options.port), log=self.log("web"), env=env)
        if not wait_for(self.options.host, self.options.port, seconds=START):
            sys.exit(f"The web server did not start; see {self.log('web')}")
        ask_once(self.options.host, self.options.port)
        print(f"{os.environ['SITE_URL']}/", flush=True)

    def start_sample(self) -> None:
        """Serve the invented feeds on loopback and read them into a database of their own."""
        port = free_port()
        self.sample_env = {
            "SAMPLE_EDITION": "1",
            "DATABASE_URL": f"sqlite:///{self.data_dir / 'sample.sqlite3'}",
            "FETCH_ALLOW_NETWORKS": f"127.0.0.1/32:{port}",
            "SAMPLE_PORT": str(port),
        }
        self.fresh_sample()
        command = [sys.executable, "-m", "articles.sample.server", "--port", str(port)]
        server = Child("sample outlets", command, log=self.log("sample"), env=self.sample_env)
        if not wait_for("127.0.0.1", port, seconds=20):
            sys.exit(f"The sample outlets did not start; see {self.log('sample')}")
        manage("load_sample", "--port", str(port), env=self.sample_env)
        self.sample_children = [server]
        args = WORKER
        self.sample_children.append(Child("sample worker", args, log=self.log("sample"), env=self.sample_env))
        self.start_web(self.sample_env)

    def fresh_sample(self) -> None:
        """Begin the sample anew: its times count from now. The empty database is made once and copied."""
        empty = self.data_dir / "sample-empty.sqlite3"
        self.set_up({**self.sample_env, "DATABASE_URL": f"sqlite:///{empty}"})
        for path in self.data_dir.glob("sample.sqlite3*"):
            path.unlink()
        shutil.copyfile(empty, self.data_dir / "sample.sqlite3")

    def end_sample(self) -> None:
        """A real feed answered: the real edition takes over and the invented one goes."""
        for child in self.sample_children:
            child.end(5.0)
        self.start_web(self.real_env)
        for path in self.data_dir.glob("sample.sqlite3*"):
            path.unlink()
        print("A feed has answered; these are real news now.", flush=True)

    # --- the first round

    def first_round(self) -> None:
        """Show how far the first fetches are; when none answers at all, show the invented edition meanwhile."""
        watched = self.look(*(["--no-fetch"] if self.options.no_fetch else ["--patience", str(REACH)]))
        if watched == NOTHING_ANSWERS:
            print("No feed can be reached; showing the invented sample edition until one answers.", flush=True)
            self.start_sample()
            self.look("--until-news")
            self.end_sample()

    def look(self, *options: str) -> int:
        """Let a process of its own look at the feeds, so that this one stays small; return its status."""
        command = [sys.executable, "-m", "aggregator.first_round", *options]
        process = subprocess.Popen(command, env={**os.environ, **self.real_env}, start_new_session=True)
        try:
            while process.poll() is None:
                time.sleep(LOOK)
                for child in list(Child.alive):
                    child.watch()
        finally:
            process.kill()
        return process.wait()


def web(host: str, port: int) -> list[str]:
    """The command of the web server: WSGI, one process, a few threads."""
    options = ["--interface", "wsgi", "--host", host, "--port", str(port), "--workers", "1", "--blocking-threads", "4"]
    return [
        sys.executable,
        "-m",
        "granian",
        *options,
        "--no-ws",
        "--log-level",
        "warning",
        "aggregator.wsgi:application",
    ]


def manage(*args: str, env: dict[str, str] | None = None) -> None:
    """Run one of our commands; its failure ends the start with its message."""
    command = [sys.executable, str(BASE_DIR / "manage.py"), *args]
    done = subprocess.run(
        command,
        env={**os.environ, **(env or {})},
        check=False,
        stdout=subprocess.DEVNULL,
        start_new_session=True,  # a Ctrl-C at the terminal comes to us alone; run() ends the command then
    )
    if done.returncode:
        sys.exit(done.returncode)


def database_key(env: dict[str, str]) -> str:
    """What names the database, and whether it is there: a deleted file is made again."""
    url = env.get("DATABASE_URL") or os.environ.get("DATABASE_URL", "")
    path = Path(url.removeprefix("sqlite:///")) if url else Path(os.environ["DATA_DIR"]) / "db.sqlite3"
    return f"{url} {path.stat().st_ino if path.exists() else 'new'}" if not url.startswith("postgres") else url


def once(stamp: Path, files: list[Path], extra: str, work: Callable[[], None]) -> None:
    """Call ``work`` unless it was done for the same contents of ``files``; the stamp is written last."""
    digest = hashlib.sha256(extra.encode())
    for path in files:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    work()
    stamp.write_text(digest.hexdigest())


def free_port() -> int:
    """A port of loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
