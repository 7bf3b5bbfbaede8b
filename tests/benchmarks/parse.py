"""What parsing and cleaning cost, in this process and in a killable child, against feedparser as it comes.

Run: python -m tests.benchmarks.parse [--feeds N]; prints one JSON line. Times are milliseconds a feed of 30 entries,
each the median of five rounds in one run; "small" has five short entries, "large" is one feed of 1.6 MB.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime

import feedparser

from articles.clean import clean_entry
from articles.parse import parse_feed
from articles.records import Response
from articles.sandbox import Reader, read_here

NOW = datetime(2026, 7, 1, tzinfo=UTC)
ROUNDS = 5
SENTENCE = (
    "Министры <b>Казахстана</b> и <a href='https://outlet.example/t'>Узбекистана</a> обсудили поставки воды и энергии. "
)


def make_feed(number: int, *, entries: int = 30, paragraphs: int = 4) -> Response:
    """One feed as outlets write them: an escaped summary and a body of some paragraphs, about 2 kB an entry."""
    body = "".join(f"<p>{SENTENCE * 3}</p>" for _ in range(paragraphs))
    summary = SENTENCE.replace("<", "&lt;")
    items = "".join(
        f"<item><title>Новость {number}-{n}: переговоры в Ташкенте</title><guid>{number}-{n}</guid>"
        f"<link>https://outlet.example/{number}/{n}?utm_source=rss</link><category>Политика</category>"
        f"<pubDate>Fri, 01 May 2026 10:{n % 60:02}:00 +0500</pubDate><description>{summary}</description>"
        f"<content:encoded><![CDATA[{body}]]></content:encoded></item>"
        for n in range(entries)
    )
    xml = (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>Outlet {number}</title><link>https://outlet.example/</link>{items}</channel></rss>"
    )
    return Response(f"https://outlet.example/{number}", f"https://outlet.example/{number}", 200, {}, xml.encode())


def measure(work: Callable[[Response], object], feeds: list[Response]) -> float:
    """Median milliseconds a feed."""
    rounds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for feed in feeds:
            work(feed)
        rounds.append((time.perf_counter() - start) / len(feeds) * 1000)
    return round(statistics.median(rounds), 2)


def clean_only(feed: Response) -> Callable[[Response], object]:
    """Cleaning of entries that were parsed before."""
    parsed = parse_feed(feed, now=NOW)
    return lambda _: [clean_entry(entry, base="https://outlet.example/") for entry in parsed.entries]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=40)
    feeds = [make_feed(number) for number in range(parser.parse_args().feeds)]
    small = [make_feed(number, entries=5, paragraphs=1) for number in range(len(feeds))]
    large = [make_feed(0, entries=400, paragraphs=7)]
    reader = Reader(size=1)
    reader.read(small[0], now=NOW)  # starting a child is not part of reading
    here, child = (lambda feed: read_here(feed, now=NOW)), (lambda feed: reader.read(feed, now=NOW))
    result = {
        "feed_bytes": len(feeds[0].body),
        "feedparser_as_it_comes": measure(lambda feed: feedparser.parse(feed.body), feeds),
        "parse": measure(lambda feed: parse_feed(feed, now=NOW), feeds),
        "clean": measure(clean_only(feeds[0]), feeds),
        "here": measure(here, feeds),
        "child": measure(child, feeds),
        "small_here": measure(here, small),
        "small_child": measure(child, small),
        "large_bytes": len(large[0].body),
        "large_here": measure(here, large),
        "large_child": measure(child, large),
    }
    reader.close()
    print(json.dumps(result))


if __name__ == "__main__":
    main()
