"""Read the sample edition from its data files, and give its right answer and its list of outlets.

Nothing here knows Django; docs/sample-edition.md tells how to add an event.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from articles.sample.records import (
    EXTENSIONS,
    Break,
    Bulletin,
    Edition,
    SampleEvent,
    SampleFeed,
    SampleOutlet,
    SampleReport,
)

SAMPLE_DIR = Path(__file__).parent
LEXICON_PATH = SAMPLE_DIR / "lexicon.json"  # invented people and bodies, in the shape of catalogue/entities.json
REPORT_KEYS = {
    "feed", "hours", "minute", "title", "summary", "text", "language", "copy_of", "edited_title", "edited_minute",
}  # fmt: skip
EVENT_KEYS = {"id", "countries", "topics", "relevant", "near", "report"}


class EditionError(ValueError):
    """A data file of the edition is wrong; the message names the file and the place."""


def load_edition(path: Path = SAMPLE_DIR) -> Edition:
    """Read outlets.toml, events/*.toml and bulletins.toml below ``path``.

    Raises:
        EditionError: a file cannot be read, a key is unknown or missing, a feed does not exist, an id comes twice.
    """
    outlets = tuple(_outlet(table) for table in _tables(path / "outlets.toml", "outlet"))
    feeds = {feed.slug: feed for outlet in outlets for feed in outlet.feeds}
    events: list[SampleEvent] = []
    for file in sorted((path / "events").glob("*.toml")):
        for table in _tables(file, "event"):
            try:
                events.append(_event(table, feeds))
            except (KeyError, TypeError, ValueError) as error:
                place = table.get("id") or table.get("title") or "an event without id"
                raise EditionError(f"{file}: {place}: {error}") from error
    bulletins = tuple(Bulletin(**table) for table in _tables(path / "bulletins.toml", "bulletin"))
    edition = Edition(outlets=outlets, events=tuple(events), bulletins=bulletins)
    _check_whole(edition, path)
    return edition


def gold_lines(edition: Edition, *, now: datetime, started_at: datetime | None = None) -> Iterator[dict[str, Any]]:
    """Yield what is out at ``now`` with its right answer, one mapping for each line of `manage.py evaluate`.

    ``date`` is the full time of publication (RFC 3339). ``story`` is null for a report that stands alone.
    """
    started_at = started_at or now
    outlets = {feed.slug: outlet for outlet in edition.outlets for feed in outlet.feeds}
    for event in edition.events:
        out = [report for report in event.reports if report.published_at(started_at) <= now]
        for report in out:
            yield {
                "id": report.id,
                "title": report.title,
                "text": "\n\n".join(part for part in (report.summary, report.text) if part),
                "url": item_url(outlets[report.feed], report.id),
                "source": outlets[report.feed].slug,
                "language": report.language,
                "date": report.published_at(started_at).isoformat(),
                "gold": {
                    "language": report.language,
                    "relevant": event.relevant,
                    "countries": list(event.countries),
                    "topics": list(event.topics),
                    "story": event.id if len(out) > 1 else None,
                },
            }


def source_rows(edition: Edition, *, base_url: str) -> list[dict[str, str]]:
    """Return one row for each feed with the columns of catalogue/sources.csv, fetched from ``base_url``."""
    return [
        {
            "slug": feed.slug,
            "name": outlet.name,
            "outlet": outlet.slug,
            "owner": outlet.owner,
            "homepage": outlet.homepage,
            "feed_url": base_url.rstrip("/") + feed.path,
            "language": feed.language,
            "base_country": outlet.base_country,
            "covers": outlet.covers,
            "ownership": outlet.ownership,
            "funding_note": outlet.funding_note,
            "perspective": outlet.perspective,
            "kind": outlet.kind,
            "evidence": "invented",
            "evidence_where": "",
            "note": "Sample edition",
            "labels_verified": "no",
            "headline_only": "0",
        }
        for outlet in edition.outlets
        for feed in outlet.feeds
    ]


def item_url(outlet: SampleOutlet, item_id: str) -> str:
    """Return the address that a report has at its outlet; it says nothing of the event."""
    return f"{outlet.homepage}/news/{item_id}"


def _tables(file: Path, key: str) -> list[dict[str, Any]]:
    """Return the array of tables ``key`` of one file, which may hold nothing else."""
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise EditionError(f"{file}: {error}") from error
    if set(document) != {key}:
        raise EditionError(f"{file}: only [[{key}]] belongs here, found {sorted(document)}")
    return list(document[key])


def _outlet(table: Mapping[str, Any]) -> SampleOutlet:
    """Make one outlet with its feeds."""
    known = {field.name for field in fields(SampleOutlet)} - {"feeds"}
    if set(table) != known | {"feed"}:
        raise EditionError(f"outlets.toml: {table.get('slug')}: {sorted(set(table) ^ (known | {'feed'}))}")
    feeds = []
    for feed in table["feed"]:
        if feed["format"] not in EXTENSIONS:
            raise EditionError(f"outlets.toml: {feed['slug']}: format {feed['format']!r}")
        breaks = tuple(
            Break(timedelta(minutes=stop["after"]), timedelta(minutes=stop["minutes"]), stop["how"])
            for stop in feed.get("breaks", ())
        )
        feeds.append(SampleFeed(**{**feed, "outlet": table["slug"], "breaks": breaks}))
    return SampleOutlet(**{key: table[key] for key in known}, feeds=tuple(feeds))


def _event(table: Mapping[str, Any], feeds: Mapping[str, SampleFeed]) -> SampleEvent:
    """Make one event; one that has a single report may carry the report's keys itself."""
    alone = "report" not in table
    _refuse_unknown(table, EVENT_KEYS | REPORT_KEYS if alone else EVENT_KEYS)
    reports = [{key: table[key] for key in REPORT_KEYS & set(table)}] if alone else table["report"]
    event_id = table.get("id") or _item_id(table["feed"], table["title"])
    first_of = {report["feed"]: report for report in reversed(reports)}
    return SampleEvent(
        id=event_id,
        reports=tuple(_report(report, event_id, feeds, first_of) for report in reports),
        countries=tuple(table.get("countries", ())),
        topics=tuple(table.get("topics", ())),
        relevant=table.get("relevant", True),
        near=table.get("near", ""),
    )


def _report(
    table: Mapping[str, Any], event_id: str, feeds: Mapping[str, SampleFeed], first_of: Mapping[str, Mapping[str, Any]]
) -> SampleReport:
    """Make one report; ``copy_of`` names the feed of this event whose words it carries."""
    _refuse_unknown(table, REPORT_KEYS)
    if ("hours" in table) == ("minute" in table):
        raise ValueError(f"{table['feed']}: give hours (before the start) or minute (after it)")
    original = first_of[table["copy_of"]] if "copy_of" in table else {}
    said = {**{key: original[key] for key in ("title", "summary", "text") if key in original}, **table}
    return SampleReport(
        id=_item_id(table["feed"], said["title"]),
        event=event_id,
        feed=table["feed"],
        language=table.get("language", feeds[table["feed"]].language),
        offset=timedelta(minutes=table["minute"]) if "minute" in table else -timedelta(hours=table["hours"]),
        title=said["title"],
        summary=said["summary"],
        text=said.get("text", "").strip(),
        edited_title=table.get("edited_title", ""),
        edited_offset=timedelta(minutes=table.get("edited_minute", 0)),
    )


def _item_id(feed: str, title: str) -> str:
    """Return a short name for an item that is the same in every start."""
    return hashlib.blake2s(f"{feed}\n{title}".encode(), digest_size=5).hexdigest()


def _refuse_unknown(table: Mapping[str, Any], known: set[str]) -> None:
    """Raise for a key that nothing reads, which is mostly a slip of the pen."""
    if unknown := sorted(set(table) - known):
        raise ValueError(f"unknown keys {unknown}")


def _check_whole(edition: Edition, path: Path) -> None:
    """Raise for ids that come twice and for names of feeds or events that do not exist."""
    events = {event.id for event in edition.events}
    ids = [event.id for event in edition.events] + [report.id for report in edition.reports]
    alone = {event.reports[0].id for event in edition.events if event.id == event.reports[0].id}
    twice = [key for key, count in Counter(ids).items() if count > (2 if key in alone else 1)]
    lost = [event.near for event in edition.events if event.near and event.near not in events]
    lost += [item.feed for item in edition.bulletins if item.feed not in edition.feeds]
    if twice or lost:
        raise EditionError(f"{path}: these come twice: {twice}; these do not exist: {lost}")
