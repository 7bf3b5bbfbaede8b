"""Headlines as pages show them: which language first, cut for lists, and without letters that turn the words after."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import get_language

from articles.models import Story
from articles.publish.names import language_name
from articles.publish.reader import NOBODY, Reader

RIGHT_TO_LEFT = {"fa", "ar", "ur", "ps", "ug", "he"}
TITLE_CHARS = 300  # of a title on a list; the page of the story shows all


@dataclass(frozen=True, slots=True)
class Headline:
    """One headline in its language."""

    title: str
    language: str
    direction: str
    language_name: str


def headlines(story: Story, reader: Reader = NOBODY) -> tuple[Headline, list[Headline]]:
    """The headline to show first, and the others.

    First stands what an editor wrote; else the page's language, where the reader reads it or named no languages; else
    the first of his languages that the story has; else the story's own. The others follow, his languages before.
    """
    page = get_language() or "en"
    wanted = reader.languages or (page,)
    if page in wanted:
        wanted = (page, *(code for code in wanted if code != page))
    best = next((code for code in wanted if code in story.titles), "")
    title, language = story.headline or story.title, story.language
    if best and not story.headline:
        title, language = story.titles[best]["title"], best
    others = [headline(told["title"], code) for code, told in story.titles.items() if code != language]
    if reader.languages:
        others.sort(key=lambda other: other.language not in reader.languages)
    return headline(title, language), others


def headline(title: str, language: str) -> Headline:
    """Cut for lists; an empty title is never shown as nothing."""
    title = isolated(title)
    cut = title if len(title) <= TITLE_CHARS else title[: TITLE_CHARS - 1].rstrip() + "…"
    return Headline(cut or "…", language, direction(language), language_name(language))


def whole_title(story: Story, shown: Headline) -> str:
    """The headline that was chosen, uncut."""
    told = story.headline or story.titles.get(shown.language, {}).get("title") or story.title
    return isolated(told) or shown.title


# Marks, embeddings, overrides and isolates of the bidirectional algorithm (UAX #9, 2.1 to 2.6): in a title they turn
# what follows, and right-to-left languages come out right by ``dir`` without them.
TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def isolated(text: str) -> str:
    """The text without letters that nobody sees and that would turn the words after it."""
    return TURNING.sub("", text)


def direction(language: str) -> str:
    """The direction of writing; ``auto`` where the language is not known, so that the first letter decides."""
    if not language:
        return "auto"
    return "rtl" if language.partition("-")[0] in RIGHT_TO_LEFT else "ltr"
