"""Many reports at once, for measuring and for regrouping: the same stream, from the first report to the last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from articles.group.cluster import Grouper
from articles.group.embedding import Embedder
from articles.group.settings import Constraints, GroupSettings
from articles.records import Report


def group_all(
    reports: Sequence[Report],
    settings: GroupSettings | None = None,
    *,
    constraints: Constraints | None = None,
    embedder: Embedder | None = None,
) -> list[int]:
    """Return the number of the story (0, 1, 2 … in order of appearance) of each report, undated ones taken last.

    The same reports give the same stories, in whatever order they are passed.
    """
    grouper = Grouper(settings, constraints=constraints, embedder=embedder)
    order = sorted(range(len(reports)), key=lambda i: (not reports[i].dated, reports[i].at, reports[i].id))
    keys: dict[int, int] = {}
    redirects: dict[int, int] = {}
    for index in order:
        assigned = grouper.add(reports[index])
        keys[index] = assigned.story
        redirects.update((merge.gone, merge.kept) for merge in assigned.merges)
    numbers: dict[int, int] = {}
    return [numbers.setdefault(final(keys[index], redirects), len(numbers)) for index in range(len(reports))]


def final(key: int, redirects: Mapping[int, int]) -> int:
    """Return the story that stands in the end for a key."""
    while key in redirects:
        key = redirects[key]
    return key
