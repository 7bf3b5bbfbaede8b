"""Whatever is deleted, every list is right afterwards."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db.models import Model

from articles.grouping import group_new
from articles.models import Article, Source, Story, StoryCountry, StoryCountryTopic, StoryEntity, StoryTopic
from articles.store.stories import refresh_stories
from tests.stories.conftest import NOW, MakeArticle, MakeStory

FACTS = (
    "title", "lead", "first_at", "last_at", "article_count", "copy_count", "source_count", "owner_count", "languages",
    "perspectives", "ownerships", "marks", "core", "one_sided", "rank", "points",
)  # fmt: skip
FACETS = (StoryCountry, StoryTopic, StoryEntity, StoryCountryTopic)


def lists() -> list[object]:
    """All facts of stories and all rows of lists."""
    facets = [sorted(facet.objects.values_list("story", "weight", "last_at", "rank"), key=str) for facet in FACETS]
    return [list(Story.objects.order_by("pk").values_list("pk", *FACTS)), facets]


Delete = Callable[[list[Article]], object]
DELETIONS: dict[str, Delete] = {
    "one report": lambda reports: reports[0].delete(),
    "several reports": lambda reports: Article.objects.filter(pk__in=[r.pk for r in reports[:3]]).delete(),
    "all reports": lambda _: Article.objects.all().delete(),
    "an outlet": lambda reports: reports[0].source.delete(),
    "several outlets": lambda reports: Source.objects.filter(pk__in=[r.source_id for r in reports[:2]]).delete(),
    "a story": lambda reports: Story.objects.get(articles=reports[0]).delete(),
}


@pytest.mark.parametrize("what", DELETIONS)
def test_deleting_leaves_every_list_as_if_it_were_made_anew(
    what: str, make_article: MakeArticle, make_story: MakeStory
) -> None:
    reports = [make_article(f"Earthquake in Murghab, report {n}") for n in range(8)]
    wire = make_article("The wire says it")
    copies = [make_article("The wire says it", copy_of=wire) for _ in range(2)]
    make_story(*reports)
    make_story(wire, *copies)
    DELETIONS[what](reports)
    found = lists()
    refresh_stories(list(Story.objects.values_list("pk", flat=True)), now=NOW)
    assert lists() == found
    for facet in FACETS:
        listed: type[Model] = facet
        assert not listed._default_manager.exclude(story__article_count__gt=0).exists()


def test_when_an_original_goes_the_earliest_copy_takes_its_place(
    make_article: MakeArticle, make_story: MakeStory
) -> None:
    wire = make_article("The wire says it")
    first, second = (make_article("The wire says it", copy_of=wire) for _ in range(2))
    story = make_story(wire, first, second)
    wire.delete()
    assert list(Article.objects.order_by("pk").values_list("pk", "copy_of")) == [
        (first.pk, None),
        (second.pk, first.pk),
    ]
    story.refresh_from_db()
    assert (story.article_count, story.copy_count, story.lead_id) == (2, 1, first.pk)


def test_reports_of_a_deleted_story_are_grouped_again(make_article: MakeArticle, make_story: MakeStory) -> None:
    reports = [make_article("Earthquake of magnitude 5.8 shakes Murghab in eastern Tajikistan") for _ in range(3)]
    make_story(*reports).delete()
    assert group_new() == 3
    assert Story.objects.published().get().article_count == 3
