"""A site's address in, its feeds out, each with its first items and the tags that they would get."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urljoin

from django.utils import timezone

from articles import pipeline
from articles.errors import IngestError
from articles.fetch.batch import fetch_many
from articles.lexicon import current_lexicon
from articles.models import Feed
from articles.parse import webpage
from articles.parse.encoding import to_text
from articles.records import CleanEntry, FeedRequest, Response, SourceHints, Tags
from articles.tag import tag_entry

ITEMS = 5  # of each feed that are shown
FEEDS = 6  # that are read
USUAL = ("feed/", "rss.xml", "rss", "atom.xml", "feed.xml")  # tried where a page advertises none
TITLE = re.compile(r"<title[^>]{0,200}>([^<]{1,300})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Preview:
    """One feed as it would be read."""

    url: str
    title: str = ""
    language: str = ""
    items: tuple[tuple[CleanEntry, Tags], ...] = ()
    total: int = 0
    known: bool = False  # stands here already
    relevant: int = 0  # of total


@dataclass(frozen=True, slots=True)
class Found:
    """What stands at a site's address."""

    homepage: str
    name: str = ""
    feeds: tuple[Preview, ...] = ()
    problems: tuple[str, ...] = field(default_factory=tuple)  # in words


def find_feeds(address: str) -> Found:
    """Ask the address, then the feeds that it advertises or, without any, the usual places; nothing is stored.

    Raises: IngestError when the address itself cannot be read; the message says why.
    """
    answer = ask([address])[0]
    if isinstance(answer, IngestError):
        raise answer
    if (itself := read(answer)) is not None:
        parsed_home, preview = itself
        return Found(parsed_home or address, preview.title, (preview,))
    text = to_text(answer.body, content_type=answer.headers.get("content-type", ""))
    base = answer.final_url or address
    title = TITLE.search(text[: webpage.PAGE_CHARS])
    offered = webpage.advertised(text, base=base)[:FEEDS]
    wanted = offered or [urljoin(base, place) for place in USUAL]
    feeds, problems = [], []
    for url, found in zip(wanted, ask(wanted), strict=True):
        try:
            if isinstance(found, IngestError):
                raise found
            parsed = read(found)
            if parsed is not None:
                feeds.append(parsed[1])
        except IngestError as error:
            if offered:
                problems.append(f"{url}: {error.message}")
    return Found(base, " ".join(unescape(title[1]).split()) if title else "", distinct(feeds), tuple(problems))


def ask(addresses: Sequence[str]) -> list[Response | IngestError]:
    """Fetch these addresses at the same time, within the limits of every fetch, in their order."""
    requests = [FeedRequest(feed_id=number, url=url) for number, url in enumerate(addresses)]
    answers: dict[int, Response | IngestError] = {}
    for request, answer in fetch_many(requests, pipeline.fetch_settings(), None, wait=True, concurrency=4):
        answers[request.feed_id] = answer
    return [answers[number] for number in range(len(addresses))]


def read(answer: Response) -> tuple[str, Preview] | None:
    """The feed's homepage and its preview; None when it is a page. Raises IngestError for other faults."""
    try:
        parsed, entries = pipeline.reader().read(answer, now=timezone.now())
    except IngestError as error:
        if error.outcome in {"html_page", "not_a_feed"}:
            return None
        raise
    lexicon = current_lexicon().lexicon
    hints = SourceHints(language=parsed.language[:2].lower())
    tagged = [(entry, tag_entry(entry, lexicon, hints=hints)) for entry in entries[:100]]
    languages = [tags.language for _, tags in tagged if tags.language]
    url = answer.url
    return parsed.homepage, Preview(
        url=url,
        title=parsed.title,
        language=max(set(languages), key=languages.count) if languages else "",
        items=tuple(tagged[:ITEMS]),
        total=len(entries),
        known=Feed.objects.filter(url=url).exists() or Feed.objects.filter(current_url=url).exists(),
        relevant=sum(tags.relevant for _, tags in tagged),
    )


def distinct(feeds: list[Preview]) -> tuple[Preview, ...]:
    """The same items under two addresses are one feed."""
    seen: dict[tuple[str, ...], Preview] = {}
    for feed in feeds:
        seen.setdefault(tuple(entry.link for entry, _ in feed.items) or (feed.url,), feed)
    return tuple(seen.values())
