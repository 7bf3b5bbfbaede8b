"""The events of the sample edition come out as they were written."""

from __future__ import annotations

from collections import defaultdict

import pytest

from articles.group import group_all
from articles.story_metrics import bcubed, pairwise
from tests.benchmarks.stories import Labelled, sample_reports

WHOLE = 0.85  # of the events of several reports come out as one story, all of it
PURE = 0.85  # of the stories of several reports hold one event alone
STRAYS = 4  # reports of other events in any story at most


@pytest.fixture(scope="module")
def sample() -> Labelled:
    return sample_reports()


def test_most_events_come_out_as_one_story_and_few_stories_mix_events(sample: Labelled) -> None:
    found = group_all([report for report, _ in sample])
    events: defaultdict[str, set[int]] = defaultdict(set)
    stories: defaultdict[int, list[str]] = defaultdict(list)
    for (report, event), story in zip(sample, found, strict=True):
        stories[story].append(event or f"alone {report.id}")
        if event:
            events[event].add(story)
    several = [told for told in stories.values() if len(told) > 1]
    whole = sum(len(parts) == 1 for parts in events.values()) / len(events)
    pure = sum(len(set(told)) == 1 for told in several) / len(several)
    strays = max(len(told) - max(map(told.count, told)) for told in several)
    assert whole >= WHOLE
    assert pure >= PURE
    assert strays <= STRAYS


def test_the_figures_of_the_sample_hold(sample: Labelled) -> None:
    gold = [event for _, event in sample]
    found = group_all([report for report, _ in sample])
    assert pairwise(gold, found).f1 >= 0.85
    assert pairwise(gold, found, [report.language for report, _ in sample]).f1 >= 0.85
    assert bcubed(gold, found).f1 >= 0.92
