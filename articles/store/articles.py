"""Entries become articles: what is known is told from what is new, what changed leaves a revision."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from articles.models import Article, ArticleRevision, ArticleText, Feed, FeedItem
from articles.models.article import clamp
from articles.parse.identity import candidate_keys
from articles.records import CleanEntry, Tags
from articles.store.tags import TagRows, replace_tags

LONG_AGO = datetime.min.replace(tzinfo=UTC)
TEXT_CHARS = 20_000  # of fuller text kept inside


@dataclass(slots=True)
class Item:
    """One entry of an answer and the article that it already is, if any."""

    entry: CleanEntry
    keys: tuple[str, ...]
    url_key: str | None
    article: Article | None = None
    new_keys: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Hash of all that an edit may change."""
        entry = self.entry
        words = "\0".join((entry.title, entry.summary, entry.text[:TEXT_CHARS], entry.link))
        return hashlib.md5(words.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


@dataclass(slots=True)
class Matched:
    """One answer against the store."""

    new: list[Item] = field(default_factory=list)
    changed: list[Item] = field(default_factory=list)
    known: list[Item] = field(default_factory=list)  # nothing to do but to remember new keys

    @property
    def fresh(self) -> list[Item]:
        """What must be tagged."""
        return self.new + self.changed


def match_entries(feed: Feed, entries: Sequence[CleanEntry]) -> Matched:
    """Tell new entries from known and from changed ones; repeats within the answer count once, the newest wins."""
    items = _distinct(entries)
    found = dict(
        FeedItem.objects.filter(feed=feed, key__in=[key for item in items for key in item.keys]).values_list(
            "key", "article_id"
        )
    )
    ids = {item.keys[0]: _first(found, item.keys) for item in items}
    elsewhere = _through_other_feeds(feed, [item for item in items if ids[item.keys[0]] is None])
    articles = Article.objects.in_bulk([*filter(None, ids.values()), *elsewhere.values()])
    matched = Matched()
    for item in items:
        article_id = ids[item.keys[0]] or elsewhere.get(item.url_key or "")
        item.new_keys = tuple(key for key in item.keys if key not in found)
        item.article = articles.get(article_id) if article_id else None
        if item.article is None:
            matched.new.append(item)
        elif item.article.feed_id in (feed.pk, None) and item.article.digest != item.digest:
            matched.changed.append(item)
        else:
            matched.known.append(item)
    return matched


def _distinct(entries: Sequence[CleanEntry]) -> list[Item]:
    links = Counter(entry.link for entry in entries)
    items: dict[str, Item] = {}
    for entry, keys in zip(entries, candidate_keys(entries), strict=True):
        other = items.get(keys[0])
        if other is not None and _time(entry) < _time(other.entry):
            continue
        alone = entry.link and (links[entry.link] == 1 or keys[0].startswith("l:"))
        items[keys[0]] = Item(entry, keys, hash_link(entry.link) if alone else None)
    return list(items.values())


def hash_link(link: str) -> str:
    """The key under which all feeds of one outlet know a link."""
    return hashlib.md5(link.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


def _time(entry: CleanEntry) -> datetime:
    return entry.updated_at or entry.published_at or LONG_AGO


def _first(found: Mapping[str, int], keys: Iterable[str]) -> int | None:
    return next((found[key] for key in keys if key in found), None)


def _through_other_feeds(feed: Feed, items: list[Item]) -> dict[str, int]:
    """Articles of the same outlet, by hash of link, that came through another of its feeds."""
    wanted = [item.url_key for item in items if item.url_key]
    if not wanted:
        return {}
    rows = Article.objects.filter(source_id=feed.source_id, url_key__in=wanted).values_list("url_key", "pk", "feed_id")
    return {key: pk for key, pk, feed_id in rows if key and feed_id != feed.pk}


def save_entries(
    feed: Feed, matched: Matched, tags: Sequence[Tags], tag_rows: TagRows, *, now: datetime
) -> tuple[list[int], list[int]]:
    """Write what ``match_entries`` found; ``tags`` belong to ``matched.fresh`` in its order.

    Returns ids of (new, changed) articles. Runs inside the caller's transaction. Raises IntegrityError when
    another feed of the outlet stored one of them meanwhile; then match again.
    """
    tagged = dict(zip((id(item) for item in matched.fresh), tags, strict=True))
    created = _create(feed, matched.new, tagged, now=now)
    _keep_revisions(matched.changed, now=now)
    for item in matched.changed:
        _update(item, tagged[id(item)], now=now)
    _remember_keys(feed, [*matched.changed, *matched.known])
    by_article = {item.article.pk: tagged[id(item)] for item in matched.fresh if item.article is not None}
    replace_tags([item.article for item in matched.fresh if item.article], by_article, tag_rows, fresh=created)
    return created, [item.article.pk for item in matched.changed if item.article]


def _create(feed: Feed, items: list[Item], tagged: Mapping[int, Tags], *, now: datetime) -> list[int]:
    taken = _taken_links(feed, items)
    for item in items:
        entry, found = item.entry, tagged[id(item)]
        url_key = item.url_key if item.url_key not in taken else None
        item.article = Article(
            source_id=feed.source_id,
            feed=feed,
            url_key=url_key,
            fetched_at=now,
            published_at=entry.published_at,
            at=clamp(entry.published_at or entry.updated_at, fetched_at=now),
        )
        _fill(item.article, item, found, now=now)
    articles = [item.article for item in items if item.article]
    Article.objects.bulk_create(articles, batch_size=200)
    ArticleText.objects.bulk_create(
        [ArticleText(article=item.article, **_text(item, now=now)) for item in items], batch_size=200
    )
    FeedItem.objects.bulk_create(
        [FeedItem(feed=feed, key=key, article=item.article) for item in items for key in item.keys], batch_size=500
    )
    return [article.pk for article in articles]


def _taken_links(feed: Feed, items: list[Item]) -> set[str | None]:
    """Links that already name another article of this outlet: there the guid told them apart."""
    keys = [item.url_key for item in items if item.url_key]
    taken: set[str | None] = set(
        Article.objects.filter(source_id=feed.source_id, url_key__in=keys).values_list("url_key", flat=True)
    )
    return taken | {key for key, times in Counter(keys).items() if times > 1}


def _fill(article: Article, item: Item, tags: Tags, *, now: datetime) -> None:
    entry = item.entry
    article.url = entry.link[:2000] if len(entry.link) <= 2000 else ""
    article.title = entry.title[: Article.MAX_TITLE]
    article.summary = entry.summary[:TEXT_CHARS]
    article.author = entry.author[:300]
    article.image_url = entry.image_url if len(entry.image_url) <= 2000 else ""
    article.categories = [category[:100] for category in entry.categories[:20]]
    article.digest = item.digest
    article.updated_at = now
    article.language, article.script = tags.language, tags.script
    article.relevant, article.relevance_why = tags.relevant, list(tags.relevance_why)


def _text(item: Item, *, now: datetime) -> dict[str, Any]:
    """The fuller text and its term; the words of the search index follow with the tags."""
    text = item.entry.text[:TEXT_CHARS]
    return {"text": text, "kept_until": now + ArticleText.TEXT_KEPT if text else None}


def _update(item: Item, tags: Tags, *, now: datetime) -> None:
    """Write an edited article; its place in lists stays: a changed date must not float it to the top."""
    article = item.article
    if article is None:
        raise ValueError("only a stored article can be updated")
    _fill(article, item, tags, now=now)
    article.save(
        update_fields=[
            "url", "title", "summary", "author", "image_url", "categories", "digest", "updated_at", "language",
            "script", "relevant", "relevance_why",
        ]
    )  # fmt: skip
    ArticleText.objects.update_or_create(article=article, defaults=_text(item, now=now))


def _keep_revisions(items: list[Item], *, now: datetime) -> None:
    """Keep what stood there before, where words that readers see change; at most KEPT for each article."""
    old = [
        item.article
        for item in items
        if item.article and (item.article.title, item.article.summary) != (item.entry.title, item.entry.summary)
    ]
    ArticleRevision.objects.bulk_create(
        [ArticleRevision(article=a, seen_at=now, title=a.title, summary=a.summary) for a in old]
    )
    for article in old:
        kept = article.revisions.order_by("-seen_at", "-id").values_list("pk", flat=True)[: ArticleRevision.KEPT]
        article.revisions.exclude(pk__in=list(kept)).delete()


def _remember_keys(feed: Feed, items: list[Item]) -> None:
    FeedItem.objects.bulk_create(
        [FeedItem(feed=feed, key=key, article=item.article) for item in items for key in item.new_keys],
        ignore_conflicts=True,
    )
