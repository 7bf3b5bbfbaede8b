"""Made-up events as rows: articles with their tags and words, stories with their facts and lists."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import transaction

from articles.finding import words_of
from articles.models import (
    Article,
    ArticleCountry,
    ArticleEntity,
    ArticleText,
    ArticleTopic,
    FeedItem,
    Source,
    Story,
    StoryCountry,
    StoryCountryTopic,
    StoryEntity,
    StoryTopic,
)
from articles.models.article import place_of
from articles.models.source import CORE
from articles.rank.score import score
from articles.rank.sides import one_sided
from articles.records import StoryFacts
from articles.sample.growth import Event, Report
from articles.store.bulk import Row, Table, moment
from articles.store.search import DAYS, country_mark, day_number, entity_mark, language_mark, outlet_mark, topic_mark
from articles.store.stories import marks

MODELS = (
    Story, Article, ArticleText, FeedItem, ArticleCountry, ArticleTopic, ArticleEntity, StoryCountry, StoryTopic,
    StoryEntity, StoryCountryTopic,
)  # fmt: skip
FETCHED_AFTER = timedelta(minutes=20)


@lru_cache(maxsize=100_000)
def forms(word: str) -> str:
    """A word as it is sought."""
    return " ".join(words_of(word))


class Grower:
    """Collects rows of events and writes them."""

    def __init__(self, *, now: datetime) -> None:
        self.now = now
        self.tables = {model: Table(model, now=now) for model in MODELS}
        self.rows: dict[Any, list[Row]] = {model: [] for model in MODELS}
        self.outlets = {source.pk: source for source in Source.objects.all()}
        self.stories = 0

    @property
    def waiting(self) -> int:
        """Articles that are not written yet."""
        return len(self.rows[Article])

    def write(self) -> int:
        """Write what waits, in one transaction; return how many articles."""
        count = self.waiting
        with transaction.atomic():
            for model, table in self.tables.items():
                table.write(self.rows[model])
                self.rows[model].clear()
        return count

    def put(self, model: Any, **values: Any) -> Row:
        row = self.tables[model].row(**values)
        self.rows[model].append(row)
        return row

    def add(self, event: Event) -> None:
        """One story with its reports."""
        story = self.tables[Story].next
        first = self.tables[Article].next
        facts = self.facts(event)
        ranked = score(facts)
        self.stories += 1
        lead = event.reports[0]
        titles = {report.language: {"title": report.title, "article": first + n} for n, report in
                  reversed(list(enumerate(event.reports)))}  # fmt: skip
        times = {"first_at": moment(facts.first_at), "last_at": moment(facts.last_at)}
        self.put(
            Story, title=lead.title, slug="grown", language=lead.language, titles=json.dumps(titles), lead_id=None,
            side_added_at=moment(facts.last_at), article_count=facts.articles, source_count=facts.sources,
            owner_count=facts.owners, languages=json.dumps(facts.languages), core=facts.core, rank=ranked.rank,
            perspectives=json.dumps(facts.perspectives), ownerships=json.dumps(facts.ownerships),
            marks=json.dumps(marks({report.outlet: self.outlets[report.outlet] for report in event.reports}.values())),
            points=json.dumps([[label, round(value, 2)] for label, value in ranked.points]), one_sided=one_sided(facts),
            **times,
        )  # fmt: skip
        for report in event.reports:
            self.article(event, report, story)
        self.lists(event, story, times["last_at"], ranked.rank)

    def facts(self, event: Event) -> StoryFacts:
        """What the rank is made of."""
        outlets = {report.outlet: self.outlets[report.outlet] for report in event.reports}.values()
        return StoryFacts(
            first_at=event.reports[0].at,
            last_at=event.reports[-1].at,
            articles=len(event.reports),
            copies=0,
            sources=len(outlets),
            owners=len({source.owner for source in outlets}),
            ownerships=dict(Counter(source.ownership for source in outlets)),
            perspectives=dict(Counter(source.perspective for source in outlets)),
            languages=tuple(dict.fromkeys(report.language for report in event.reports)),
            core=any(code in CORE for code in event.countries),
        )

    def article(self, event: Event, report: Report, story: int) -> None:
        """One report with its words and tags."""
        pk = self.tables[Article].next
        at, fetched = moment(report.at), moment(min(report.at + FETCHED_AFTER, self.now))
        self.put(
            Article, source_id=report.outlet, feed_id=report.feed, url=f"https://grown.example/{pk}",
            url_key=f"g{pk}",
            title=report.title, summary=report.summary, digest="", language=report.language, published_at=at,
            fetched_at=fetched, updated_at=fetched, at=at, story_id=story, grouped_at=fetched,
        )  # fmt: skip
        self.put(FeedItem, feed_id=report.feed, key=f"g:{pk}", article_id=pk)
        self.put(ArticleText, article_id=pk, tokens=self.tokens(event, report), place=place_of(report.at, pk))
        tag = {"article_id": pk, "score": 1.0, "why": '["grown"]', "at": at}
        for code in event.countries:
            self.put(ArticleCountry, country_id=code, **tag)
        for topic in event.topics:
            self.put(ArticleTopic, topic_id=topic, **tag)
        for entity in event.entities:
            self.put(ArticleEntity, entity_id=entity, **tag)

    def tokens(self, event: Event, report: Report) -> str:
        day = day_number(report.at)
        found: Sequence[str] = [forms(word) for word in f"{report.title} {report.summary}".split()]
        found = [*found, outlet_mark(report.outlet), language_mark(report.language)]
        found += [f"{name}{day >> bits}" for name, bits in DAYS.items()]
        found += [country_mark(code) for code in event.countries] + [topic_mark(pk) for pk in event.topics]
        return " ".join(found + [entity_mark(pk) for pk in event.entities])

    def lists(self, event: Event, story: int, last_at: Any, rank: float) -> None:
        """The narrow rows of a story."""
        told = {"story_id": story, "last_at": last_at, "rank": rank}
        for code in event.countries:
            self.put(StoryCountry, country_id=code, **told)
            for topic in event.topics:
                self.put(StoryCountryTopic, country_id=code, topic_id=topic, **told)
        for topic in event.topics:
            self.put(StoryTopic, topic_id=topic, **told)
        for entity in event.entities:
            self.put(StoryEntity, entity_id=entity, **told)
