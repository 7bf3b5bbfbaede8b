"""Grouping with the database in play: does the size of the archive outside the window change the rate?

    python -m tests.benchmarks.group_stored [--postgres] [--window 10000] [--more 2000] [--stored 10000 1000000]

Makes an archive of old stories and reports, fills the window, and measures ``group_new`` from articles to lists for
each size of the archive: the processor time of this process and the time that passes. Prints one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.servers import postgres

SEED = 1_000  # reports of the archive that are made one by one; the others are their likes
NOW = datetime.now(UTC).replace(microsecond=0)


@contextmanager
def database(on_postgres: bool) -> Iterator[None]:
    """An empty database with the catalogue; Django is set up on it."""
    with tempfile.TemporaryDirectory() as folder:
        if on_postgres:
            with postgres() as url:
                _set_up(url)
                yield
        else:
            _set_up(f"sqlite:///{Path(folder) / 'db.sqlite3'}")
            yield


def _set_up(url: str) -> None:
    os.environ.update(DATABASE_URL=url, DJANGO_SETTINGS_MODULE="tests.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("load_catalogue", verbosity=0)


def store(count: int, *, start: datetime, span: timedelta, seed: int) -> list[int]:
    """Write made-up reports as articles with their tags; return their ids."""
    from articles.models import Article, ArticleCountry, ArticleEntity, ArticleTopic, Entity, Source, Topic
    from tests.benchmarks.group import reports

    sources = list(Source.objects.order_by("pk"))
    topics, entities = (dict(model.objects.values_list("slug", "pk")) for model in (Topic, Entity))
    made = list(reports(count, start=start, span=span, seed=seed))
    articles = Article.objects.bulk_create(
        [
            Article(
                source=sources[int(report.source[7:]) % len(sources)],
                title=report.title,
                summary=report.text,
                language=report.language,
                digest=str(report.id),
                at=report.at,
                published_at=report.at,
                fetched_at=NOW,
                updated_at=NOW,
            )
            for report in made
        ],
        batch_size=500,
    )
    both = list(zip(articles, made, strict=True))
    wanted: list[tuple[Any, list[dict[str, Any]]]] = [
        (ArticleCountry, [{"article": a, "country_id": key} for a, r in both for key in r.countries]),
        (ArticleTopic, [{"article": a, "topic_id": topics[key]} for a, r in both for key in r.topics if key in topics]),
        (
            ArticleEntity,
            [{"article": a, "entity_id": entities[k]} for a, r in both for k in r.entities if k in entities],
        ),
    ]
    for tags, rows in wanted:
        tags.objects.bulk_create([tags(at=row["article"].at, score=1, **row) for row in rows], batch_size=1000)
    return [article.pk for article in articles]


def archive(count: int) -> None:
    """Let the archive hold so many articles, each in a story of its own with its rows for lists; all in SQL."""
    from django.db import connection

    from articles.models import Article, Story

    old = Story.objects.filter(first_at__lt=NOW - timedelta(days=30))
    present, seed = old.count(), list(old.order_by("pk").values_list("pk", flat=True)[:SEED])
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE IF NOT EXISTS n (n integer)")
        cursor.execute("DELETE FROM n")
        cursor.executemany("INSERT INTO n VALUES (%s)", [[i] for i in range(present // SEED, count // SEED)])
        top = max(Article.objects.order_by("-pk")[0].pk, Story.objects.order_by("-pk")[0].pk) + 1
        shift = f"{top} + n.n * 10000000"
        for table, own in (("story", "id"), ("article", "id"), ("storycountry", ""), ("articlecountry", "")):
            _copy(cursor, f"articles_{table}", own, shift, seed)
        cursor.execute("ANALYZE")


def _copy(cursor: Any, table: str, own: str, shift: str, seed: list[int]) -> None:
    from django.db import connection

    names = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    shifted = {own, "story_id", "article_id"} - {""}
    wanted = [name for name in names if name != "id" or own]
    null = {"lead_id", "url_key", "copy_of_id", "merged_into_id", "earlier_id"}
    values = [
        "NULL" if name in null else f"t.{name} + {shift}" if name in shifted else f't."{name}"' for name in wanted
    ]
    key = "id" if table == "articles_story" else "article_id" if table == "articles_articlecountry" else "story_id"
    inside = f"BETWEEN {seed[0]} AND {seed[-1]}"
    if key == "article_id":
        inside = f"IN (SELECT id FROM articles_article WHERE story_id {inside})"
    columns = ", ".join(f'"{name}"' for name in wanted)
    cursor.execute(
        f"INSERT INTO {table} ({columns}) SELECT {', '.join(values)} FROM {table} t, n WHERE t.{key} {inside}"
    )


def seed_archive() -> None:
    """The first old stories, one for each report."""
    from articles.models import Article
    from articles.store.membership import new_story
    from articles.store.stories import refresh_stories

    ids = store(SEED, start=NOW - timedelta(days=400), span=timedelta(days=360), seed=7)
    stories = []
    for article in Article.objects.filter(pk__in=ids).order_by("pk"):
        story = new_story(article, now=NOW)
        story.save()
        Article.objects.filter(pk=article.pk).update(story=story, grouped_at=NOW)
        stories.append(story.pk)
    refresh_stories(stories, now=NOW)


def rate(more: int, *, seed: int) -> dict[str, float]:
    """Store new articles of the last hours and group them."""
    from articles.grouping import group_new

    store(more, start=NOW - timedelta(hours=8), span=timedelta(hours=7), seed=seed)
    cpu, clock = time.process_time(), time.perf_counter()
    done = group_new()
    cpu, clock = time.process_time() - cpu, time.perf_counter() - clock
    return {"grouped": done, "a_second": round(done / clock), "a_cpu_second": round(done / cpu)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--window", type=int, default=10_000)
    parser.add_argument("--more", type=int, default=2_000)
    parser.add_argument("--stored", type=int, nargs="*", default=[10_000, 1_000_000])
    options = parser.parse_args()
    with database(options.postgres):
        from articles.grouping import group_new

        seed_archive()
        store(options.window, start=NOW - timedelta(days=7), span=timedelta(days=6.5), seed=1)
        group_new()
        figures: dict[str, Any] = {"postgres": options.postgres, "window": options.window}
        rate(options.more, seed=2)
        for number, count in enumerate(options.stored):
            archive(count)
            figures[str(count)] = rate(options.more, seed=3 + number)
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
