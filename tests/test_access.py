"""Who gets what: every address of the site against nobody, an editor, a source manager, an administrator.

The table stands in ``tests/data/access.csv``. After adding an address run ``bin/test tests/test_access.py``,
read the lines that it misses as if they were a stranger's wish, and put them into the table when they are right.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from articles.models import Story
from tests.conftest import ROOT
from tests.desk.people import person, signed_in
from tests.publish.newsroom import Newsroom

pytestmark = pytest.mark.django_db
TABLE = ROOT / "tests" / "data" / "access.csv"
ROLES = ("editor", "source manager", "administrator")
CATCH_ALL = {r"^api/", "admin/(?P<url>.*)$", "admin/^(?P<app_label>auth|readers|articles)/$"}
ARGUMENTS = {
    "slug:topic_slug": "energy", "int:year": "2026", "int:month": "11", "int:day": "25", "int:part": "0",
    "path:content_type_id": "1",
}  # fmt: skip
SLUGS = {
    "countries": "kazakhstan", "topics": "energy", "entities": "rogun-dam", "sources": "vlast", "outlets": "kazakhstan",
    "outlets/topics": "energy",
}  # fmt: skip


def patterns(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Every address that the site knows, as its patterns say it; languages apart from English are the same pages."""
    for found in resolver.url_patterns:
        here = before + str(found.pattern)
        if isinstance(found, URLPattern):
            yield here
        elif found is not None:
            yield from patterns(found, here)


def address(pattern: str, story: Story) -> str:
    """An address of this pattern at which something stands."""
    before = pattern.partition("<")[0].strip("/")
    model = re.match(r"admin/(auth|readers|articles)/(\w+)/", pattern)
    row = apps.get_model(model[1], model[2])._default_manager.first() if model else None
    known: dict[str, Any] = {
        **ARGUMENTS,
        "slug:slug": story.slug if before == "stories" else SLUGS.get(before, ""),
        "int:story_id": story.pk,
        "int:article_id": story.lead_id,
        "path:object_id": row.pk if row else 1,
        "int:pk": row.pk if row else 1,
        "id": row.pk if row else 1,
    }
    return "/" + re.sub(r"<([\w:]+)>", lambda hit: str(known.get(hit[1], 1)), pattern)


def test_every_address_answers_each_role_as_the_table_says(newsroom: Newsroom) -> None:
    story = newsroom.story(newsroom.article("Kazakhstan counts its wells"), newsroom.article("Wells counted", "tass"))
    clients = [Client(), *(signed_in(person(role)) for role in ROLES)]
    found = {}
    for pattern in patterns(get_resolver()):
        if pattern in CATCH_ALL:
            continue
        path = address(pattern, story)
        for client in clients:
            client.raise_request_exception = False
        found[pattern] = [str(status(client, path)) for client in clients]
    with TABLE.open(encoding="utf-8", newline="") as file:
        table = {row[0]: row[1:] for row in list(csv.reader(file))[1:]}
    wrong = [",".join([pattern, *statuses]) for pattern, statuses in found.items() if table.get(pattern) != statuses]
    assert not wrong, "the table says otherwise:\n" + "\n".join(wrong)
    assert set(table) == set(found)
    assert not [pattern for pattern, statuses in found.items() if any(status >= "500" for status in statuses)]


def status(client: Client, path: str) -> int:
    """The status of the answer, read to its end: exports are few at a time."""
    response = client.get(path)
    if response.streaming:
        assert list(response)
    response.close()
    return response.status_code


def test_nobody_gets_into_the_desk_and_everybody_reads() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    inside = [row for row in rows if row["address"].startswith("admin/")]
    assert len(inside) > 50
    assert {row["address"] for row in inside if row["nobody"] == "200"} == {"admin/login/"}
    readable = {row["address"]: row["nobody"] for row in rows if not row["address"].startswith("admin/")}
    assert set(readable.values()) <= {"200", "301", "302", "404", "405"}


def test_no_public_page_sets_a_cookie_or_varies_by_one(newsroom: Newsroom) -> None:
    story = newsroom.story(newsroom.article("Kazakhstan counts its wells"))
    for pattern in patterns(get_resolver()):
        if pattern in CATCH_ALL or pattern.startswith("admin/"):
            continue
        response = Client().get(address(pattern, story))
        assert not response.cookies, pattern
        assert "cookie" not in response.headers.get("Vary", "").lower(), pattern


@pytest.mark.parametrize("proxies", [[], ["10.0.0.0/8"]])
def test_forwarded_headers_of_strangers_are_worth_nothing(settings: Any, proxies: list[str]) -> None:
    settings.TRUSTED_PROXIES = proxies
    forged = {
        "HTTP_X_FORWARDED_FOR": "127.0.0.1",
        "HTTP_X_FORWARDED_HOST": "evil.example",
        "HTTP_X_FORWARDED_PROTO": "https",
    }
    assert Client(REMOTE_ADDR="203.0.113.9", **forged).get("/metrics").status_code == 403  # type: ignore[arg-type]
    page = Client(REMOTE_ADDR="203.0.113.9", **forged).get("/").content.decode()  # type: ignore[arg-type]
    assert "evil.example" not in page


def test_a_trusted_proxy_tells_who_asks(settings: Any) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    through = {"REMOTE_ADDR": "10.0.0.2"}
    assert Client(**through, HTTP_X_FORWARDED_FOR="203.0.113.9").get("/metrics").status_code == 403  # type: ignore[arg-type]
    assert Client(**through, HTTP_X_FORWARDED_FOR="203.0.113.9, 127.0.0.1").get("/metrics").status_code == 200  # type: ignore[arg-type]
    assert Client(**through, HTTP_X_FORWARDED_FOR="127.0.0.1, 203.0.113.9").get("/metrics").status_code == 403  # type: ignore[arg-type]


@pytest.fixture
def newsroom() -> Newsroom:
    return Newsroom()
