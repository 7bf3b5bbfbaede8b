"""One outlet, one mark: the bars of stories and the rule of the whole edition, as SVG paths."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from articles.models.source import Perspective

COLOURS = {
    "kz": "own", "kg": "own", "tj": "own", "tm": "own", "uz": "own", "regional": "own", "ru": "ru", "cn": "cn",
    "tr": "near", "az": "near", "ir": "near", "western": "west", "international": "int", "unknown": "int",
}  # fmt: skip
SHORT = {
    "regional": pgettext_lazy("side, short", "Region"),
    "western": pgettext_lazy("side, short", "West"),
    "international": pgettext_lazy("side, short", "Intl"),
    "unknown": pgettext_lazy("side, short", "other"),
}
# Sides whose silence is worth a word; the five come in only where the story is about them.
NOTICED = ("ru", "cn", "western")
STROKE = 1.5  # of an open mark, in units of the drawing

FROM = {
    "kz": _("from Kazakhstan"), "kg": _("from Kyrgyzstan"), "tj": _("from Tajikistan"),
    "tm": _("from Turkmenistan"), "uz": _("from Uzbekistan"), "ru": _("from Russia"), "cn": _("from China"),
    "western": _("from the West"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height of a mark, the gap after it and after the last one of a side, in user units (px)."""

    width: float
    height: float
    gap: float
    between: float


SMALL, LARGE, RULE = Size(6, 12, 2, 6), Size(9, 16, 3, 8), Size(7, 8, 2, 6)


@dataclass(frozen=True, slots=True)
class Side:
    """One side: what to draw and what to say."""

    key: str
    name: str
    short: str
    colour: str
    count: int
    state: int  # of them, owned or steered by a state
    filled: str = ""  # path of the marks of outlets that a state owns or steers
    open: str = ""  # of the others


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of marks; length is volume, so a story of three never looks like a story of thirty."""

    sides: Sequence[Side]
    width: float
    height: float
    silent: Sequence[str] = ()  # sides that would be expected and are not there, with "from"
    large: bool = False

    @property
    def widths(self) -> bool:
        """Whether so many marks stand in it that it may have to narrow."""
        return self.width > 300


def bar(marks: Mapping[str, Sequence[int]], *, size: Size = SMALL, silent: Collection[str] = ()) -> Bar:
    """Draw {side: [steered by a state, not]} in the one order of sides."""
    x, sides = 0.0, []
    for key in Perspective.values:
        state, others = marks.get(key, (0, 0))
        if not state and not others:
            continue
        filled = _row(x, state, size, 0)
        x += state * (size.width + size.gap)
        opened = _row(x, others, size, STROKE / 2)
        x += others * (size.width + size.gap) - size.gap + size.between
        label = str(Perspective(key).label)
        short = str(SHORT.get(key, key.upper()))
        sides.append(Side(key, label, short, COLOURS[key], state + others, state, filled, opened))
    told = [str(FROM[key]) for key in silent if key in FROM]
    return Bar(sides, max(x - size.between, 1), size.height, told, large=size is LARGE)


def _row(x: float, count: int, size: Size, inset: float) -> str:
    """Equal rectangles in relative moves: each further one costs the same few letters, which packs to nothing."""
    if not count:
        return ""
    width, height = size.width - 2 * inset, size.height - 2 * inset
    box = f"h{width:g}v{height:g}h-{width:g}z"
    return f"M{x + inset:g} {inset:g}{box}" + f"m{size.width + size.gap:g} 0{box}" * (count - 1)


def silent_sides(marks: Mapping[str, Sequence[int]], about: Collection[str]) -> list[str]:
    """Sides that a reader would ask for and that are not seen: the countries it is about, then the powers around.

    Said only of stories with enough outlets that an absence means something.
    """
    if sum(map(sum, marks.values())) < 4:
        return []
    wanted = [*(code.lower() for code in about if code.lower() in FROM), *NOTICED]
    return [side for side in dict.fromkeys(wanted) if side not in marks][:2]
