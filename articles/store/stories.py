"""Stories as rows: facts for lists, made again from the reports whenever these change."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.text import slugify

from articles.folding import skeleton
from articles.group.headline import Candidate, choose_headline
from articles.models import (
    Article,
    ArticleCountry,
    ArticleEntity,
    ArticleTopic,
    Source,
    Story,
    StoryCountry,
    StoryCountryTopic,
    StoryEntity,
    StoryTopic,
)
from articles.models.source import CORE, Perspective
from articles.rank.score import score
from articles.rank.sides import one_sided
from articles.records import StoryFacts
from articles.store.changes import note
from articles.store.rows import update_rows
from articles.store.statistics import mark_days

MIN_SHARE = 0.3  # of a story's reports must carry a tag, or the story does not stand on its list
FACETS = 8  # countries, topics or entities of one story at most
STATE = {"state", "state-affiliated"}

Tagged = Mapping[int, list[tuple[Any, float]]]


def refresh_stories(story_ids: Collection[int], *, now: datetime) -> None:
    """Make facts, headline, rank and list rows of these stories again from their reports.

    Runs inside the caller's transaction. A story without any report that may be shown keeps its address and
    leaves every list.
    """
    stories = list(Story.objects.filter(pk__in=story_ids).order_by("pk").select_for_update())
    reports: dict[int, list[Article]] = defaultdict(list)
    shown = Article.objects.filter(story_id__in=story_ids, hidden=False, relevant=True, source__hidden=False)
    for article in shown.select_related("source").order_by("at", "id"):
        if article.story_id is not None:
            reports[article.story_id].append(article)
    ids = [article.pk for articles in reports.values() for article in articles]
    countries = _tags(ArticleCountry.objects.filter(article_id__in=ids), "country_id")
    topics = _tags(ArticleTopic.objects.filter(article_id__in=ids), "topic_id")
    entities = _tags(ArticleEntity.objects.filter(article_id__in=ids), "entity_id")
    left = lists_of(story_ids)
    for model in (StoryCountry, StoryTopic, StoryEntity, StoryCountryTopic):
        model.objects.filter(story_id__in=story_ids).delete()
    rows: dict[type, list[Any]] = defaultdict(list)
    for story in stories:
        articles = reports.get(story.pk, [])
        if not articles or story.merged_into_id:
            story.article_count = story.copy_count = story.source_count = story.owner_count = 0
            continue
        weights = [_shares(tagged, articles) for tagged in (countries, topics, entities)]
        _fill(story, articles, core=any(code in CORE for code in weights[0]), now=now)
        _facets(story, *weights, rows=rows)
    update_rows(stories, FIELDS)
    for facet, made in rows.items():
        facet.objects.bulk_create(made, batch_size=500)  # type: ignore[attr-defined]
    note(left | lists_of(story_ids))
    mark_days(Article.objects.filter(story_id__in=story_ids).order_by().values_list("at", flat=True), now=now)


def lists_of(story_ids: Collection[int]) -> set[str]:
    """The lists on which these stories stand now, as changes.note() names them."""
    found: set[str] = set()
    for model, key in ((StoryCountry, "country"), (StoryTopic, "topic"), (StoryEntity, "entity")):
        values = model.objects.filter(story_id__in=story_ids).order_by().values_list(f"{key}_id", flat=True)
        found.update(f"{key}:{value}" for value in values.distinct())
    return found


FIELDS = [
    "title", "slug", "language", "titles", "lead", "first_at", "last_at", "side_added_at", "article_count",
    "copy_count", "source_count", "owner_count", "languages", "perspectives", "ownerships", "marks", "core",
    "one_sided", "rank", "points",
]  # fmt: skip


def _tags(rows: Any, key: str) -> Tagged:
    found: dict[int, list[tuple[Any, float]]] = defaultdict(list)
    for article_id, value, weight in rows.values_list("article_id", key, "score"):
        found[article_id].append((value, weight))
    return found


def _shares(tagged: Tagged, articles: list[Article]) -> dict[Any, float]:
    """Share of the reports that carry each tag, the largest first, at most FACETS and none below MIN_SHARE."""
    counts: Counter[Any] = Counter()
    for article in articles:
        counts.update({key: 1 for key, _ in tagged.get(article.pk, [])})
    shares = {key: count / len(articles) for key, count in counts.items()}
    best = sorted((key for key in shares if shares[key] >= MIN_SHARE), key=lambda key: (-shares[key], str(key)))
    return {key: round(shares[key], 3) for key in best[:FACETS]}


def _fill(story: Story, articles: list[Article], *, core: bool, now: datetime) -> None:
    outlets: dict[int, Source] = {article.source_id: article.source for article in articles}
    before = set(story.marks) if story.article_count else set()
    story.first_at, story.last_at = articles[0].at, articles[-1].at
    story.article_count = len(articles)
    story.copy_count = sum(article.copy_of_id is not None for article in articles)
    story.source_count = len(outlets)
    story.owner_count = len({source.owner for source in outlets.values()})
    story.languages = [code for code, _ in Counter(a.language for a in articles if a.language).most_common()]
    story.perspectives = _ordered(Counter(source.perspective for source in outlets.values()))
    story.ownerships = dict(Counter(source.ownership for source in outlets.values()).most_common())
    story.marks = marks(outlets.values())
    story.core = core
    if set(story.marks) - before:
        story.side_added_at = now
    _headline(story, articles)
    facts = StoryFacts(
        first_at=story.first_at,
        last_at=story.last_at,
        articles=story.article_count,
        copies=story.copy_count,
        sources=story.source_count,
        owners=story.owner_count,
        ownerships=story.ownerships,
        perspectives=story.perspectives,
        languages=tuple(story.languages),
        core=core,
    )
    result = score(facts)
    story.rank = result.rank
    story.points = [[label, round(value, 2)] for label, value in result.points]
    story.one_sided = one_sided(facts)


def marks(outlets: Iterable[Source]) -> dict[str, list[int]]:
    """Outlets by side, [owned or steered by a state, not], sides in the one order in which they stand everywhere."""
    found: dict[str, list[int]] = {}
    for source in outlets:
        pair = found.setdefault(source.perspective, [0, 0])
        pair[0 if source.ownership in STATE else 1] += 1
    return {side: found[side] for side in Perspective.values if side in found}


def _ordered(counts: Counter[str]) -> dict[str, int]:
    return {side: counts[side] for side in Perspective.values if side in counts}


def _headline(story: Story, articles: list[Article]) -> None:
    """Choose lead and headlines by language; an editor's choice of the lead stays while its report does."""
    candidates = [
        Candidate(
            id=article.pk,
            title=article.title,
            summary=article.summary,
            language=article.language,
            at=article.at,
            ownership=article.source.ownership,
            kind=article.source.kind,
            copy=article.copy_of_id is not None,
        )
        for article in articles
    ]
    chosen = choose_headline(candidates)
    by_id = {article.pk: article for article in articles}
    lead = by_id[chosen.lead]
    if story.lead_chosen and story.lead_id in by_id:
        lead = by_id[story.lead_id]
    story.lead = lead
    story.title = lead.title or lead.summary[:200] or lead.url
    story.language = lead.language
    story.titles = {
        language: {"title": by_id[pk].title[:500], "article": pk} for language, pk in chosen.by_language.items()
    }
    if not story.slug:  # the address stays what it was when the story began
        story.slug = slug_of(story.title)


def slug_of(title: str) -> str:
    """A readable end of the address, in Latin letters whatever the script."""
    plain = slugify(title) if title.isascii() else slugify(skeleton(title))
    return plain[:60].rstrip("-") or "story"


def _facets(
    story: Story,
    countries: dict[Any, float],
    topics: dict[Any, float],
    entities: dict[Any, float],
    *,
    rows: dict[type, list[Any]],
) -> None:
    copied: dict[str, Any] = {"story": story, "last_at": story.last_at, "rank": story.rank}
    for code, weight in countries.items():
        rows[StoryCountry].append(StoryCountry(country_id=code, weight=weight, **copied))
        for topic, other in topics.items():
            rows[StoryCountryTopic].append(
                StoryCountryTopic(country_id=code, topic_id=topic, weight=min(weight, other), **copied)
            )
    rows[StoryTopic] += [StoryTopic(topic_id=key, weight=weight, **copied) for key, weight in topics.items()]
    rows[StoryEntity] += [StoryEntity(entity_id=key, weight=weight, **copied) for key, weight in entities.items()]
