"""What an operator sees and is told: page times, the dashboard's figures, mail when ingestion stands still."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from aggregator import page_times
from articles import watch
from articles.models import Feed
from readers.models import User
from tests.conftest import ROOT

pytestmark = pytest.mark.django_db
DASHBOARD = ROOT / "deploy" / "grafana" / "orta.json"


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_times.tally, "counts", Counter())


@pytest.fixture
def with_redis(redis_url: str, settings: Any) -> None:
    settings.REDIS_URL = redis_url
    with page_times.connect() as redis:
        redis.delete(page_times.KEY)


def pages(text: str, name: str) -> float:
    found = re.search(rf'^orta_page_seconds_count{{page="{name}"}} (\d+)$', text, re.MULTILINE)
    return float(found[1]) if found else 0


def test_page_times_are_counted_by_the_name_of_the_address(client: Client) -> None:
    for path in ("/about/", "/fr/about/", "/topics/energy/", "/topics/water/", "/nowhere/"):
        client.get(path)
    text = client.get("/metrics").content.decode()
    assert pages(text, "about") == 2
    assert pages(text, "topic") == 2
    assert "nowhere" not in text
    buckets = [int(n) for n in re.findall(r'bucket{page="topic",le="[^"]+"} (\d+)', text)]
    assert buckets == sorted(buckets)
    assert buckets[-1] == 2


def test_processes_add_up_in_redis_and_a_dead_one_leaves_its_figures_there(client: Client, with_redis: None) -> None:
    client.get("/about/")
    page_times.tally.send()
    other = page_times.Tally()
    threads = [threading.Thread(target=other.add, args=("about", 0.2)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.send()
    assert pages(client.get("/metrics").content.decode(), "about") == 9


def test_without_redis_for_a_while_pages_answer_and_no_figure_is_lost(client: Client, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    page_times.tally.sent_at = 0
    assert client.get("/about/").status_code == 200
    assert page_times.tally.counts["about|count"] == 1


def test_the_dashboard_asks_for_figures_that_exist(client: Client) -> None:
    client.get("/about/")
    given = set(re.findall(r"^(orta_\w+)", client.get("/metrics").content.decode(), re.MULTILINE))
    dashboard = json.loads(DASHBOARD.read_text())
    asked = {
        name
        for panel in dashboard["panels"]
        for target in panel["targets"]
        for name in re.findall(r"orta_\w+", target["expr"])
    }
    assert asked
    only_with_rows = {"orta_fetches_hour", "orta_queue_messages"}
    assert asked - given - only_with_rows == set()


def test_operators_hear_once_that_it_stands_still_and_once_that_it_moves_again(capsys: Any) -> None:
    User.objects.create_superuser("operator@orta.example", "a-long-password-1")
    now = timezone.now()
    Feed.objects.update(next_fetch_at=now + timedelta(hours=1))
    call_command("watch")
    assert capsys.readouterr().out == "News flow.\n"
    Feed.objects.filter(pk=Feed.objects.first().pk).update(next_fetch_at=now - timedelta(minutes=50))  # type: ignore[union-attr]
    for _ in range(3):
        with pytest.raises(SystemExit) as caught:
            call_command("watch")
        assert caught.value.code == 1
    assert [letter.subject for letter in mail.outbox] == ["Orta: ingestion stands still"]
    assert mail.outbox[0].to == ["operator@orta.example"]
    assert "50 minutes" in mail.outbox[0].body
    Feed.objects.update(next_fetch_at=now + timedelta(hours=1))
    watch.report(now)
    watch.report(now)
    assert [letter.subject for letter in mail.outbox[1:]] == ["Orta: ingestion moves again"]


def test_while_nobody_can_be_told_nothing_counts_as_told() -> None:
    now = timezone.now()
    Feed.objects.update(next_fetch_at=now - timedelta(hours=2))
    assert watch.report(now)
    User.objects.create_superuser("operator@orta.example", "a-long-password-1")
    watch.report(now)
    assert len(mail.outbox) == 1
