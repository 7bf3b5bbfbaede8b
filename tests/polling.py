"""Polling one feed through the real pipeline, at a time that the test says, from a server of the test's own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from articles import pipeline
from articles.fetch.addresses import parse_networks
from articles.fetch.settings import FetchSettings
from articles.lexicon import current_lexicon
from articles.models import Feed, Source
from articles.store import Ingested
from tests.hostile_server import HostileServer

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def make_feed(url: str, *, name: str = "Steppe Wire", **fields: object) -> Feed:
    """An outlet with one feed, all of whose items count."""
    slug = name.lower().replace(" ", "-")
    source = Source.objects.create(slug=slug, name=name, owner=f"own-{slug}")
    given: dict[str, object] = {"current_url": url, "all_relevant": True, "next_fetch_at": NOW}
    return Feed.objects.create(source=source, url=url, **given | fields)


def poll(feed: Feed, *, now: datetime = NOW, recent: Sequence[str] = ()) -> Ingested:
    """Ingest one feed; afterwards it is as the database has it."""
    [ingested] = pipeline.ingest_feeds([feed], current_lexicon, clock=lambda: now, wait=True, recent=recent)
    feed.refresh_from_db()
    return ingested


def settings_that_reach(server: HostileServer, *, deadline: float = 5) -> FetchSettings:
    """Settings of the fetcher that open this server alone."""
    return FetchSettings(
        user_agent="Orta/1.0 (+http://orta.example/)",
        deadline=timedelta(seconds=deadline),
        allow_networks=parse_networks([f"127.0.0.1/32:{server.port}"]),
    )


def rss(items: str = "", head: str = "") -> bytes:
    """An RSS document with these items."""
    return f'<rss version="2.0"><channel><title>Steppe Wire</title>{head}{items}</channel></rss>'.encode()


def item(name: str, *, at: datetime = NOW, text: str = "Water is back in the canal.") -> str:
    """One item of RSS."""
    return (
        f"<item><title>{name}</title><link>http://steppe.example/{name.replace(' ', '-')}</link><guid>{name}</guid>"
        f"<pubDate>{at:%a, %d %b %Y %H:%M:%S} GMT</pubDate><description>{text}</description></item>"
    )
