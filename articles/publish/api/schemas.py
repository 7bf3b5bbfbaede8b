"""The shapes of the API's answers; the description at openapi.json is made from these."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Field, Schema


class SourceRef(Schema):
    """The outlet of a report."""

    slug: str
    name: str
    owner: str = Field(description="shared by all outlets of one owner")
    ownership: str
    perspective: str


class CountryTag(Schema):
    code: str = Field(description="ISO 3166 alpha-2")
    score: float
    manual: bool = Field(description="set by an editor")
    why: list[str] = Field(description="matched words, or the name of the rule")


class TopicTag(Schema):
    slug: str
    score: float
    manual: bool
    why: list[str]


class EntityTag(Schema):
    slug: str
    type: str


class ArticleOut(Schema):
    """One report of one outlet."""

    id: int
    url: str = Field(description="the outlet's address; empty when its feed gave none")
    title: str
    summary: str = Field(description="plain text, cut to a few hundred characters")
    language: str = Field(description="ISO 639-1, empty when not known")
    published_at: datetime | None = Field(description="as the outlet says")
    fetched_at: datetime
    updated_at: datetime
    relevant: bool
    source: SourceRef
    feed_url: str | None = Field(description="as first given; passwords and keys are masked")
    feed_current_url: str | None = Field(description="after permanent moves")
    countries: list[CountryTag]
    topics: list[TopicTag]
    entities: list[EntityTag]
    story_id: int | None
    sample: bool = Field(description="invented, of the sample edition")


class StoryOut(Schema):
    """One event."""

    id: int
    url: str
    title: str
    first_published_at: datetime
    last_published_at: datetime
    article_count: int
    source_count: int
    languages: list[str]
    perspectives: dict[str, int] = Field(description="outlets by side")
    ownerships: dict[str, int] = Field(description="outlets by kind of owner")
    countries: list[str]
    topics: list[str]
    entities: list[str]
    score: float = Field(description="its rank; grows with the time of the last report")
    lead_article_id: int | None
    merged_into: int | None


class StoryDetail(StoryOut):
    articles: list[ArticleOut]


class LabelOut(Schema):
    name: str
    basis: str = Field(description="source of the label")
    as_of: date
    verified: bool


class SourceOut(Schema):
    """An outlet."""

    slug: str
    name: str
    url: str = Field(description="ours")
    homepage: str
    owner: str
    ownership: str
    perspective: str
    kind: str
    base_country: str
    headline_only: bool
    labels: list[LabelOut]
    feeds: list[str]


class CountryOut(Schema):
    code: str
    slug: str
    name: str
    names: dict[str, str]
    tier: str
    url: str


class TopicOut(Schema):
    slug: str
    name: str
    names: dict[str, str]
    description: str
    url: str


class EntityOut(Schema):
    slug: str
    name: str
    names: dict[str, str]
    type: str
    countries: list[str]
    topics: list[str]
    url: str


class FeedOut(Schema):
    """An address at which an outlet publishes, and how reading it goes."""

    url: str
    current_url: str
    source: str
    outcome: str
    status: int = Field(description="HTTP status of the last answer, 0 when there was none")
    message: str
    last_fetched_at: datetime | None
    next_fetch_at: datetime
    articles: int


class StatRow(Schema):
    """The last four are null in rows by side or language."""

    day: date
    key: str = Field(description="ISO2 of a country, slug of a topic, entity or outlet, side, or language")
    articles: int
    stories: int | None = Field(None, description="stories with a report of this day")
    state: int | None = Field(None, description="articles of outlets that a state owns or steers")
    languages: dict[str, int] | None = Field(None, description="articles by language")
    perspectives: dict[str, int] | None = Field(None, description="articles by side of their outlets")


class Articles(Schema):
    next: str | None
    items: list[ArticleOut]


class Stories(Schema):
    next: str | None
    items: list[StoryOut]


class Sources(Schema):
    next: str | None
    items: list[SourceOut]


class Countries(Schema):
    next: str | None
    items: list[CountryOut]


class Topics(Schema):
    next: str | None
    items: list[TopicOut]


class Entities(Schema):
    next: str | None
    items: list[EntityOut]


class Feeds(Schema):
    next: str | None
    items: list[FeedOut]


class Stats(Schema):
    by: str
    since: date
    until: date
    items: list[StatRow]


class Problem(Schema):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
