"""Many reports at once, for measuring and for regrouping: the same stream, from the first report to the last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from articles.group.cluster import Grouper
from articles.group.settings import Constraints, GroupSettings
from articles.records import Report

MERGE_EVERY = 100  # reports between two rounds of merging, as in a batch of news
MERGE_AFTER = timedelta(hours=3)  # of silence, which ends a batch as well


def group_all(
    reports: Sequence[Report], settings: GroupSettings | None = None, *, constraints: Constraints | None = None
) -> list[int]:
    """Return the number of the story (0, 1, 2 … in order of appearance) of each report, undated ones taken last.

    The same reports give the same stories, in whatever order they are passed.
    """
    grouper = Grouper(settings, constraints=constraints)
    order = sorted(range(len(reports)), key=lambda i: (not reports[i].dated, reports[i].at, reports[i].id))
    keys: dict[int, int] = {}
    redirects: dict[int, int] = {}
    for count, index in enumerate(order):
        if count and (count % MERGE_EVERY == 0 or reports[index].at - reports[order[count - 1]].at >= MERGE_AFTER):
            redirects.update((merge.gone, merge.kept) for merge in grouper.merges())
        keys[index] = grouper.add(reports[index]).story
    redirects.update((merge.gone, merge.kept) for merge in grouper.merges())
    numbers: dict[int, int] = {}
    return [numbers.setdefault(_final(keys[index], redirects), len(numbers)) for index in range(len(reports))]


def _final(key: int, redirects: dict[int, int]) -> int:
    while key in redirects:
        key = redirects[key]
    return key
