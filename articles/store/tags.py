"""Tags become rows; an editor's word is applied last, so machine results can be made again at any time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils import timezone

from articles.models import Article, ArticleCountry, ArticleEntity, ArticleTopic, ManualTag
from articles.records import Tag, Tags
from articles.store.changes import note
from articles.store.search import country_mark, entity_mark, index_articles, topic_mark
from articles.store.statistics import mark_days

MANUAL = ("an editor",)


@dataclass(frozen=True, slots=True)
class TagRows:
    """Which countries, topics and entities have rows, and their ids."""

    countries: frozenset[str]
    topics: Mapping[str, int]
    entities: Mapping[str, int]
    moved: Mapping[str, str] = field(default_factory=dict)  # keys of topics that another one stands for now


def replace_tags(
    articles: Sequence[Article], tags: Mapping[int, Tags], rows: TagRows, *, fresh: Collection[int] = ()
) -> None:
    """Give these articles the tags of the machine, then what editors decided; ``fresh``: ids that have none yet.

    Runs inside the caller's transaction. Language and relevance set by an editor are put back on the article too.
    """
    old = [article.pk for article in articles if article.pk not in set(fresh)]
    decided: dict[int, list[ManualTag]] = defaultdict(list)
    if old:
        for model in (ArticleCountry, ArticleTopic, ArticleEntity):
            model.objects.filter(article_id__in=old).delete()
        for word in ManualTag.objects.filter(article_id__in=old):
            decided[word.article_id].append(word)
    countries: list[ArticleCountry] = []
    topics: list[ArticleTopic] = []
    entities: list[ArticleEntity] = []
    for article in articles:
        found, manual = tags[article.pk], decided[article.pk]
        for tag, by_hand in _final(found.countries, manual, ManualTag.Kind.COUNTRY):
            if tag.key in rows.countries:
                countries.append(ArticleCountry(country_id=tag.key, **_fields(article, tag, by_hand)))
        for tag, by_hand in _final(_standing(found.topics, rows), manual, ManualTag.Kind.TOPIC, rows.moved):
            if tag.key in rows.topics:
                topics.append(ArticleTopic(topic_id=rows.topics[tag.key], **_fields(article, tag, by_hand)))
        for tag, by_hand in _final(found.entities, manual, ManualTag.Kind.ENTITY):
            if tag.key in rows.entities:
                entities.append(ArticleEntity(entity_id=rows.entities[tag.key], **_fields(article, tag, by_hand)))
        _put_back(article, manual)
    ArticleCountry.objects.bulk_create(countries, batch_size=500)
    ArticleTopic.objects.bulk_create(topics, batch_size=500)
    ArticleEntity.objects.bulk_create(entities, batch_size=500)
    index_articles(articles, marks(countries, topics, entities))
    note(f"source:{article.source_id}" for article in articles)
    mark_days((article.at for article in articles), now=timezone.now())


def marks(
    countries: Iterable[ArticleCountry], topics: Iterable[ArticleTopic], entities: Iterable[ArticleEntity]
) -> dict[int, list[str]]:
    """What the search index is told of these tags, by article."""
    found: dict[int, list[str]] = defaultdict(list)
    for place in countries:
        found[place.article_id].append(country_mark(place.country_id))
    for topic in topics:
        found[topic.article_id].append(topic_mark(topic.topic_id))
    for entity in entities:
        found[entity.article_id].append(entity_mark(entity.entity_id))
    return found


def _standing(found: Iterable[Tag], rows: TagRows) -> list[Tag]:
    """Topics under the keys that stand now, the surest of those that became one."""
    best: dict[str, Tag] = {}
    for tag in found:
        key = rows.moved.get(tag.key, tag.key)
        if key not in best or tag.score > best[key].score:
            best[key] = replace(tag, key=key)
    return list(best.values())


def _final(
    found: Iterable[Tag], manual: list[ManualTag], kind: ManualTag.Kind, moved: Mapping[str, str] | None = None
) -> list[tuple[Tag, bool]]:
    """The machine's tags without those that an editor took away, and those that an editor set."""
    words = {(moved or {}).get(m.key, m.key): m.present for m in manual if m.kind == kind}
    kept = [(tag, tag.key in words) for tag in found if words.get(tag.key, True)]
    have = {tag.key for tag, _ in kept}
    return kept + [(Tag(key, 1.0, MANUAL), True) for key, present in words.items() if present and key not in have]


def _fields(article: Article, tag: Tag, by_hand: bool) -> dict[str, object]:
    why = [word[:200] for word in tag.why[:12]]
    return {"article": article, "score": round(tag.score, 3), "why": why, "manual": by_hand, "at": article.at}


def _put_back(article: Article, manual: list[ManualTag]) -> None:
    changed = []
    for word in manual:
        if word.kind == ManualTag.Kind.LANGUAGE and word.present:
            article.language = word.key
            changed.append("language")
        elif word.kind == ManualTag.Kind.RELEVANT:
            article.relevant, article.relevance_why = word.present, list(MANUAL)
            changed += ["relevant", "relevance_why"]
    if changed:
        article.save(update_fields=changed)
