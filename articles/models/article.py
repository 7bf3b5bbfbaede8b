"""Reports: one row for what one outlet said of something, with its tags and what it said before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from articles.models.lexicon import Country, Entity, Topic
from articles.models.source import Feed, Source


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> Self:
        """What readers may see: relevant, not hidden, from an outlet that is shown."""
        return self.shown().filter(relevant=True)

    def shown(self) -> Self:
        """Not hidden and from an outlet that is shown, relevant or not."""
        return self.filter(hidden=False).exclude(source__in=Source.objects.withheld().values("pk"))

    def ungrouped(self) -> Self:
        """What is in no story yet, or lost it with the story's row, in the order in which the grouper reads."""
        return self.filter(relevant=True, hidden=False, story__isnull=True).order_by("at", "id")

    def with_tags(self) -> Self:
        """With outlet, feed and all tags loaded, for lists that show them."""
        return self.select_related("source", "feed").prefetch_related(
            models.Prefetch("country_tags", ArticleCountry.objects.order_by("-score", "country_id")),
            models.Prefetch("topic_tags", ArticleTopic.objects.select_related("topic").order_by("-score", "topic_id")),
            models.Prefetch(
                "entity_tags", ArticleEntity.objects.select_related("entity").order_by("-score", "entity_id")
            ),
        )


class Article(models.Model):
    """One report of one outlet."""

    MAX_TITLE = 5000

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="articles")
    feed = models.ForeignKey(Feed, null=True, on_delete=models.SET_NULL, related_name="articles")
    url = models.URLField("link", max_length=2000, blank=True, help_text="canonical")
    url_key = models.CharField(
        max_length=32, null=True, editable=False, help_text="hash of the link where it alone names the article"
    )
    title = models.CharField(max_length=MAX_TITLE, blank=True)
    summary = models.TextField(blank=True, help_text="plain text; shown up to EXTRACT_CHARS")
    author = models.CharField(max_length=300, blank=True)
    image_url = models.URLField(max_length=2000, blank=True)
    categories = models.JSONField(default=list, blank=True)
    digest = models.CharField(max_length=32, editable=False, help_text="hash of what the feed said last")
    language = models.CharField(max_length=10, blank=True)
    script = models.CharField(max_length=4, blank=True)

    published_at = models.DateTimeField(null=True, blank=True, help_text="as the outlet says")
    fetched_at = models.DateTimeField()
    updated_at = models.DateTimeField(help_text="last change that we saw")
    at = models.DateTimeField("time in lists", help_text="published, never after fetched")

    relevant = models.BooleanField(default=True)
    relevance_why = models.JSONField(default=list, blank=True)
    hidden = models.BooleanField(default=False)
    hidden_reason = models.CharField(max_length=300, blank=True)

    story = models.ForeignKey(
        "articles.Story", null=True, blank=True, on_delete=models.SET_NULL, related_name="articles"
    )
    copy_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="copies")
    grouped_at = models.DateTimeField(null=True, blank=True)
    grouped_why = models.JSONField(default=list, blank=True, help_text="what it shares with its story")
    placed_by_editor = models.BooleanField(default=False)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "url_key"], name="article_url_unique"),
            models.CheckConstraint(name="article_not_after_fetch", condition=Q(at__lte=F("fetched_at"))),
        ]
        indexes = [
            models.Index(F("at").desc(), F("id").desc(), name="article_newest"),
            models.Index(F("source"), F("at").desc(), F("id").desc(), name="article_source_newest"),
            models.Index(F("language"), F("at").desc(), F("id").desc(), name="article_language_newest"),
            models.Index(F("feed"), F("at").desc(), name="article_feed_newest"),
            models.Index(
                fields=["at", "id"],
                condition=Q(story__isnull=True, relevant=True, hidden=False),
                name="article_ungrouped",
            ),
            models.Index(fields=["story", "at"], name="article_story_at"),
        ]

    def __str__(self) -> str:
        return self.title[:120] or self.url

    @property
    def extract(self) -> str:
        """The part of the summary that may be shown, cut at a word; nothing for headline-only outlets."""
        if self.source.headline_only:
            return ""
        limit = settings.EXTRACT_CHARS
        if len(self.summary) <= limit:
            return self.summary
        if limit <= 1:
            return ""
        cut = self.summary[: limit - 1]
        space = cut.rfind(" ")
        return (cut[:space] if space > limit * 0.6 else cut).rstrip(" ,;:–—-") + "…"

    def get_absolute_url(self) -> str:
        return reverse("article", args=[self.pk])


class ArticleText(models.Model):
    """The fuller text, for tagging, grouping and search inside; never shown, and dropped after its term.

    The search index (FTS5 table ``articles_search``, or column ``search`` on PostgreSQL) follows ``tokens`` and
    ``place`` by itself: see the migration that makes it. A migration that makes this table anew on SQLite must
    make the triggers anew too.
    """

    TEXT_KEPT = timedelta(days=90)  # fuller text, needed for tagging and grouping

    article = models.OneToOneField(Article, primary_key=True, on_delete=models.CASCADE, related_name="body")
    text = models.TextField(blank=True)
    tokens = models.TextField(blank=True, help_text="words of title and summary, and marks of its tags: finding.py")
    kept_until = models.DateTimeField(null=True, blank=True, help_text="when the text goes; empty: it is gone")
    place = models.BigIntegerField(null=True, blank=True, editable=False, help_text="by time; empty: not in the index")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place"], name="article_text_place")]
        indexes = [
            models.Index(fields=["article"], condition=Q(place__isnull=True), name="article_text_unplaced"),
            models.Index(fields=["kept_until"], condition=Q(kept_until__isnull=False), name="article_text_kept"),
        ]

    def __str__(self) -> str:
        return f"text of {self.article_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.tokens and self.place is None:
            self.place = place_of(self.article.at, self.article_id)
        super().save(*args, **kwargs)


BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)  # place 0
ID_BITS = 31  # of a place are the id of the report; the 32 above them are the time


def place_of(at: datetime, article_id: int) -> int:
    """The place of a report among all: seconds since 1970 (until 2106), then its id."""
    seconds = int((at - BEFORE_ALL).total_seconds())
    return max(seconds, 0) << ID_BITS | article_id


class FeedItem(models.Model):
    """By which key one feed knows an article; two feeds of one outlet may know the same one."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="items")
    key = models.CharField(max_length=64, help_text="identity within the feed: see parse/identity.py")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="items")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["feed", "key"], name="feed_item_unique")]

    def __str__(self) -> str:
        return self.key


class ArticleRevision(models.Model):
    """What a report said before it was edited."""

    KEPT = 24  # for each article: an item that prints the clock must not fill the table

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="revisions")
    seen_at = models.DateTimeField(help_text="when the newer words were first seen")
    title = models.CharField(max_length=Article.MAX_TITLE, blank=True)
    summary = models.TextField(blank=True)

    class Meta:
        ordering = ["-seen_at", "-id"]
        indexes = [
            models.Index(F("article"), F("seen_at").desc(), name="revision_article"),
            models.Index(F("seen_at").desc(), name="revision_newest"),
        ]

    def __str__(self) -> str:
        return self.title[:120]


class ArticleTag(models.Model):
    """A tag of an article: how sure, which words caused it, and whether an editor set it."""

    score = models.FloatField(default=0)
    why = models.JSONField(default=list)
    manual = models.BooleanField(default=False)
    at = models.DateTimeField(help_text="time of the article, for lists")

    class Meta:
        abstract = True


class ArticleCountry(ArticleTag):
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="country_tags")
    country = models.ForeignKey(Country, on_delete=models.CASCADE, related_name="article_tags")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "country"], name="article_country_unique")]
        indexes = [models.Index(F("country"), F("at").desc(), F("article").desc(), name="article_country_newest")]

    @property
    def key(self) -> str:
        return self.country_id


class ArticleTopic(ArticleTag):
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="topic_tags")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="article_tags")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "topic"], name="article_topic_unique")]
        indexes = [models.Index(F("topic"), F("at").desc(), F("article").desc(), name="article_topic_newest")]

    @property
    def key(self) -> str:
        return self.topic.slug


class ArticleEntity(ArticleTag):
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="entity_tags")
    entity = models.ForeignKey(Entity, on_delete=models.CASCADE, related_name="article_tags")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "entity"], name="article_entity_unique")]
        indexes = [models.Index(F("entity"), F("at").desc(), F("article").desc(), name="article_entity_newest")]

    @property
    def key(self) -> str:
        return self.entity.slug


class ManualTag(models.Model):
    """An editor's word on one tag, kept apart from what the machine finds and applied after it."""

    class Kind(models.TextChoices):
        COUNTRY = "country"
        TOPIC = "topic"
        ENTITY = "entity"
        LANGUAGE = "language"
        RELEVANT = "relevant"

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="manual_tags")
    kind = models.CharField(max_length=10, choices=Kind)
    key = models.CharField(max_length=80, help_text="code, slug, language; empty for relevance")
    present = models.BooleanField(help_text="set or taken away")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "kind", "key"], name="manual_tag_unique")]

    def __str__(self) -> str:
        return f"{'' if self.present else 'not '}{self.kind} {self.key}"


def clamp(published_at: datetime | None, *, fetched_at: datetime) -> datetime:
    """The time of an article in lists: when it says it was published, but never later than we had it."""
    return min(published_at, fetched_at) if published_at else fetched_at
