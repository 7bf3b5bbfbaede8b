"""Small bar charts as numbers for inline SVG; the policy of the site allows no style and no script inside a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 10, 100  # of the place of one bar, in units of the drawing


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart that stands on the ground."""

    x: int
    y: float
    height: float
    label: str
    value: int
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars side by side."""

    bars: list[Bar]
    width: int
    most: int
    first: str
    last: str


def chart(values: Sequence[tuple[str, int]], *, bad: Iterable[str] = ()) -> Chart:
    """Bars for (label, value) pairs, the highest as high as the drawing."""
    most = max([value for _, value in values], default=0)
    wrong = set(bad)
    bars = [
        Bar(at * WIDTH, round(HEIGHT - size, 1), round(size, 1), label, value, label in wrong)
        for at, (label, value) in enumerate(values)
        for size in [HEIGHT * value / most if most else 0]
    ]
    first, last = (values[0][0], values[-1][0]) if values else ("", "")
    return Chart(bars, max(len(values), 1) * WIDTH, most, first, last)


def shares(counts: Mapping[str, int], *, limit: int = 8) -> list[tuple[str, int, float]]:
    """The largest counts as (name, count, percent of the largest)."""
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:limit]
    most = ordered[0][1] if ordered else 1
    return [(name, count, round(100 * count / most, 1) if most else 0) for name, count in ordered]
