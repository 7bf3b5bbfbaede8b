"""The nouns: rows, their constraints and their queries. No network, queue or parsing here."""

from articles.models.article import (
    Article,
    ArticleCountry,
    ArticleEntity,
    ArticleRevision,
    ArticleText,
    ArticleTopic,
    FeedItem,
    ManualTag,
)
from articles.models.catalogue import CatalogueRemoval
from articles.models.changes import ListChange
from articles.models.decision import Decision
from articles.models.hub import HubRequest, HubSubscription, HubTopic
from articles.models.job import Job
from articles.models.lease import Lease
from articles.models.lexicon import Country, Entity, EntityName, Term, Topic
from articles.models.offer import Offer
from articles.models.source import Feed, FetchEvent, Source, SourceLabel
from articles.models.statistics import ChangedDay, DailyCount, StoryDay
from articles.models.story import Apart, Story, StoryCountry, StoryCountryTopic, StoryEntity, StoryTopic
from articles.models.suggestion import Suggestion

__all__ = [
    "Apart",
    "Article",
    "ArticleCountry",
    "ArticleEntity",
    "ArticleRevision",
    "ArticleText",
    "ArticleTopic",
    "CatalogueRemoval",
    "ChangedDay",
    "Country",
    "DailyCount",
    "Decision",
    "Entity",
    "EntityName",
    "Feed",
    "FeedItem",
    "FetchEvent",
    "HubRequest",
    "HubSubscription",
    "HubTopic",
    "Job",
    "Lease",
    "ListChange",
    "ManualTag",
    "Offer",
    "Source",
    "SourceLabel",
    "Story",
    "StoryCountry",
    "StoryCountryTopic",
    "StoryDay",
    "StoryEntity",
    "StoryTopic",
    "Suggestion",
    "Term",
    "Topic",
]
