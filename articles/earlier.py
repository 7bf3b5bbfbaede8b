"""An old story's follow-up is linked to it, not merged: the verdict to the arrest, the opening to the agreement."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta

from articles.group.concepts import shipped
from articles.group.features import Item, entity_feature, item
from articles.group.similarity import Comparer
from articles.group.window import Window
from articles.models import Article, Story, StoryEntity
from articles.reports import make_reports
from articles.store.rows import update_rows

YOUNG = 8  # reports: an older story has had its chances
OUTLETS = 2  # from which a story is looked at; most stay at one report
BETWEEN = timedelta(hours=12)  # from the last report of the one to the first of the other
BACK = timedelta(days=90)  # before the first report
ENTITIES = 3  # the rarest of a story lead to the candidates
CANDIDATES = 30  # stories of each of them, the latest first
ENOUGH = 4.0  # of Comparer.one_matter; another matter at the same place reaches 3, an agreement and its ratification 6


def link_earlier(story_ids: Collection[int], window: Window) -> None:
    """Link young stories that have no earlier one yet to the older story that is most about the same matter."""
    young = Story.objects.published().filter(
        pk__in=story_ids, earlier=None, source_count__gte=OUTLETS, article_count__lte=YOUNG, lead__isnull=False
    )
    stories = list(young.order_by("pk"))
    if not stories:
        return
    candidates = {story.pk: _candidates(story, window) for story in stories}
    leads = dict(
        Story.objects.published()
        .filter(pk__in={pk for found in candidates.values() for pk in found}, lead__isnull=False)
        .values_list("pk", "lead_id")
    )
    items = _items({*leads.values(), *(story.lead_id for story in stories)})
    linked = []
    for story in stories:
        ours = items.get(story.lead_id or 0)
        best = ours and _best(ours, {pk: items.get(leads.get(pk) or 0) for pk in candidates[story.pk]}, window)
        if best:
            story.earlier_id = best
            linked.append(story)
    update_rows(linked, ["earlier"])


def _candidates(story: Story, window: Window) -> list[int]:
    """Older stories that share one of its rarest entities, the latest first."""
    weights = window.weights()
    facets = StoryEntity.objects.filter(story=story).values_list("entity_id", "entity__slug")
    rarest = sorted(facets, key=lambda row: (-weights[entity_feature(row[1])], row[0]))[:ENTITIES]
    found: dict[int, None] = {}
    for entity_id, _ in rarest:
        older = StoryEntity.objects.filter(
            entity_id=entity_id, last_at__lt=story.first_at - BETWEEN, last_at__gte=story.first_at - BACK
        )
        rows = older.order_by("-last_at", "-story_id").values_list("story_id", flat=True)[:CANDIDATES]
        found.update(dict.fromkeys(rows))
    return list(found)


def _items(article_ids: Iterable[int | None]) -> dict[int, Item]:
    articles = Article.objects.filter(pk__in=[pk for pk in article_ids if pk]).select_related("source", "body")
    return {article.pk: item(report, shipped()) for report, article in make_reports(list(articles))}


def _best(ours: Item, theirs: Mapping[int, Item | None], window: Window) -> int | None:
    comparer = Comparer(ours, window)
    scores = {pk: comparer.one_matter(other) for pk, other in theirs.items() if other is not None}
    best = max(scores, key=lambda pk: (scores[pk], pk), default=None)
    return best if best is not None and scores[best] >= ENOUGH else None
