"""What a page prints around its text: navigation, invitations, other stories' links, words broken over lines.

The phrases are data (``furniture.json``), each matching a whole line of plain text in any of the languages read.
Everything else judges the shape of lines, not their words. Applying it twice changes nothing.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from articles.clean.html import LINK_END, LINK_START, unmarked

MAX_LINE = 300  # characters; a longer line is text, whatever it says
MAX_PASSES = 6  # what is removed may leave the next piece bare
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
_AGGREGATOR = re.compile(r"(?:PREV|NEXT)\s\S|.*\bfollow us on google news\b", re.IGNORECASE)
_ENDS = re.compile(r"[.!?…。！？؟:;][\s\"'»”“’)\]]*$")
_GLUED = re.compile(
    r"(?<=[^\W\d_A-ZА-Я]{3})([.!?…]\s?[»”“\"]?|[»”])(?=[«“\"]?\s?[A-ZÀ-ÖØ-ÞЀ-ЯҒҚҢӨҰҮҺІ«][^\W\d_]*[\s’'])"
)
_WORDS = re.compile(r"[^\W_]+")
_QUOTES = {"»": "«", "”": "“"}


def tidy(marked: str, *, title: str = "") -> str:
    """Return the plain text of ``html.marked_text`` without furniture and without leading repetitions of ``title``."""
    text = marked
    for _ in range(MAX_PASSES):
        lines = _joined(text.split("\n"))
        scraped = any(_AGGREGATOR.match(unmarked(line)) for line in lines if len(line) <= MAX_LINE)
        lines = _without_title(_without_furniture(lines), title)
        lines = _without_other_stories(lines, scraped=scraped)
        result = re.sub("\n{3,}", "\n\n", "\n".join(_sentences(line) if scraped else line for line in lines)).strip()
        if result == text:
            break
        text = result
    return unmarked(text)


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
    after_label = False
    for line in lines:
        words = unmarked(line)
        if not words:
            result.append(line)
            continue
        if len(words) <= MAX_LINE:
            label = _LABEL.fullmatch(words)
            if label or _is_furniture(words) or (after_label and _is_headline(words)):
                after_label = after_label or (label is not None and not _WORDS.search(label["rest"]))
                continue
        after_label = False
        result.append(_TAIL_SENTENCE.sub("", line) if len(words) < 3 * MAX_LINE else line)
    return result


def _is_furniture(line: str) -> bool:
    if not _WORDS.search(line):
        return not any(mark in line for mark in "?!") or len(line) > 3
    return bool(
        _LINE.fullmatch(line)
        or (_INVITATION.match(line) and len(line) <= 200)
        or _NAVIGATION.fullmatch(line)
        or _TAIL.fullmatch(line)
    )


def _without_title(lines: list[str], title: str) -> list[str]:
    """The lines from the first that does not only repeat the title, or the line before it."""
    said = _folded(title)
    start = 0
    previous = said
    for number, line in enumerate(lines):
        folded = _folded(unmarked(line))
        if folded and folded not in (said, previous):
            break
        previous = folded or previous
        start = number + 1
    kept = lines[start:]
    if start and not any(kept) and not said:
        return lines[:1]
    return _without_repeats(kept)


def _without_repeats(lines: list[str]) -> list[str]:
    """Lines without those that say again what the line before said."""
    result: list[str] = []
    previous = ""
    for line in lines:
        folded = _folded(unmarked(line))
        if folded and folded == previous:
            continue
        previous = folded or previous
        result.append(line)
    return result


def _without_other_stories(lines: list[str], *, scraped: bool) -> list[str]:
    """Lines without links to other stories in the middle of text.

    A link that is a whole line between paragraphs of prose leads elsewhere. Text without markup tells no links, but
    in what an aggregator scraped a headline without its text is one.
    """
    prose = [number for number, line in enumerate(lines) if _is_prose(unmarked(line))]
    if len(prose) < 3:
        return lines
    return [line for line in lines if not (_is_link(line) or (scraped and _is_headline(unmarked(line))))]


def _is_prose(line: str) -> bool:
    return len(_WORDS.findall(line)) >= PROSE_WORDS and bool(_ENDS.search(line))


def _is_link(line: str) -> bool:
    inside = line.strip(" -–—•·|►→»›*:.…")
    whole = inside.startswith(LINK_START) and inside.endswith(LINK_END) and inside.count(LINK_START) == 1
    return whole and len(_WORDS.findall(inside)) in HEADLINE_WORDS


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
