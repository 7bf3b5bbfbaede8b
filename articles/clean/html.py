"""HTML to plain text, once: block elements make paragraphs and lines, what a reader of a page does not see is dropped.

One pass over the tags with a stack of open elements, so the time is linear whatever the nesting. A browser's parser
(lexbor, through selectolax) builds the very tree that a page would show, but took minutes for 200 kB made to hurt it.
"""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from itertools import islice

from articles.clean.text import plain

MAX_MARKUP = 300_000  # characters of one field that are read; ten times the longest article
MAX_REACH = 50  # open elements in which the start of an end tag is looked for
MAX_ROUNDS = 3  # of markup encoded inside markup
LINK_START, LINK_END = "\ue000", "\ue001"  # private-use marks around the text of links, for those who judge paragraphs


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


PARAGRAPHS = _names(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form"
    " h1 h2 h3 h4 h5 h6 header hgroup hr legend listing main menu ol optgroup p plaintext pre section summary table"
    " tbody tfoot thead ul xmp"
)
LINES = _names("br caption li option tr")
SPACES = _names("td th img")
ENDED_BY_THE_NEXT = _names("dd dt li option p td th tr")  # whose end tag may be left out
VOID = _names("area base basefont bgsound br col embed frame hr img input link meta param source track wbr")
UNSEEN = _names(
    "annotation annotation-xml applet audio button canvas datalist frameset map nav noscript object rp select svg"
    " template video"
)
STRUCTURE = PARAGRAPHS | LINES | SPACES | UNSEEN  # whose end tags end all that was opened inside
RAW_UNSEEN = _names("iframe noembed noframes script style textarea title")  # their content is no markup
RAW_SEEN = _names("listing plaintext pre xmp")  # white space counts in them

_TAG = re.compile(r"<[A-Za-z/!?][^<>]*>")
# Every alternative also ends at the end of the text and none gives back what it took, so a match is never tried twice.
_TOKEN = re.compile(
    r"<(?:!--(?:>|->|.*?(?:--!?>|\Z))"
    r"|!\[CDATA\[(?P<cdata>.*?)(?:\]\]>|\Z)"
    r"|[!?][^>]*+(?:>|\Z)"
    r"|/(?P<close>[A-Za-z][^\s/>]*+)[^>]*+(?:>|\Z)"
    r"""|(?P<open>[A-Za-z][^\s/>]*+)(?P<attributes>(?:[^>=]++|=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|(?!["'])))*+)(?:>|\Z))""",
    re.DOTALL,
)
_RAW_END = {name: re.compile(rf"</{name}(?=[\s/>]|\Z)", re.IGNORECASE) for name in RAW_UNSEEN}
_QUOTED = re.compile(r"""=\s*("[^"]*"?|'[^']*'?)""")
_STYLE = re.compile(r"""(?:^|\s)style\s*=\s*("[^"]*|'[^']*|[^\s"']+)""", re.IGNORECASE)
_HIDDEN = re.compile(r"(?:^|\s)hidden(?=[\s=/]|$)", re.IGNORECASE)
_INVISIBLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])"
    r"|mso-hide\s*:\s*all",
    re.IGNORECASE,
)
_BLANK = re.compile(r"[ \t\n\r\f]+")
# Markup that was encoded twice shows by what news use: elements with an end or with attributes, paragraphs, breaks.
# A name in brackets alone may be what the text is about.
_NAMES = "a|b|i|u|p|em|h[1-6]|ul|ol|li|div|img|span|strong|blockquote|figure|table|tr|td|font|iframe|script|style"
_ENCODED = re.compile(
    rf"</(?:{_NAMES})\s*>|<(?:{_NAMES})\s+[a-z-]+\s*=[^<>]*>|<(?:p|li|div|br|hr)\s*/?>", re.IGNORECASE
)
_ENCODED_BRACKET = re.compile(r"&(?:amp;)*(lt|gt|quot|#60|#62|#34|#x3c|#x3e);", re.IGNORECASE)
_BRACKETS = {"lt": "<", "#60": "<", "#x3c": "<", "gt": ">", "#62": ">", "#x3e": ">", "quot": '"', "#34": '"'}


def html_to_text(markup: str) -> str:
    """Return the visible words of HTML or plain text in the normal form of ``text.plain``.

    Text without tags keeps its line breaks; in markup only elements make them. Reads at most MAX_MARKUP characters.
    """
    return plain(unmarked(_read(markup)))


def marked_text(markup: str) -> str:
    """Return what ``html_to_text`` does, with LINK_START and LINK_END around the text of links."""
    return plain(_read(markup))


def _read(markup: str) -> str:
    text = unmarked(markup[:MAX_MARKUP])
    if not _TAG.search(text):
        opened = _ENCODED_BRACKET.sub(lambda match: _BRACKETS[match[1].lower()], text)
        if not _ENCODED.search(opened):
            return text
        text = opened
    for _ in range(MAX_ROUNDS):
        text = _Reader(text).read()
        if not _ENCODED.search(text):
            break
        text = text.replace("\n", "<br>")
    return text


def unmarked(text: str) -> str:
    """Return text without the marks of links."""
    return text.replace(LINK_START, "").replace(LINK_END, "")


class _Reader:
    """One document on its way to text."""

    def __init__(self, markup: str) -> None:
        self.markup = markup
        self.pieces: list[str] = []
        self.open: list[str] = []  # names of the open elements
        self.count: Counter[str] = Counter()  # the same, counted: an end tag without a start is told at once
        self.unseen_from = 0  # depth of the outermost element that is not shown, 0 for none
        self.preformatted = 0

    def read(self) -> str:
        position = 0
        while (token := _TOKEN.search(self.markup, position)) is not None:
            self._text(self.markup[position : token.start()])
            position = token.end()
            if token["open"]:
                position = self._start(token["open"].lower(), token["attributes"], position)
            elif token["close"]:
                self._end(token["close"].lower())
            elif token["cdata"]:
                self._text(token["cdata"])
        self._text(self.markup[position:])
        return "".join(self.pieces)

    def _text(self, text: str) -> None:
        if text and not self.unseen_from:
            text = unescape(text) if "&" in text else text
            self.pieces.append(text if self.preformatted else _BLANK.sub(" ", text))

    def _start(self, name: str, attributes: str, position: int) -> int:
        """Take a start tag; return where reading goes on, which is behind the whole element when its content is raw."""
        if name in RAW_UNSEEN:
            end = _RAW_END[name].search(self.markup, position)
            if end is None and attributes.endswith("/"):
                return position
            return end.start() if end else len(self.markup)
        top = self.open[-1] if self.open else ""
        if top in ENDED_BY_THE_NEXT and (top == name or (top == "p" and name in PARAGRAPHS)):
            self._pop()
        if not self.unseen_from:
            self.pieces.append(_opening(name))
        if name in VOID or attributes.endswith("/"):
            return position
        self.open.append(name)
        self.count[name] += 1
        self.preformatted += name in RAW_SEEN
        if not self.unseen_from and (name in UNSEEN or _hides(attributes)):
            self.unseen_from = len(self.open)
        return position

    def _end(self, name: str) -> None:
        if name == "br" or (name == "p" and not self.count["p"]):  # browsers make an element of a lone end tag of these
            self.pieces.append("" if self.unseen_from else _opening(name))
            return
        if self.count[name] and (name in STRUCTURE or self._within_reach(name)):
            while self._pop() != name:
                continue

    def _within_reach(self, name: str) -> bool:
        """Whether the end tag of a line's element meets its start before a block's; browsers ignore it else."""
        for opened in islice(reversed(self.open), MAX_REACH):
            if opened == name:
                return True
            if opened in PARAGRAPHS:
                return False
        return False

    def _pop(self) -> str:
        name = self.open.pop()
        self.count[name] -= 1
        self.preformatted -= name in RAW_SEEN
        if len(self.open) < self.unseen_from:
            self.unseen_from = 0
            self.pieces.append(" ")
        if not self.unseen_from:
            self.pieces.append(_closing(name))
        return name


def _opening(name: str) -> str:
    if name in PARAGRAPHS:
        return "\n\n"
    if name in LINES:
        return "\n"
    return LINK_START if name == "a" else " " if name in SPACES else ""


def _closing(name: str) -> str:
    if name in PARAGRAPHS:
        return "\n\n"
    if name in LINES:
        return "\n"
    return LINK_END if name == "a" else " " if name in SPACES else ""


def _hides(attributes: str) -> bool:
    """Whether an element says itself that it is not shown."""
    lower = attributes.lower()
    if "hidden" in lower and _HIDDEN.search(_QUOTED.sub("=x", attributes)):
        return True
    style = _STYLE.search(attributes) if "style" in lower else None
    return bool(style and _INVISIBLE.search(style[1]))
