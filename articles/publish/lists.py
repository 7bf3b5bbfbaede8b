"""One place that turns filters into rows: pages, feeds and the API all read their lists here.

``ListQuery.read(GET, **fixed)`` checks names and values (BadQuery says what is wrong); ``stories(query)`` and
``articles(query)`` give querysets that one index serves; ``page(found, query)`` cuts a page by key, so that paging is
stable while news arrives and nothing is counted.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet

from articles.models import (
    Article,
    ArticleCountry,
    ArticleEntity,
    ArticleTopic,
    Story,
    StoryCountry,
    StoryEntity,
    StoryTopic,
)
from articles.models.article import ArticleQuerySet
from articles.models.story import StoryQuerySet
from articles.publish import searched
from articles.publish.paging import Page
from articles.publish.paging import read_cursor as _read_cursor
from articles.publish.paging import write_cursor as _cursor
from articles.publish.query import MAX_LIMIT, PAGE, BadQuery, ListQuery, of_day
from articles.store.statistics import bounds

__all__ = ["MAX_LIMIT", "PAGE", "BadQuery", "ListQuery", "Page", "articles", "of_day", "page", "stories"]

ARTICLE_FILTERS = {
    "source": "source__slug", "language": "language__in", "perspective": "source__perspective__in",
    "ownership": "source__ownership__in", "owner": "source__owner", "story": "story_id",
}  # fmt: skip
TAGS: dict[str, tuple[Any, str, str]] = {
    "country": (ArticleCountry, "country_id", "country_tags"), "topic": (ArticleTopic, "topic__slug", "topic_tags"),
    "entity": (ArticleEntity, "entity__slug", "entity_tags"),
}  # fmt: skip
FACETS: dict[str, tuple[Any, str]] = {
    "country": (StoryCountry, "country_id"), "topic": (StoryTopic, "topic__slug"),
    "entity": (StoryEntity, "entity__slug"),
}  # fmt: skip
LISTED = {"rank": "list_rank", "last_at": "list_at"}
Row = TypeVar("Row", bound=Model)


def stories(query: ListQuery) -> StoryQuerySet:
    """Stories of a list, not yet in order; ``page`` (or order_by on ``list_rank``, ``list_at``, ``list_id``) does that.

    One narrow row serves the order of the first of country, topic, entity; what else narrows is looked up by key.
    """
    found = Story.objects.published()
    by_reports = searched.serves(Story, query)
    facet, row = ("", {}) if by_reports else _narrow_row(query)
    found = found.filter(**row)
    named = query.country or query.topic or query.entity or query.source or query.feed_url or query.q or query.story
    if not (named or query.beyond):
        found = found.filter(core=True)
    for name, (model, path) in FACETS.items():
        value = getattr(query, name)
        if value and not by_reports and not any(key.endswith(path) for key in row):
            rows = model.objects.filter(story_id=OuterRef("pk"), **{f"{path}__in": value.split()})
            found = found.filter(Exists(rows))
    on = f"{facet}__" if facet else ""
    found = found.annotate(
        list_rank=F(f"{on}rank"),
        list_at=F("last_at" if query.day else f"{on}last_at"),
        list_id=F(f"{on}story_id" if facet else "pk"),
    )
    return _narrow(found, query, by_reports=by_reports)


def told_in(found: StoryQuerySet, languages: str) -> StoryQuerySet:
    """Those with a report in one of these languages; all where none is named.

    For lists in the order of the stories themselves; ``page`` finds them by the newest such report instead.
    """
    if not languages:
        return found
    told = Article.objects.published().filter(story_id=OuterRef("pk"), language__in=languages.split())
    return found.filter(Exists(told))


def _narrow_row(query: ListQuery) -> tuple[str, dict[str, Any]]:
    """Which narrow rows hold the order of this list ("": the stories themselves), and which of them are its own.

    A list of several countries or topics has none: a story would stand in it once for each.
    """
    if query.day:
        return "days", {"days__day": query.day}
    place = query.country if " " not in query.country else ""
    subject = query.topic if " " not in query.topic else ""
    if place and subject:
        return "both_facets", {"both_facets__country_id": place, "both_facets__topic__slug": subject}
    if place:
        return "country_facets", {"country_facets__country_id": place}
    if subject:
        return "topic_facets", {"topic_facets__topic__slug": subject}
    if query.entity and not (query.country or query.topic):
        return "entity_facets", {"entity_facets__entity__slug": query.entity}
    return "", {}


def _narrow(found: StoryQuerySet, query: ListQuery, *, by_reports: bool) -> StoryQuerySet:
    """The filters on the row of a story; ``by_reports``: time and feed are those of the reports that are sought."""
    if query.story:
        found = found.filter(pk=query.story)
    if query.one_sided:
        found = found.exclude(one_sided="")
    if by_reports:
        return found
    if query.feed_url:
        found = found.filter(pk__in=Article.objects.published().filter(feed__url=query.feed_url).values("story_id"))
    if query.since:
        found = found.filter(Q(list_at__gte=query.since))
    if query.until:
        found = found.filter(first_at__lt=query.until)
    return found


def articles(query: ListQuery) -> ArticleQuerySet:
    """Articles of a list, only of outlets that are shown."""
    found = Article.objects.shown()
    if query.relevant != "any":
        found = found.filter(relevant=query.relevant == "true")
    alone = not searched.serves(Article, query)
    for name, (model, path, tags) in TAGS.items():
        value = getattr(query, name)
        if value and alone:  # the rows of the tag hold the order
            found = found.filter(**{f"{tags}__{path}": value})
        elif value:
            rows = model.objects.filter(article_id=OuterRef("pk"), **{f"{path}__in": value.split()})
            found = found.filter(Exists(rows))
    tags = next((tags for name, (_, _, tags) in TAGS.items() if getattr(query, name) and alone), "")
    found = found.annotate(
        list_at=F(f"{tags}__at" if tags else "at"), list_id=F(f"{tags}__article_id" if tags else "pk")
    )
    for name, path in ARTICLE_FILTERS.items():
        if value := getattr(query, name):
            found = found.filter(**{path: value.split() if path.endswith("__in") else value})
    if query.feed_url:
        found = found.filter(Q(feed__url=query.feed_url) | Q(items__feed__url=query.feed_url)).distinct()
    if query.day:
        start, end = bounds(query.day)
        found = found.filter(at__gte=start, at__lt=end)
    if query.since:
        found = found.filter(Q(list_at__gte=query.since))
    if query.until:
        found = found.filter(Q(list_at__lt=query.until))
    return found


def page(found: QuerySet[Row], query: ListQuery) -> Page[Row]:
    """Cut one page by key: (rank or time, id). Raises BadQuery for a cursor that was changed or is from elsewhere."""
    if searched.serves(found.model, query):
        return searched.page(found, query)
    key, column, last = _key(found, query)
    if query.cursor:
        value, pk = _read_cursor(query.cursor, key)
        after = Q(**{f"{column}__lt": value}) | Q(**{f"{last}__lt": pk})
        found = found.filter(Q(**{f"{column}__lte": value}), after)  # the first is what an index can begin at
    return _cut(list(found.order_by(f"-{column}", f"-{last}")[: query.limit + 1]), query, key, column)


def opening(
    found: QuerySet[Any], query: ListQuery, *, leading: int, since: datetime
) -> tuple[list[Story], Page[Story]]:
    """The first page of a list of stories and what leads it since a time, the best first: both in one query."""
    key, column, last = _key(found, query)
    newest = found.order_by(f"-{column}", f"-{last}").values("pk")[: query.limit + 1]
    best = found.filter(list_at__gte=since).order_by("-list_rank", "-list_id").values("pk")[:leading]
    both = either(Story.objects.select_related("lead__source"), Q(pk__in=newest), Q(pk__in=best))
    shown = sorted(both, key=lambda story: (getattr(story, key), story.pk), reverse=True)
    ranked = sorted(shown, key=lambda story: (story.rank, story.pk), reverse=True)
    return (
        [story for story in ranked if story.last_at >= since][:leading],
        _cut(shown[: query.limit + 1], query, key, key),
    )


def either(found: StoryQuerySet, *conditions: Q) -> list[Story]:
    """Rows for which any of the conditions holds, each once, in no order: several questions put as one.

    PostgreSQL answers an OR of them by reading every story, and each alone by an index.
    """
    first, *others = [found.filter(condition).order_by() for condition in conditions]
    rows = first.union(*others, all=True)
    return list({story.pk: story for story in rows}.values())


def _key(found: QuerySet[Any], query: ListQuery) -> tuple[str, str, str]:
    """The name of the order, its column, and the column that tells equal ones apart."""
    if found.model is Article:
        return "at", "list_at", "list_id"
    key = "rank" if query.sort == "rank" else "last_at"
    return key, LISTED[key], "list_id"


def _cut(rows: list[Row], query: ListQuery, key: str, column: str) -> Page[Row]:
    """At most ``limit`` of the rows in their order; one more says that the list goes on."""
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    return Page(rows, _cursor(key, getattr(rows[-1], column), rows[-1].pk) if more else "")
