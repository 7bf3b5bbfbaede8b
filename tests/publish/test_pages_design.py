"""The figures of docs/design.md are those of the sheet, colours can be told apart, and pictures use the same ones."""

from __future__ import annotations

import re

import pytest

from articles.publish.picture import INKS
from tests.conftest import ROOT

SHEET = (ROOT / "static" / "style.css").read_text(encoding="utf-8")
WRITTEN = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
TEXT = ("ink", "soft", "link", "own", "ru", "cn", "near", "west", "int")
TEXT_LEAST, EDGE_LEAST = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11
ON_SHADES = ("v1", "v2", "v3", "v4", "v5")


def tokens(theme: str) -> dict[str, str]:
    """Colours of the light or the dark theme."""
    light, dark = SHEET.split("@media screen and (prefers-color-scheme: dark)", 1)
    block = light if theme == "light" else dark.split("/* ---------- base", 1)[0]
    found = dict(re.findall(r"--([a-z]+\d?): (#[0-9a-f]{3,6})\b", block))
    return {
        name: value if len(value) == 7 else "#" + "".join(c * 2 for c in value[1:]) for name, value in found.items()
    }


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_colour_of_text_can_be_read_on_paper_and_band(theme: str) -> None:
    colours = tokens(theme)
    for name in TEXT:
        for ground in ("paper", "band"):
            assert contrast(colours[name], colours[ground]) >= TEXT_LEAST, (name, ground)
    for step in ON_SHADES:
        assert contrast(colours["ink"], colours[step]) >= TEXT_LEAST, step
    for ground in ("paper", "band", "field"):
        assert contrast(colours["edge"], colours[ground]) >= EDGE_LEAST, ground


@pytest.mark.parametrize("place", [0, 1])
def test_the_written_figures_are_those_of_the_sheet(place: int) -> None:
    colours = tokens(("light", "dark")[place])
    rows = re.findall(r"^\| `([a-z]+\d?)` \|[^|]*\| (#\w+) ([\d.]+) \| (#\w+) ([\d.]+) \|$", WRITTEN, re.MULTILINE)
    assert {row[0] for row in rows} >= {*TEXT, "edge"}
    for name, *told in rows:
        colour, figure = told[2 * place], told[2 * place + 1]
        assert colour == colours[name], name
        assert float(figure) == round(contrast(colour, colours["paper"]), 1), name


def test_pictures_use_the_colours_of_the_sheet() -> None:
    colours = tokens("light")
    assert {name: colours[name] for name in INKS} == INKS


def test_the_sheet_is_one_and_small() -> None:
    assert len(SHEET.encode()) < 32_000
    assert "@import" not in SHEET
    assert "url(" not in SHEET
