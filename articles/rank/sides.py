"""Who reports a story, who does not, and whether we can know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from articles.rank.score import STATE
from articles.records import StoryFacts

EXPECTED = 1.0  # reports of a group that a story of this size has on usual days, from which silence is worth a word
ANSWERED = 0.5  # share of a group's feeds that must have answered before we say that it is silent
INSIDE = frozenset({"kz", "kg", "tj", "tm", "uz"})  # sides of outlets in the five countries
ENOUGH = 2  # outlets and owners from which a story can be called one-sided

Verdict = Literal["not seen", "not known"]


@dataclass(frozen=True, slots=True)
class Group:
    """A kind of owner or a side, in one story and in general, all for the time of the story."""

    name: str
    reports: int  # in the story, copies counted once
    usual: float  # its share of all relevant reports on the story's countries on usual days, 0 to 1
    feeds: int  # enabled feeds of the group
    answered: int  # of them, those that answered between the first report and now


@dataclass(frozen=True, slots=True)
class Missing:
    """A group that would usually be in a story like this: "not seen in our feeds", or "not known"."""

    name: str
    verdict: Verdict
    expected: float  # reports


def missing_groups(groups: Iterable[Group]) -> tuple[Missing, ...]:
    """Return the groups that are absent although a story of this size usually has them, the most expected first."""
    groups = list(groups)
    size = sum(group.reports for group in groups)
    absent = [group for group in groups if not group.reports and group.usual * size >= EXPECTED]
    absent.sort(key=lambda group: (-group.usual, group.name))
    return tuple(Missing(group.name, _verdict(group), group.usual * size) for group in absent)


def _verdict(group: Group) -> Verdict:
    return "not seen" if group.feeds > 0 and group.answered >= ANSWERED * group.feeds else "not known"


def one_sided(facts: StoryFacts) -> str:
    """Return in which way a story is one-sided: "state-only", "exile-only", "outside-only" (no outlet of the five
    countries), or "" for several sides or too few outlets to say."""
    total = sum(facts.ownerships.values())
    if total < ENOUGH or facts.owners < ENOUGH:
        return ""
    if sum(count for kind, count in facts.ownerships.items() if kind in STATE) == total:
        return "state-only"
    if facts.ownerships.get("exile", 0) == total:
        return "exile-only"
    if facts.core and facts.perspectives and INSIDE.isdisjoint(facts.perspectives):
        return "outside-only"
    return ""
