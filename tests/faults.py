"""Kill parts of the running program at random moments, again and again, while a known corpus comes in.

``python -m tests.faults --kills 50 --seed 1`` prints one JSON line and ends with status 1 when anything was lost.
The corpus is the sample edition, shown in steps. Killed parts are started again at once, as systemd would. What a
killed worker held is free again after its lease; here the leases are ended by hand, so that no minute is waited.
"""

from __future__ import annotations

import argparse
import json
import os
import pwd
import random
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from articles.sample.edition import load_edition
from articles.sample.render import documents_at
from tests.feed_server import FeedServer
from tests.servers import empty_database, free_port, listens, postgres_programs, wait_until
from tests.stack import Stack
from tests.test_replay import opml

STEPS = 6  # in which the corpus comes out
LAG = (0.3, 2.5)  # seconds between two kills
GONE_BY = 240.0  # seconds that the end may take
LONG_AGO = "1970-01-01T00:00Z"
STORIES = """
answer = sorted(
    sorted(f"{a.feed.url} {a.url}" for a in s.articles.select_related("feed")) for s in Story.objects.published()
)
"""


class Part:
    """One process that may be killed at any moment and is started again with the same command."""

    def __init__(self, name: str, command: list[Any], *, log: Path, port: int = 0, **options: Any) -> None:
        self.name, self.command, self.log, self.port, self.options = name, command, log, port, options
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.command, stdout=out, stderr=subprocess.STDOUT, start_new_session=True, **self.options
            )

    def up(self) -> None:
        """Wait until it listens, where it does."""
        if self.port:
            wait_until(lambda: listens(self.port), what=self.name)

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Scene:
    """Servers, processes and outlets of one run, in a temporary folder."""

    def __init__(self, folder: Path, *, seed: int) -> None:
        self.folder = folder
        self.random = random.Random(seed)
        self.edition = load_edition()
        self.began = datetime.now(UTC).replace(microsecond=0)
        self.outlets = FeedServer()
        self.parts: dict[str, Part] = {}
        self.ports = {name: free_port() for name in ("postgres", "redis", "web")}
        self.seen: set[int] = set()

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def show(self, step: int) -> None:
        """Let the outlets show the corpus up to this step of STEPS."""
        now = self.began - timedelta(days=9) * (1 - step / STEPS)
        for path, body in documents_at(self.edition, now=now, started_at=self.began).items():
            self.outlets.put(path, body)

    def start_servers(self) -> None:
        """PostgreSQL that really writes to its disk, and Redis that forgets everything with its process."""
        programs = postgres_programs()
        user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
        rights: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
        home = self.folder / "postgres"
        home.mkdir()
        if user:
            self.folder.chmod(0o755)
            os.chown(home, user.pw_uid, user.pw_gid)
        make: list[Any] = [
            programs / "initdb",
            "-D",
            home / "data",
            "-U",
            "orta",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ]
        subprocess.run(make, check=True, stdout=subprocess.DEVNULL, cwd=home, **rights)
        port = str(self.ports["postgres"])
        serve = [programs / "postgres", "-D", home / "data", "-p", port, "-h", "127.0.0.1", "-k", home]
        self.part("postgres", [*serve, "-c", "max_connections=80"], cwd=home, **rights)
        redis = ["redis-server", "--port", str(self.ports["redis"]), "--bind", "127.0.0.1", "--save", ""]
        self.part("redis", redis, cwd=self.folder)
        wait_until(self.database_answers, what="PostgreSQL")
        self.parts["redis"].up()

    def database_answers(self) -> bool:
        with suppress(psycopg.OperationalError):
            psycopg.connect(f"postgresql://orta@127.0.0.1:{self.ports['postgres']}/postgres", connect_timeout=3).close()
            return True
        return False

    def part(self, name: str, command: list[Any], **options: Any) -> None:
        self.parts[name] = Part(name, command, log=self.log(name), port=self.ports.get(name, 0), **options)

    def place(self, name: str) -> Stack:
        """A database of its own with the catalogue and the outlets of the corpus, nothing fetched yet."""
        server = f"postgres://orta@127.0.0.1:{self.ports['postgres']}/postgres"
        folder = self.folder / name
        folder.mkdir()
        stack = Stack(
            folder,
            DATABASE_URL=empty_database(server, name),
            REDIS_URL=f"redis://127.0.0.1:{self.ports['redis']}/{0 if name == 'hurt' else 1}",
            FETCH_ALLOW_NETWORKS=f"127.0.0.1/32:{self.outlets.port}",
        )
        stack.manage("migrate", "--verbosity", "0")
        stack.manage("load_catalogue")
        stack.ask("answer = [Feed.objects.all().delete(), Source.objects.all().delete()][0][0]")
        urls = {feed.slug: self.outlets.url(feed.path) for feed in self.edition.feeds.values()}
        stack.manage("import_opml", "-", stdin=opml(urls))
        return stack

    def start_program(self, stack: Stack) -> None:
        """Web, two workers, the grouper and beat, each of which may be killed alone."""
        celery = [sys.executable, "-m", "celery", "--app", "aggregator"]
        options: dict[str, Any] = {"cwd": Path(__file__).resolve().parent.parent, "env": stack.env}
        for name, queue in (("worker-1", "fetch"), ("worker-2", "fetch,deliver,curate"), ("grouper", "group")):
            node = ["worker", "--queues", queue, "--concurrency", "1", "--hostname", f"{name}@here"]
            self.part(name, [*celery, *node, "--without-mingle", "--without-gossip"], **options)
        self.part("beat", [*celery, "beat", "--schedule", str(self.folder / "beat")], **options)
        web = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.ports["web"]), "--workers", "1"]
        serve = [sys.executable, "-m", "granian", *web, "--log-level", "warning", "aggregator.wsgi:application"]
        self.part("web", serve, **options)

    def sql(self, query: str) -> list[tuple[Any, ...]]:
        """Run a query in the database that is hurt, as soon as it answers; "" while it is down."""
        until = time.monotonic() + 60
        address = f"postgresql://orta@127.0.0.1:{self.ports['postgres']}/hurt"
        while True:
            try:
                with psycopg.connect(address, autocommit=True, connect_timeout=3) as connection:
                    found = connection.execute(query)
                    return found.fetchall() if found.description else []
            except psycopg.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)

    def hurry(self) -> None:
        """Make every feed due and end every lease, as if minutes had gone by; ask the workers to look."""
        self.sql(
            f"UPDATE articles_feed SET next_fetch_at = now(), leased_until = '{LONG_AGO}'"
            f"; UPDATE articles_lease SET until = '{LONG_AGO}'"
        )
        self.seen.update(pk for (pk,) in self.sql("SELECT id FROM articles_story"))

    def hurt(self, kills: int) -> dict[str, int]:
        """Kill ``kills`` times; return how often each part was."""
        counted: dict[str, int] = dict.fromkeys(self.parts, 0)
        for number in range(kills):
            self.show(1 + number * STEPS // kills)
            if number % 3 == 0:
                self.hurry()
            time.sleep(self.random.uniform(*LAG))
            part = self.parts[self.random.choice(sorted(self.parts))]
            part.kill()
            counted[part.name] += 1
            part.start()
        return counted

    def settle(self) -> None:
        """Wait until the last step has come in and nothing waits for the grouper."""
        self.show(STEPS)
        for part in self.parts.values():
            part.up()
        asked = datetime.now(UTC).isoformat()
        waiting = (
            f"SELECT (SELECT count(*) FROM articles_feed WHERE last_success_at IS NULL OR last_success_at < '{asked}'),"
            " (SELECT count(*) FROM articles_article WHERE grouped_at IS NULL AND relevant)"
        )
        self.hurry()
        until = time.monotonic() + GONE_BY
        while (left := self.sql(waiting)[0]) != (0, 0):
            if time.monotonic() > until:
                raise AssertionError(f"{left[0]} feeds and {left[1]} articles still wait")
            time.sleep(3)

    def end(self) -> None:
        for part in self.parts.values():
            part.kill()


def lost_addresses(scene: Scene) -> list[int]:
    """Ids of stories seen on the way whose address leads nowhere now."""
    scene.seen.update(pk for (pk,) in scene.sql("SELECT id FROM articles_story"))
    lost = []
    for pk in sorted(scene.seen):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{scene.ports['web']}/stories/{pk}/", timeout=30):
                continue
        except OSError:
            lost.append(pk)
    return lost


def run(kills: int, seed: int, tell: Callable[[str], None] = lambda line: None) -> dict[str, Any]:
    """Return the figures of one run; ``faultless`` says whether nothing was lost, doubled or changed."""
    with tempfile.TemporaryDirectory(prefix="orta-faults-") as name:
        scene = Scene(Path(name), seed=seed)
        with scene.outlets:
            try:
                scene.start_servers()
                hurt, calm = scene.place("hurt"), scene.place("calm")
                tell("an undisturbed run first")
                scene.show(STEPS)
                calm.manage("fetch", "--all")
                calm.manage("regroup")
                hurt.manage("collectstatic", "--noinput", "--verbosity", "0")
                scene.start_program(hurt)
                tell(f"{kills} kills")
                counted = scene.hurt(kills)
                scene.settle()
                hurt.manage("regroup")
                return compare(scene, hurt, calm) | {"kills": counted, "seed": seed}
            finally:
                scene.end()


def compare(scene: Scene, hurt: Stack, calm: Stack) -> dict[str, Any]:
    """The disturbed place beside the undisturbed one."""
    items = "answer = sorted(f'{a.feed.url} {a.url}' for a in Article.objects.select_related('feed'))"
    mine, theirs = hurt.ask(items), calm.ask(items)
    stories, wanted = hurt.ask(STORIES), calm.ask(STORIES)
    lost = lost_addresses(scene)
    figures = {
        "items": len(theirs),
        "missing": len(set(theirs) - set(mine)),
        "doubled": len(mine) - len(set(mine)),
        "stories": len(wanted),
        "stories_that_differ": len([story for story in wanted if story not in stories]),
        "addresses": len(scene.seen),
        "addresses_lost": len(lost),
    }
    faults = ("missing", "doubled", "stories_that_differ", "addresses_lost")
    return {"faultless": not any(figures[name] for name in faults), **figures}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.monotonic()
    figures = run(options.kills, options.seed, tell=lambda line: print(line, file=sys.stderr))
    print(json.dumps({"benchmark": "faults", **figures, "seconds": round(time.monotonic() - began)}))
    return 0 if figures["faultless"] else 1


if __name__ == "__main__":
    sys.exit(main())
