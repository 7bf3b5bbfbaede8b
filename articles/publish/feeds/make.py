"""A feed from its address: which list it names, the rows of that list, and the document made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from articles.models import Article, Story
from articles.publish import lists
from articles.publish.addresses import absolute, hub_address
from articles.publish.feeds import atom, entries, jsonfeed, rss
from articles.publish.feeds.records import Document, Entry
from articles.publish.filters import in_words
from articles.publish.lists import BadQuery, ListQuery

RENDER = {"atom": atom, "rss": rss, "json": jsonfeed}
LIMIT, MAX_LIMIT = 50, 100
KNOWN = ListQuery.NAMES - {"relevant"}
TOLD = (
    "country", "topic", "entity", "source", "language", "perspective", "owner", "ownership", "q", "from", "to",
    "one_sided",
)  # fmt: skip
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)  # of a feed that has no entry yet
SLACK = timedelta(minutes=2)  # that an article may be stored later than it says; stories have one writer
Row = Story | Article


@dataclass(frozen=True, slots=True)
class Asked:
    """The feed that an address names."""

    kind: str  # atom, rss or json
    path: str
    fields: Mapping[str, str]  # of its query
    name: str  # of the list, "" where the filters say all
    query: ListQuery

    @property
    def own(self) -> str:
        """Its one address, which the document tells as ``self``."""
        return absolute(self.path, self.fields)


def read(path: str, given: Mapping[str, str], *, kind: str, name: str, fixed: Mapping[str, Any]) -> Asked:
    """The feed at a path with these filters, of a list that fixes some. Raises BadQuery."""
    query = ListQuery.read({"limit": str(LIMIT), **given}, **fixed)
    if query.limit > MAX_LIMIT:
        raise BadQuery(f"limit: use a whole number from 1 to {MAX_LIMIT}.")
    return Asked(kind, path, {field: str(value) for field, value in given.items() if value}, name, query)


def rows_of(asked: Asked) -> lists.Page[Any]:
    """The rows of one page of the list."""
    if asked.query.kind == "articles":
        return lists.page(lists.articles(asked.query).select_related("source"), asked.query)
    return lists.page(lists.stories(asked.query), asked.query)


def changed_at(row: Row) -> datetime:
    """When an entry last changed: a story by a new side, not by each report."""
    return max(row.side_added_at, row.first_at) if isinstance(row, Story) else max(row.updated_at, row.at)


def last_change(page: lists.Page[Any]) -> datetime:
    """The time of the newest change among these rows."""
    return max(map(changed_at, page.rows), default=BEGIN).astimezone(UTC)


def content(asked: Asked, page: lists.Page[Any], *, since: datetime | None = None) -> bytes:
    """The document; with ``since`` without the entries that did not change after it.

    Only Atom and RSS may leave those out (WebSub, 7); a JSON Feed is always whole.
    """
    rows = page.rows
    if since is not None and asked.kind != "json":
        after = since - SLACK if asked.query.kind == "articles" else since
        rows = [row for row in rows if changed_at(row) > after]
    return RENDER[asked.kind].render(document_of(asked, page, rows))


def document_of(asked: Asked, page: lists.Page[Any], rows: Sequence[Row]) -> Document:
    """The list as a document in the language of its address."""
    first = {key: value for key, value in asked.fields.items() if key != "cursor"}
    said = [asked.name, *(in_words(key, asked.fields[key]) for key in TOLD if key in asked.fields)]
    title = ": ".join([settings.SITE_NAME, *filter(None, [", ".join(filter(None, said))])])
    return Document(
        title=title,
        subtitle=subtitle(asked.query),
        site=settings.SITE_NAME,
        home=home_of(asked, first),
        own=asked.own,
        first=absolute(asked.path, first),
        next=absolute(asked.path, {**first, "cursor": page.next}) if page.next else "",
        hub=hub_of(asked),
        language=get_language() or "en",
        updated=last_change(page),
        entries=tuple(entries_of(rows)),
    )


def hub_of(asked: Asked) -> str:
    """The hub of the newest page of a list; older ones do not change by news."""
    return "" if asked.query.cursor else hub_address()


def home_of(asked: Asked, first: Mapping[str, str]) -> str:
    """The page that lists the same."""
    listed = {key: value for key, value in first.items() if key != "limit"}
    home = asked.path.rpartition("/")[0] + "/"
    if listed and home == reverse("front"):  # the front page has no filters, the search has all
        home = reverse("search")
    if home == reverse("search"):
        listed["kind"] = asked.query.kind  # the page shows reports unless it is told to show stories
    return absolute(home, listed)


def entries_of(rows: Sequence[Any]) -> list[Entry]:
    """The rows with their parts loaded, as entries."""
    if rows and isinstance(rows[0], Article):
        prefetch_related_objects(rows, *entries.article_parts())
        return [entries.of_article(row) for row in rows]
    prefetch_related_objects(rows, *entries.story_parts())
    return entries.of_stories(rows, language=get_language() or "en")


def subtitle(query: ListQuery) -> str:
    """One sentence of what an entry is."""
    invented = _("Invented news of the sample edition. ") if settings.SAMPLE_EDITION else ""
    if query.kind == "articles":
        return invented + _("Reports of Central Asia, one entry for each.")
    return invented + _("News of Central Asia from every side: one entry for each event, with all who report it.")
