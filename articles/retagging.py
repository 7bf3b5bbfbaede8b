"""Stored articles through the present rules again: their words cleaned, their tags made anew. Editors' words stay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from articles.clean import clean_entry
from articles.lexicon import InForce, current_lexicon
from articles.models import Article, ArticleText
from articles.records import CleanEntry, Entry, SourceHints, Tags
from articles.store.search import index_stored
from articles.store.stories import refresh_stories
from articles.store.tags import replace_tags
from articles.tag import tag_entry

STEP = 200  # articles in one transaction
FIELDS = ("language", "script", "relevant", "relevance_why")


def steps(articles: QuerySet[Article], *, size: int = STEP) -> Iterator[list[int]]:
    """Ids of these articles in the order of their ids, ``size`` at a time; what is added meanwhile may be missed."""
    last = 0
    while ids := list(articles.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:size]):
        yield ids
        last = ids[-1]


def retag_articles(ids: Sequence[int], *, now: datetime, lexicon: InForce | None = None) -> int:
    """Tag these articles by the present rules and bring their stories up to date; return how many there were.

    One transaction. ``lexicon``: the one in force unless given.
    """
    lexicon = lexicon or current_lexicon()
    with transaction.atomic():
        articles = list(Article.objects.filter(pk__in=ids).select_related("source", "feed__source", "body"))
        found = {article.pk: tag_stored(article, lexicon) for article in articles}
        for article in articles:
            tags = found[article.pk]
            article.language, article.script = tags.language, tags.script
            article.relevant, article.relevance_why = tags.relevant, list(tags.relevance_why)
        Article.objects.bulk_update(articles, FIELDS, batch_size=STEP)
        replace_tags(articles, found, lexicon.rows)
        refresh_stories({article.story_id for article in articles if article.story_id}, now=now)
    return len(articles)


def tag_stored(article: Article, lexicon: InForce) -> Tags:
    """What the tagger says of an article as it is stored; ``source``, ``feed`` and ``body`` must be loaded."""
    hints = article.feed.hints() if article.feed else SourceHints()
    return tag_entry(stored_entry(article), lexicon.lexicon, hints=hints)


def stored_entry(article: Article) -> CleanEntry:
    """The words of a stored article as the record that the stages hand to each other."""
    body = getattr(article, "body", None)
    return CleanEntry(
        link=article.url,
        title=article.title,
        summary=article.summary,
        text=body.text if body else "",
        author=article.author,
        categories=tuple(article.categories),
        published_at=article.published_at,
        image_url=article.image_url,
    )


def reclean_articles(ids: Sequence[int], *, now: datetime) -> int:
    """Run the stored words of these articles through the present cleaner; return how many changed. One transaction."""
    changed: list[Article] = []
    texts: list[ArticleText] = []
    with transaction.atomic():
        for article in Article.objects.filter(pk__in=ids).select_related("body"):
            before = stored_entry(article)
            after = clean_entry(
                Entry(
                    link=before.link,
                    title=before.title,
                    summary=before.summary,
                    content=before.text,
                    authors=(before.author,) if before.author else (),
                    categories=before.categories,
                    enclosures=(before.image_url,) if before.image_url else (),
                )
            )
            if _take(article, after):
                changed.append(article)
                texts += [text] if (text := _text(article, after)) else []
        Article.objects.bulk_update(changed, ["title", "summary", "author", "categories", "image_url"], batch_size=STEP)
        ArticleText.objects.bulk_update(texts, ["text"], batch_size=STEP)
        index_stored([article.pk for article in changed])
        refresh_stories({article.story_id for article in changed if article.story_id}, now=now)
    return len(changed)


def _take(article: Article, clean: CleanEntry) -> bool:
    """Put the clean words on the article; whether anything differs from before. The link stays: it is an identity."""
    body = getattr(article, "body", None)
    was = (article.title, article.summary, article.author, article.categories, article.image_url)
    article.title, article.summary = clean.title[: Article.MAX_TITLE], clean.summary
    article.author, article.image_url = clean.author[:300], clean.image_url[:2000]
    article.categories = [category[:100] for category in clean.categories[:20]]
    now = (article.title, article.summary, article.author, article.categories, article.image_url)
    return was != now or (body is not None and body.text != clean.text)


def _text(article: Article, clean: CleanEntry) -> ArticleText | None:
    body: ArticleText | None = getattr(article, "body", None)
    if body is not None:
        body.text = clean.text
    return body
