"""Pages, feeds and search over archives of several sizes, on SQLite and PostgreSQL; prints one line of JSON.

    python -m tests.benchmarks.pages [--articles 10000 1000000] [--databases sqlite postgres] [--keep FOLDER]

For each database and size a set-up of its own is made by ``manage.py grow`` and asked in a process of its own.
``cold``: milliseconds (the best of ROUNDS, every cache emptied before each) and queries of each kind of page, asked
without a web server. ``warm``: requests a second that granian answers over CONNECTIONS connections from its page cache,
beside an empty view of the same server in the same run. With ``--keep`` set-ups stay and are used again.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.servers import free_port, listens, postgres, wait_until
from tests.stack import ROOT, Stack

ROUNDS = 5
CONNECTIONS = 4
SECONDS = 2.0  # of warm requests for each address
COLD = {
    "front": "/",
    "country": "/countries/kazakhstan/",
    "country_reports": "/countries/kazakhstan/?kind=articles",
    "topic": "/topics/energy/",
    "country_topic": "/countries/kazakhstan/energy/",
    "entity": "/entities/{entity}/",
    "source": "/sources/vlast/",
    "story": "{story}",
    "archive_day": "/archive/{day}/",
    "archive_month": "/archive/{month}/",
    "filters": "/search/?country=kazakhstan&language=ru&perspective=ru",
    "search_rare": "/search/?q={rare}",
    "search_common": "/search/?q={common}",
    "search_common_fit": "/search/?q={common}&sort=fit",
    "search_two_filtered": "/search/?q={common}+{other}&country=kazakhstan&language=ru",
    "search_stories": "/search/?q={common}&kind=stories",
    "search_beginning": "/search/?q={beginning}*",
    "feed_front": "/feed.atom",
    "feed_country": "/countries/kazakhstan/feed.atom",
    "feed_search": "/search/feed.atom?q={common}",
    "api_articles": "/api/v1/articles?country=KZ",
    "api_stories": "/api/v1/stories?topic=energy",
}
WARM = ("front", "country", "story", "feed_front", "search_common")


@contextlib.contextmanager
def set_up(database: str, articles: int, folder: Path) -> Iterator[Stack]:
    """A set-up with so many articles; one that is there already is taken as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as held:
        env = {"DATABASE_URL": held.enter_context(postgres())} if database == "postgres" else {}
        stack = Stack(folder, **env)
        if database == "postgres" or not (folder / "grown").exists():
            stack.manage("migrate", "--verbosity", "0")
            stack.manage("load_catalogue", "--verbosity", "0")
            stack.manage("grow", "--articles", str(articles))
            (folder / "grown").touch()
        stack.manage("collectstatic", "--no-input", "--verbosity", "0")
        yield stack


def run(database: str, articles: int, folder: Path) -> dict[str, Any]:
    """The figures of one set-up."""
    with set_up(database, articles, folder) as stack:
        asked = [sys.executable, "-m", "tests.benchmarks.pages", "--ask"]
        env = {**stack.env, "DJANGO_SETTINGS_MODULE": "aggregator.settings"}
        told = subprocess.run(asked, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE).stdout
        found: dict[str, Any] = json.loads(told.splitlines()[-1])
        port = free_port()
        server = stack.start(
            "granian", "--interface", "wsgi", "--port", str(port), "--blocking-threads", "4", "--no-ws",
            "tests.benchmarks.empty:application", ALLOWED_HOSTS="127.0.0.1",
        )  # fmt: skip
        try:
            wait_until(lambda: listens(port), what="the web server")
            pages = {name: found["addresses"][name] for name in WARM}
            warm = {name: beside(port, address) for name, address in pages.items()}
        finally:
            server.terminate()
            server.wait(20)
        return {"database": database, "articles": articles, "cold": found["cold"], "warm": warm}


def beside(port: int, address: str) -> dict[str, float]:
    """Requests a second of a page and of the empty view, each asked twice, in turns: others use the machine too."""
    empty, page = 0, 0
    for _ in range(2):
        empty += rate(port, "/empty")
        page += rate(port, address)
    return {"page": page // 2, "empty": empty // 2, "share": round(page / empty, 2)}


def rate(port: int, address: str) -> int:
    """Requests a second that get a whole answer."""
    counts = [0] * CONNECTIONS
    until = time.monotonic() + SECONDS + 1

    def ask(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        begun = time.monotonic() + 1  # the first second is for warming up
        while (now := time.monotonic()) < until:
            connection.request("GET", address)
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{address}: {answer.status}")
            counts[number] += now >= begun

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return round(sum(counts) / SECONDS)


def ask() -> dict[str, Any]:
    """Cold times and queries, in the process of the set-up."""
    import django

    django.setup()
    from django.core.cache import caches
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext, override_settings

    told = words()
    addresses = {name: address.format(**told) for name, address in COLD.items()}
    cold: dict[str, dict[str, float]] = {}
    with override_settings(ALLOWED_HOSTS=["*"], SECURE_SSL_REDIRECT=False):
        client = Client(headers={"Host": "127.0.0.1"})
        for name, address in addresses.items():
            times = []
            for _ in range(ROUNDS):
                for cache in caches.all():
                    cache.clear()
                with CaptureQueriesContext(connection) as queries:
                    began = time.perf_counter()
                    answer = client.get(address)
                    times.append(time.perf_counter() - began)
                if answer.status_code != 200:
                    raise RuntimeError(f"{address}: {answer.status_code} {answer.content[:300]!r}")
            cold[name] = {"ms": round(1000 * min(times), 1), "queries": len(queries)}
    return {"cold": cold, "addresses": addresses}


def words() -> dict[str, str]:
    """What is asked for: words by how many reports hold them, and rows from the middle of the archive."""
    from collections import Counter

    from django.utils import timezone

    from articles.models import Article, Story, StoryEntity

    counted: Counter[str] = Counter()
    sample = Article.objects.filter(language="ru").order_by("-at", "-pk").values_list("title", "summary")[:4000]
    for title, summary in sample:
        counted.update({word for word in f"{title} {summary}".lower().split() if len(word) > 5 and word.isalpha()})
    ordered = [word for word, _ in counted.most_common()]
    day = timezone.localdate()
    return {
        "common": quote(ordered[0]),
        "other": quote(ordered[3]),
        "rare": quote(ordered[-1]),
        "beginning": quote(ordered[0][:4]),
        "day": f"{day:%Y/%m/%d}",
        "month": f"{day:%Y/%m}",
        "story": Story.objects.order_by("-article_count", "-pk")[0].get_absolute_url(),
        "entity": StoryEntity.objects.order_by("pk")[0].entity.slug,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--databases", nargs="+", choices=("sqlite", "postgres"), default=["sqlite", "postgres"])
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    parser.add_argument("--ask", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.ask:
        print(json.dumps(ask()))
        return
    with tempfile.TemporaryDirectory(prefix="orta-pages-") as passing:
        folder = options.keep or Path(passing)
        found = [
            run(database, articles, folder / f"{database}-{articles}")
            for database in options.databases
            for articles in options.articles
        ]
    print(json.dumps({"cores": os.cpu_count(), "load": os.getloadavg()[0], "runs": found}))


if __name__ == "__main__":
    main()
