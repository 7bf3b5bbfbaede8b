"""What a page prints around its text: navigation, invitations, other stories' links, words broken over lines.

The phrases are data (``furniture.json``), each matching a whole line of plain text in any of the languages read.
Everything else judges the shape of lines, not their words. Applying it twice changes nothing.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from articles.clean.html import LINK_END, LINK_START, unmarked
from articles.clean.text import plain

MAX_LINE = 300  # characters; a longer line is text, whatever it says
MAX_LINES = 5_000  # of one text that are judged; no article has so many
MAX_PASSES = 20  # what is removed may leave the next piece bare
PROSE_WORDS = 12  # of a paragraph that surely is text
HEADLINE_WORDS = range(4, 31)

_PHRASES: dict[str, list[str]] = json.loads(Path(__file__).with_name("furniture.json").read_text("utf-8"))
_EDGE = r"[\s\-–—•·|►▶👉➡→»›>←«‹<\[\](){}*#:.…!?,]*"


def _whole(kind: str, tail: str = "") -> re.Pattern[str]:
    return re.compile(f"{_EDGE}(?:{'|'.join(_PHRASES[kind])}){tail}{_EDGE}", re.IGNORECASE)


_LINE = _whole("line")
_INVITATION = re.compile(f"{_EDGE}(?:{'|'.join(_PHRASES['invitation'])})", re.IGNORECASE)
_NAVIGATION = re.compile(f"(?:{'|'.join(_PHRASES['navigation'])})")
_LABEL = re.compile(f"{_EDGE}(?:{'|'.join(_PHRASES['label'])})(?P<rest>\\s*[:：—–-]\\s*.*|{_EDGE})", re.IGNORECASE)
_TAIL = re.compile(f"(?:{'|'.join(_PHRASES['tail'])})", re.IGNORECASE)
_TAIL_SENTENCE = re.compile(rf"(?:(?<=[.!?…»”\"'\]])\s*|^)(?:{'|'.join(_PHRASES['tail'][:4])})$", re.IGNORECASE)
_AGGREGATOR = re.compile(r"PREV\s\S|(?i:.*\bfollow us on google news\b)")  # who scrapes whole pages and leaves these
_ENDS = re.compile(r"[.!?…。！？؟:;][\s\"'»”“’)\]]*$")
_GLUED = re.compile(
    r"(?<=[^\W\d_A-ZА-Я]{3})([.!?…]\s?[»”“\"]?|[»”])(?=[«“\"]?\s?[A-ZÀ-ÖØ-ÞЀ-ЯҒҚҢӨҰҮҺІ«][^\W\d_]*[\s’'])"
)
_WORDS = re.compile(r"[^\W_]+")
_QUOTES = {"»": "«", "”": "“"}


class _Link(str):
    """A line that is nothing but a link."""

    __slots__ = ()


def tidy(marked: str, *, title: str = "") -> str:
    """Return the plain text of ``html.marked_text`` without furniture and without leading repetitions of ``title``."""
    lines = [_told(line) for line in marked.split("\n")]
    for _ in range(MAX_PASSES):
        before = lines
        lines = _joined(lines)
        if len(lines) > MAX_LINES:
            break
        scraped = any(_AGGREGATOR.match(line) for line in lines if len(line) <= MAX_LINE)
        lines = _without_title(_without_furniture(lines), title)
        lines = _without_other_stories(lines, scraped=scraped)
        if scraped:
            lines = [_sentences(line) for line in lines]
        if lines == before:
            break
    return plain("\n".join(lines))


def _told(line: str) -> str:
    """The line without the marks of links, told apart when they stood around all of it."""
    if LINK_START not in line and LINK_END not in line:
        return line
    inside = line.strip(" -–—•·|►→»›*:.…")
    whole = inside.startswith(LINK_START) and inside.endswith(LINK_END) and inside.count(LINK_START) == 1
    text = " ".join(plain(unmarked(line)).split())
    return _Link(text) if whole else text


def _joined(lines: list[str]) -> list[str]:
    """Lines with words that were broken apart put together again.

    Three lines or more of at most two words in a row are one line, and so is a line that goes on with a small letter.
    """
    result: list[str] = []
    run: list[str] = []
    for line in [*lines, ""]:
        if line and len(line) <= 40 and line.count(" ") <= 1:
            run.append(line)
            continue
        result += [*_one(run), line]
        run = []
    joined: list[str] = []
    for line in result[:-1]:
        if joined and line[:1].islower() and joined[-1] and not _ENDS.search(joined[-1]):
            joined[-1] = f"{joined[-1]} {line}"
        else:
            joined.append(line)
    return joined


def _one(run: list[str]) -> list[str]:
    return [" ".join(run)] if len(run) >= 3 else run


def _without_furniture(lines: list[str]) -> list[str]:
    result: list[str] = []
    after_label = False  # what follows "Read also" is another story's headline
    for line in lines:
        if line and len(line) <= MAX_LINE:
            label = _LABEL.fullmatch(line)
            if label or _is_furniture(line) or (after_label and _is_headline(line)):
                after_label = after_label or (label is not None and not _WORDS.search(label["rest"]))
                continue
        after_label = after_label and not line
        result.append(_TAIL_SENTENCE.sub("", line) if "." in line and len(line) < 3 * MAX_LINE else line)
    return result


def _is_furniture(line: str) -> bool:
    return bool(
        not _WORDS.search(line)
        or _LINE.fullmatch(line)
        or (_INVITATION.match(line) and len(line) <= 200)
        or _NAVIGATION.fullmatch(line)
        or _TAIL.fullmatch(line)
    )


def _without_title(lines: list[str], title: str) -> list[str]:
    """The lines from the first that does not only say the title, each without an echo of the one before."""
    said = _folded(title)
    start = 0
    while said and start < len(lines) and (not lines[start] or _folded(lines[start]) == said):
        start += 1
    result: list[str] = []
    previous = ""
    for line in lines[start:]:
        if line and line == previous and " " in line:
            continue
        previous = line or previous
        result.append(line)
    return result


def _without_other_stories(lines: list[str], *, scraped: bool) -> list[str]:
    """Lines without links to other stories in the middle of text.

    A link that is a whole line between paragraphs of prose leads elsewhere. Text without markup tells no links, but
    in what an aggregator scraped a headline without its text is one.
    """
    if not scraped and not any(isinstance(line, _Link) for line in lines):
        return lines
    if sum(map(_is_prose, lines)) < 3:
        return lines
    return [line for line in lines if not _is_headline(line) or not (scraped or isinstance(line, _Link))]


def _is_prose(line: str) -> bool:
    return len(_WORDS.findall(line)) >= PROSE_WORDS and bool(_ENDS.search(line))


def _is_headline(line: str) -> bool:
    return bool(line) and not _ENDS.search(line) and len(_WORDS.findall(line)) in HEADLINE_WORDS


def _sentences(line: str) -> str:
    """A scraped line with sentences parted again, and without quotation marks whose other half stands elsewhere."""
    line = _GLUED.sub(r"\1 ", line)
    for closing, opening in _QUOTES.items():
        line = _balanced(line, opening, closing)
    return re.sub(r" {2,}", " ", line).strip()


def _balanced(line: str, opening: str, closing: str) -> str:
    kept: list[str] = []
    opened: list[int] = []
    for letter in line:
        if letter == closing and not opened:
            continue
        if letter == opening:
            opened.append(len(kept))
        elif letter == closing:
            opened.pop()
        kept.append(letter)
    for position in opened:
        kept[position] = ""
    return "".join(kept)


def _folded(line: str) -> str:
    return " ".join(_WORDS.findall(line.casefold()))
