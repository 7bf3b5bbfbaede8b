"""What the grouper is told: thresholds, and what editors decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class GroupSettings:
    """Scores are log-odds as weights.json gives them: 0 is "as likely as not"."""

    window: timedelta = timedelta(days=7)  # older reports take no newcomers
    join: float = 0.4  # mean score with the reports of a story from which a newcomer joins it
    merge: float = -0.6  # mean score of the pairs between two stories from which they become one
    growth: float = 0.15  # asked in addition for each doubling of a story
    near: float = -0.5  # pair score from which two stories are looked at as a pair
    max_reports: int = 150  # of one story, copies apart; past it the next report opens another
    max_source_reports: int = 12  # of one outlet in one story: templates (exchange rates, weather) end here


@dataclass(frozen=True, slots=True)
class Constraints:
    """Editors' decisions, which stand above every score. Stories are named by their keys, reports by their ids."""

    locked: frozenset[int] = frozenset()  # stories that take no newcomer and are not merged
    held: frozenset[int] = frozenset()  # stories about which an editor decided something: they may grow, not end
    fixed: Mapping[int, int] = field(default_factory=dict)  # report → the story that an editor put it into
    never_merge: frozenset[tuple[int, int]] = frozenset()  # (story, story) that an editor split, in either order


@dataclass(frozen=True, slots=True)
class Merge:
    """Two stories that turned out to be one: ``gone`` redirects to ``kept``, the older of them or the held one."""

    kept: int
    gone: int
    score: float


@dataclass(frozen=True, slots=True)
class Assignment:
    """Where a report belongs, why, and which stories became one through it."""

    report: int
    story: int  # key of the story; negative for a new one until Grouper.rename gives it its id
    new: bool
    joined: int | None = None  # the report of the story that it is most like
    copy_of: int | None = None  # the earliest report with the same text
    score: float = 0.0  # mean log-odds with the reports of the story
    why: tuple[str, ...] = ()  # shared words, rarest first; or "same text", "editor"
    merges: tuple[Merge, ...] = ()  # in order; a new story that was merged at once is not named
