"""How the database would answer every question of every page; run inside the program on each database."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.core.cache import caches
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from articles.models import Article, Story

GROWS = re.compile(
    r"articles_(article(text|country|topic|entity|revision)?|feeditem|story(country|topic|entity|countrytopic|day)?"
    r"|dailycount|changedday|listchange|fetchevent|search)$"
)
WHOLE_LIST = re.compile(
    r"SEARCH (\w+) .*\((country|topic|entity|source|language|feed)(_id)?=\?\)$"
)  # all of it, then sorted
PAGES = (
    "/",
    "/countries/",
    "/countries/kazakhstan/",
    "/countries/kazakhstan/?kind=articles",
    "/topics/energy/?kind=articles",
    "/countries/kazakhstan/?perspective=ru",
    "/topics/",
    "/topics/energy/",
    "/countries/kazakhstan/energy/",
    "/countries/kazakhstan/energy/?kind=articles",
    "/entities/rogun-dam/",
    "/entities/rogun-dam/?kind=articles",
    "/sources/",
    "/sources/vlast/",
    "/search/",
    "/search/?q=gas",
    "/search/?q=gas&kind=stories",
    "/search/?q=kaz*&sort=fit",
    "/search/?q=gas&country=kazakhstan&language=ru",
    "/search/?country=kazakhstan&topic=energy&owner=state",
    "/search/?language=ru",
    "/search/?from=2026-01-01",
    "/status/",
    "/corrections/",
    "/feeds/",
    "/feed.atom",
    "/countries/kazakhstan/feed.rss",
    "/topics/energy/feed.json",
    "/sources/vlast/feed.atom",
    "/search/feed.atom?q=gas",
    "/search/feed.atom?country=kazakhstan&language=ru",
    "/api/v1/articles",
    "/api/v1/articles?country=KZ",
    "/api/v1/articles?q=gas&country=KZ",
    "/api/v1/articles?source=vlast",
    "/api/v1/articles?language=ru",
    "/api/v1/stories",
    "/api/v1/stories?topic=energy&sort=rank",
    "/api/v1/stories?source=vlast",
    "/api/v1/stories?q=gas",
    "/api/v1/stats",
    "/api/v1/feeds",
    "/sitemap.xml",
    "/sitemaps/news.xml",
    "/metrics",
    "/readyz",
)


def offences() -> dict[str, list[str]]:
    """By page, each part of a plan that reads a growing table from end to end."""
    day = timezone.localdate()
    story = Story.objects.order_by("-article_count", "-pk")[0]
    more = [
        story.get_absolute_url(),
        f"/articles/{Article.objects.order_by('-pk')[0].pk}/",
        f"/archive/{day:%Y/%m/%d}/",
        f"/archive/{day:%Y/%m/%d}/?country=kazakhstan",
        f"/archive/{day:%Y/%m}/",
        f"/archive/{day:%Y/%m}/?country=kazakhstan",
        f"/archive/{day:%Y/%m/%d}/feed.atom",
        f"/api/v1/stories/{story.pk}",
    ]
    found: dict[str, list[str]] = {}
    with override_settings(ALLOWED_HOSTS=["*"]):
        for page in (*PAGES, *more):
            asked: list[tuple[str, Any]] = []
            for cache in caches.all():
                cache.clear()
            with connection.execute_wrapper(remember(asked)):
                answer = Client(headers={"Host": "127.0.0.1"}).get(page)
            if answer.status_code != 200:
                found[page] = [f"status {answer.status_code}"]
            elif bad := sorted({line for sql, params in asked for line in scans(sql, params)}):
                found[page] = bad
    return found


def remember(asked: list[tuple[str, Any]]) -> Callable[..., Any]:
    def wrapper(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip("( ").upper().startswith("SELECT"):
            asked.append((sql, params))
        return execute(sql, params, many, context)

    return wrapper


def scans(sql: str, params: Any) -> list[str]:
    """Parts of the plan that read a growing table from end to end, or sort what they read of it."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            names = dict(re.findall(r'"(articles_\w+)" (\w+)', sql))
            rows = cursor.fetchall()
            sorting = {parent for _, parent, _, line in rows if line == "USE TEMP B-TREE FOR ORDER BY"}
            bad = [line for _, _, _, line in rows if sqlite_scan(line, names, limited=" LIMIT " in sql)]
            bad += [line for _, parent, _, line in rows if parent in sorting and whole_list(line, names)]
            return [f"{line}: {sql[:3000]}" for line in bad]
        cursor.execute("SET LOCAL enable_seqscan = off" if connection.in_atomic_block else "SET enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql}", params)
        lines = [row[0] for row in cursor.fetchall()]
        cursor.execute("SET enable_seqscan = on")
    return [f"{line.strip()}: {sql[:3000]}" for line in lines if postgres_scan(line)]


def sqlite_scan(line: str, aliases: dict[str, str], *, limited: bool) -> bool:
    """An index read in its order until enough is found is no scan."""
    match = re.match(r"SCAN (\w+)(.*)", line)
    if not match or "VIRTUAL TABLE" in line:
        return False
    return grows(match[1], aliases) and not (limited and "USING" in match[2])


def whole_list(line: str, aliases: dict[str, str]) -> bool:
    """All of one country, topic, outlet … read to be sorted, where an index holds the order."""
    match = WHOLE_LIST.match(line)
    return bool(match and grows(match[1], aliases))


def grows(name: str, aliases: dict[str, str]) -> bool:
    """Whether a table, or what an alias stands for, grows with the news."""
    return bool(GROWS.match(next((table for table, alias in aliases.items() if alias == name), name)))


def postgres_scan(line: str) -> bool:
    match = re.search(r"Seq Scan on (\w+)", line)
    return bool(match and GROWS.match(match[1]))
