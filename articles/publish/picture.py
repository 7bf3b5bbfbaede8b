"""The picture of a story for those who pass its address on: headline, bar of marks and figures, drawn by us.

PNG of 1200 × 630 pixels. Fonts: subsets of Noto beside this file, with every letter of the region. Right-to-left
headlines need Pillow's complex layout, which not every system has; Chinese letters are not shipped (5 MB). A story
whose headlines can't be drawn shows its bar and figures alone.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, features

from articles.models.source import Perspective
from articles.publish.headlines import Headline
from articles.publish.marks import COLOURS

FONTS = Path(__file__).parent / "fonts"
ARABIC = "NotoNaskhArabic"
WIDTH, HEIGHT, EDGE = 1200, 630, 64
SCALE = 2  # of the drawing of the marks before it is made smaller: smooth edges
PAPER, INK, SOFT, RULE = "#faf9f5", "#17201e", "#4d5854", "#d6d8d0"
# The colours of the sides as in static/style.css; a test compares them.
INKS = {"own": "#17706c", "ru": "#a3443a", "cn": "#8a5a0c", "near": "#74518f", "west": "#39609a", "int": "#5a6663"}
SIZES = (68, 60, 52, 46, 40)  # of the headline: the largest that fits
TITLE_HEIGHT, TITLE_CHARS = 300, 260
MARK, TALL, GAP, BETWEEN = 20, 36, 7, 20


@dataclass(frozen=True, slots=True)
class Figures:
    """What stands on the picture beside the headline."""

    site: str
    motto: str
    below: str  # outlets, languages, day
    sample: str  # "" unless the edition is invented


@cache
def font(name: str, size: int) -> ImageFont.FreeTypeFont:
    """One of the fonts beside this file; only the Arabic one needs complex layout."""
    layout = ImageFont.Layout.RAQM if name == ARABIC else ImageFont.Layout.BASIC
    return ImageFont.truetype(str(FONTS / f"{name}.ttf"), size, layout_engine=layout)


def drawable(headlines: Sequence[Headline]) -> Headline | None:
    """The first of the headlines of which every letter can be drawn."""
    for headline in headlines:
        right_to_left = headline.direction == "rtl"
        if right_to_left and not features.check("raqm"):
            continue
        if all(ord(letter) in letters(name_of(headline)) for letter in headline.title if not letter.isspace()):
            return headline
    return None


def name_of(headline: Headline) -> str:
    """The font of a headline."""
    return ARABIC if headline.direction == "rtl" else "NotoSerif"


@cache
def letters(name: str) -> frozenset[int]:
    """The letters of a font: those that do not come out as the box for what is missing."""
    face = ImageFont.truetype(str(FONTS / f"{name}.ttf"), 20, layout_engine=ImageFont.Layout.BASIC)
    missing = face.getmask("\U0010ffff").getbbox(), bytes(face.getmask("\U0010ffff"))
    ranges = (range(0x20, 0x530), range(0x600, 0x700), range(0x1E00, 0x1F00), range(0x2010, 0x2213))
    return frozenset(
        code
        for span in ranges
        for code in span
        if (face.getmask(chr(code)).getbbox(), bytes(face.getmask(chr(code)))) != missing
    )


def draw(headline: Headline | None, marks: Mapping[str, Sequence[int]], figures: Figures) -> bytes:
    """The picture as PNG."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    pen.text((EDGE, 48), figures.site, font=font("NotoSerif", 44), fill=INK)
    after = EDGE + pen.textlength(figures.site, font=font("NotoSerif", 44)) + 24
    pen.text((after, 70), figures.motto, font=font("NotoSans", 22), fill=SOFT)
    pen.line((EDGE, 124, WIDTH - EDGE, 124), fill=INK, width=4)
    if headline:
        title(pen, headline)
    row(image, marks, top=HEIGHT - 142)
    pen.text((EDGE, HEIGHT - 84), figures.below, font=font("NotoSans", 26), fill=SOFT)
    if figures.sample:
        size = pen.textlength(figures.sample, font=font("NotoSans", 22))
        pen.text((WIDTH - EDGE - size, HEIGHT - 80), figures.sample, font=font("NotoSans", 22), fill=SOFT)
    packed = io.BytesIO()
    image.quantize(64, Image.Quantize.FASTOCTREE).save(packed, "PNG")
    return packed.getvalue()


def title(pen: ImageDraw.ImageDraw, headline: Headline) -> None:
    """The headline in the largest size at which it fits; what is too long even so is cut."""
    right_to_left = headline.direction == "rtl"
    text = " ".join(headline.title[:TITLE_CHARS].split())
    for size in SIZES:
        face = font(name_of(headline), size)
        lines = wrapped(pen, text, face)
        height = round(size * (1.5 if right_to_left else 1.22))
        if len(lines) * height <= TITLE_HEIGHT:
            break
    most = TITLE_HEIGHT // height
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1].rstrip(' ,;:')}…"]
    for place, line in enumerate(lines):
        if right_to_left:
            x = WIDTH - EDGE - pen.textlength(line, font=face, direction="rtl", language=headline.language)
            pen.text((x, 148 + place * height), line, font=face, fill=INK, direction="rtl")
        else:
            pen.text((EDGE, 148 + place * height), line, font=face, fill=INK)


def wrapped(pen: ImageDraw.ImageDraw, text: str, face: ImageFont.FreeTypeFont) -> list[str]:
    """Lines that fit; a word that is longer than a line is broken."""
    lines: list[str] = []
    room, line = WIDTH - 2 * EDGE, ""
    for word in (piece for whole in text.split() for piece in pieces(whole, face, room)):
        longer = f"{line} {word}" if line else word
        if pen.textlength(longer, font=face) <= room:
            line = longer
        else:
            lines, line = [*lines, line], word
    return [*lines, line]


def pieces(word: str, face: ImageFont.FreeTypeFont, room: float) -> list[str]:
    """The word, in parts that fit where it does not."""
    if face.getlength(word) <= room:
        return [word]
    parts, wide = [""], 0.0
    for letter in word:
        step = face.getlength(letter)
        if wide + step > room * 0.97:  # letters may stand further apart side by side than alone
            parts, wide = [*parts, ""], 0.0
        parts[-1] += letter
        wide += step
    return parts


def row(image: Image.Image, marks: Mapping[str, Sequence[int]], *, top: int) -> None:
    """The bar: one mark for each outlet, filled where a state owns or steers it; narrower where there are many."""
    shown = [(str(side), marks[side][0], marks[side][1]) for side in Perspective.values if side in marks]
    wide = sum((state + others) * (MARK + GAP) - GAP + BETWEEN for _, state, others in shown) - BETWEEN
    room = WIDTH - 2 * EDGE
    narrow = min(1.0, room / wide) if wide > 0 else 1.0
    strip = Image.new("RGB", (room * SCALE, TALL * SCALE), PAPER)
    pen = ImageDraw.Draw(strip)
    x = 0.0
    for side, state, others in shown:
        ink = INKS[COLOURS[side]]
        for number in range(state + others):
            box = (x * SCALE, 0, (x + MARK * narrow) * SCALE, TALL * SCALE - 1)
            pen.rectangle(box, fill=ink if number < state else PAPER, outline=ink, width=3 * SCALE)
            x += (MARK + GAP) * narrow
        x += (BETWEEN - GAP) * narrow
    image.paste(strip.resize((room, TALL), Image.Resampling.LANCZOS), (EDGE, top))
