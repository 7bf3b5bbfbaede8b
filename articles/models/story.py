"""One event with all its reports, and the narrow rows from which lists of stories are served."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from articles.models.article import Article
from articles.models.decision import Decision
from articles.models.lexicon import Country, Entity, Topic


class StoryQuerySet(models.QuerySet["Story"]):
    def published(self) -> Self:
        """Stories that stand: not hidden, not merged away, with at least one report."""
        return self.filter(hidden=False, merged_into__isnull=True, article_count__gt=0)

    def ranked(self) -> Self:
        """Highest first; the rank of a story does not change while time passes, only its place does."""
        return self.order_by("-rank", "-id")

    def newest(self) -> Self:
        """By last report."""
        return self.order_by("-last_at", "-id")


class Story(models.Model):
    """One event. Its id and address are for ever: a merged one leads to the one that took it in."""

    title = models.CharField(max_length=Article.MAX_TITLE)
    slug = models.SlugField(max_length=80, blank=True)
    language = models.CharField("language of the title", max_length=10, blank=True)
    titles = models.JSONField(default=dict, blank=True, help_text="best headline and its article by language")
    lead = models.ForeignKey(Article, null=True, blank=True, on_delete=models.SET_NULL, related_name="leads")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    side_added_at = models.DateTimeField(help_text="when it last grew by a new side: its feeds' entries follow this")

    article_count = models.PositiveIntegerField(default=0)
    copy_count = models.PositiveIntegerField(default=0)
    source_count = models.PositiveIntegerField(default=0)
    owner_count = models.PositiveIntegerField(default=0)
    languages = models.JSONField(default=list, blank=True)
    perspectives = models.JSONField(default=dict, blank=True, help_text="outlets by side")
    ownerships = models.JSONField(default=dict, blank=True, help_text="outlets by kind of owner")
    marks = models.JSONField(default=dict, blank=True, help_text="side: [steered by a state, not], for the bar")
    core = models.BooleanField("about one of the five", default=True)
    one_sided = models.CharField(max_length=20, blank=True, help_text="state-only, outside-only …; empty: many sides")

    rank = models.FloatField(default=0)
    points = models.JSONField(default=list, blank=True, help_text="parts of the rank: label, value")

    merged_into = models.ForeignKey(  # almost always empty: an index of that would look useful to SQLite
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="absorbed", db_index=False
    )
    earlier = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="later")
    hidden = models.BooleanField(default=False)
    locked = models.BooleanField("takes no newcomers", default=False)
    pinned_until = models.DateTimeField(null=True, blank=True)
    headline = models.CharField("headline set by an editor", max_length=Article.MAX_TITLE, blank=True)
    lead_chosen = models.BooleanField("lead chosen by an editor", default=False)

    objects = StoryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "stories"
        indexes = [
            models.Index(
                F("rank").desc(), F("id").desc(), condition=Q(hidden=False, merged_into__isnull=True), name="story_rank"
            ),
            models.Index(
                F("last_at").desc(),
                F("id").desc(),
                condition=Q(hidden=False, merged_into__isnull=True),
                name="story_newest",
            ),
            models.Index(F("one_sided"), F("last_at").desc(), condition=~Q(one_sided=""), name="story_one_sided"),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="story_merged_into"),
            models.Index(fields=["pinned_until"], condition=Q(pinned_until__isnull=False), name="story_pinned"),
            models.Index(fields=["first_at"], name="story_first_at"),
            models.Index(F("last_at").desc(), F("id").desc(), name="story_last_at"),
            models.Index(F("last_at").desc(), F("id").desc(), condition=Q(hidden=True), name="story_hidden"),
            models.Index(F("last_at").desc(), F("id").desc(), condition=Q(locked=True), name="story_locked"),
        ]

    def __str__(self) -> str:
        return self.headline or self.title

    def get_absolute_url(self) -> str:
        return reverse("story", args=[self.pk, self.slug or "-"])


class Apart(models.Model):
    """Two stories that an editor split or moved a report between: the grouper never makes one of them again.

    Rows follow their stories when one of them is merged into a third, and go when the decision is undone.
    """

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="+")
    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="apart")

    class Meta:
        constraints = [models.CheckConstraint(name="apart_are_two", condition=~Q(story=F("other")))]

    def __str__(self) -> str:
        return f"{self.story_id} is not {self.other_id}"


class StoryFacet(models.Model):
    """A narrow row that puts a story on one list: time and rank are copied so that one index serves it."""

    weight = models.FloatField(default=1, help_text="share of the story's reports that carry the tag")
    last_at = models.DateTimeField()
    rank = models.FloatField(default=0)

    class Meta:
        abstract = True


def facet_indexes(name: str, *keys: str) -> list[models.Index]:
    """The two orders in which a list is read: by rank and by last report."""
    columns = [F(key) for key in keys]
    return [
        models.Index(*columns, F("rank").desc(), F("story").desc(), name=f"{name}_rank"),
        models.Index(*columns, F("last_at").desc(), F("story").desc(), name=f"{name}_newest"),
    ]


class StoryCountry(StoryFacet):
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="country_facets")
    country = models.ForeignKey(Country, on_delete=models.CASCADE, related_name="story_facets")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["story", "country"], name="story_country_unique")]
        indexes = facet_indexes("story_country", "country")


class StoryTopic(StoryFacet):
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="topic_facets")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="story_facets")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["story", "topic"], name="story_topic_unique")]
        indexes = facet_indexes("story_topic", "topic")


class StoryEntity(StoryFacet):
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="entity_facets")
    entity = models.ForeignKey(Entity, on_delete=models.CASCADE, related_name="story_facets")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["story", "entity"], name="story_entity_unique")]
        indexes = facet_indexes("story_entity", "entity")


class StoryCountryTopic(StoryFacet):
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="both_facets")
    country = models.ForeignKey(Country, on_delete=models.CASCADE, related_name="+")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["story", "country", "topic"], name="story_both_unique")]
        indexes = facet_indexes("story_both", "country", "topic")
