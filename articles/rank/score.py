"""The ranking formula. It knows no "now": time adds to the rank of what is new, so an order once stored stays right.

rank = points + hours from EPOCH to the last report / HOURS_PER_POINT

A point is worth HOURS_PER_POINT hours: of two stories the one with n points more stands higher until it is n times as
many hours older. Distinct owners count, not articles; state outlets count as at most STATE_OUTLETS, because their wires
repeat each other; a story whose reports never end stops getting younger FRESH_HOURS after its first report.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from articles.records import StoryFacts

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
HOURS_PER_POINT = 3.0
FRESH_HOURS = 72.0
STATE = frozenset({"state", "state-affiliated"})
STATE_OUTLETS = 2  # in all, of those that states own or steer
COPIES = 3  # reports that carry another one's text, at most
OWNERS = 3.0  # points for each doubling of the owners
FURTHER = {"ownerships": 1.5, "perspectives": 1.0, "languages": 0.5}  # points for each further one
MOST_FURTHER = 4  # of each
COPY, OUTSIDE = 0.2, -6.0  # points for a copy, and for a story that is about none of the five


@dataclass(frozen=True, slots=True)
class Score:
    """The parts, their sum, and the number to sort by (higher is further up)."""

    points: tuple[tuple[str, float], ...]  # (what was counted, what it is worth), as named in score()
    base: float
    rank: float


def score(facts: StoryFacts) -> Score:
    """Score a story. Depends on nothing but the facts: no clock, no other story."""
    owners = counted_owners(facts)
    points = [("owners", OWNERS * math.log2(1 + owners))]
    counts = {
        "ownerships": len(facts.ownerships),
        "perspectives": len(facts.perspectives),
        "languages": len(facts.languages),
    }
    points += [(label, each * min(max(counts[label] - 1, 0), MOST_FURTHER)) for label, each in FURTHER.items()]
    points.append(("copies", COPY * min(facts.copies, COPIES)))
    if not facts.core:
        points.append(("outside", OUTSIDE))
    base = math.fsum(value for _, value in points)
    fresh_until = min(max(facts.last_at, facts.first_at), facts.first_at + timedelta(hours=FRESH_HOURS))
    return Score(tuple(points), base, base + (fresh_until - EPOCH).total_seconds() / 3600 / HOURS_PER_POINT)


def counted_owners(facts: StoryFacts) -> int:
    """Return how many owners count, state outlets as STATE_OUTLETS at most; at least one in a story with an owner."""
    state = sum(count for kind, count in facts.ownerships.items() if kind in STATE)
    others = sum(facts.ownerships.values()) - state
    counted = min(state, STATE_OUTLETS) + others if facts.ownerships else facts.owners
    return min(facts.owners, counted)
