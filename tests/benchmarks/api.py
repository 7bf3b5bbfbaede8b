"""What django-ninja costs: one page of articles through it, and the same rows by a plain view, in one run.

Run: python -m tests.benchmarks.api [rounds]
"""

from __future__ import annotations

import functools
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable

LIMIT = 50
ARTICLES = 200


def timed(work: Callable[[], object], rounds: int) -> float:
    """Median milliseconds of CPU, since other work may run on the machine."""
    taken = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return round(statistics.median(taken) * 1000, 2)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    with tempfile.TemporaryDirectory(prefix="orta-api-") as folder:
        os.environ |= {"DATA_DIR": folder, "SECRET_KEY": "x", "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        import django

        django.setup()
        from django.core.management import call_command
        from django.http import HttpRequest, HttpResponse, JsonResponse
        from django.test import RequestFactory
        from django.urls import resolve

        from articles.publish import lists
        from articles.publish.api import limits, present
        from articles.publish.api.endpoints import listed
        from articles.publish.lists import ListQuery
        from tests.publish.newsroom import Newsroom

        call_command("migrate", verbosity=0)
        call_command("load_catalogue", verbosity=0)
        newsroom = Newsroom()
        for number in range(ARTICLES):
            newsroom.article(f"Report {number}")
        limits.PER_MINUTE = 10**9

        def plain(request: HttpRequest) -> HttpResponse:
            query = ListQuery.read(request.GET.dict(), beyond=True)
            page = lists.page(lists.articles(query).with_tags(), query)
            return JsonResponse(listed(request, [present.article(row) for row in page.rows], page.next))

        def ask(view: Callable[..., HttpResponse]) -> HttpResponse:
            return view(RequestFactory().get(address))

        address = f"/api/v1/articles?limit={LIMIT}"
        ninja = resolve("/api/v1/articles").func
        answers = [ask(view).content for view in (ninja, plain)]
        rows = [[row["id"] for row in json.loads(answer)["items"]] for answer in answers]
        assert rows[0] == rows[1]
        told = {
            name: timed(functools.partial(ask, view), rounds)
            for name, view in (("ninja_ms", ninja), ("plain_ms", plain))
        }
        print(json.dumps({"rows": LIMIT, "rounds": rounds, **told}))


if __name__ == "__main__":
    main()
