"""Plain text in one normal form: no markup, no characters that stores or XML refuse, white space that means something.

Each function is stable: applied to its own result it changes nothing.
"""

from __future__ import annotations

import html
import re
import unicodedata

MAX_PASSES = 8  # of decoding what was encoded several times over
# Control characters but tab and line feed, surrogates, non-characters, soft hyphens, joiners of words, marks of
# direction (which can turn what stands beside them round), tags.
_REFUSED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff0-\uffff\ud800-\udfff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# U+200C and U+200D shape Persian, Uyghur and Indic words and join emoji; between other letters they only hide.
_STRAY_JOINER = re.compile(
    "(?<![\u0600-\u08ff\u0900-\u0dff\ufb50-\ufdff\ufe70-\ufeff\ufe0f\u2600-\u27bf\U0001f000-\U0001faff])[\u200c\u200d]+"
    "|[\u200c\u200d]+(?![\u0600-\u08ff\u0900-\u0dff\ufb50-\ufdff\ufe70-\ufeff\u2600-\u27bf\u2190-\u21ff\U0001f000-\U0001faff])"
)
_ACCENTS = re.compile("([\u0300-\u036f]{3})[\u0300-\u036f]+")  # more than three on one letter climb over the lines
_AMPERSANDS = re.compile(r"&(?:(?:amp|#0*38|#[xX]0*26);)+", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#[0-9]{1,30}|#[xX][0-9a-fA-F]{1,30}|[A-Za-z][A-Za-z0-9]{1,31});")
_BARE_ENTITY = re.compile(r"&(nbsp|quot|amp|lt|gt|copy|reg|laquo|raquo|hellip|mdash|ndash|shy)(?![A-Za-z0-9=;])")
_WHOLE_TAG = re.compile(r"<([A-Za-z/!?][^<>]{0,200})>")
_TAG_START = re.compile(r"<(?=[A-Za-z/!?])")
_SPACES = re.compile("[^\\S\n]+")
_LINES = re.compile(" ?\n ?")
_PARAGRAPHS = re.compile("\n{2,}")


def plain(text: str) -> str:
    """Return text that holds no tags in its normal form: lines stripped, paragraphs divided by one blank line.

    Entities are decoded, those encoded twice too; what would then read as a tag gets typographic brackets (‹b›), so
    that no reader of the result can take it for markup. NFC; linear in the length.
    """
    text = _letters(text)
    for _ in range(MAX_PASSES):
        decoded = _letters(_decoded(text))
        if decoded == text:
            break
        text = decoded
    else:
        text = text.replace("&", "＆")  # nothing but an attack is encoded nine times over
    text = defused(text)
    text = _SPACES.sub(" ", text)
    return _PARAGRAPHS.sub("\n\n", _LINES.sub("\n", text)).strip()


def one_line(text: str, *, max_chars: int) -> str:
    """Return plain text as a single line, cut behind a word when it is longer than ``max_chars``."""
    line = " ".join(text.split())
    if len(line) <= max_chars:
        return line
    head = line[: max_chars - 1]
    return (head.rsplit(" ", 1)[0] if " " in head[max_chars // 2 :] else head).rstrip() + "…"


def bare(text: str) -> str:
    """Return an identifier without the characters that stores and XML refuse, otherwise as it is."""
    return _REFUSED.sub("", text).strip()


def defused(text: str) -> str:
    """Return text in which nothing begins like a tag: ``<b>`` becomes ``‹b›``."""
    return _TAG_START.sub("‹", _WHOLE_TAG.sub(r"‹\1›", text)) if "<" in text else text


def _letters(text: str) -> str:
    text = _REFUSED.sub("", _BREAKS.sub("\n", text))
    if "\u200c" in text or "\u200d" in text:
        text = _STRAY_JOINER.sub("", text)
    return _ACCENTS.sub(r"\1", unicodedata.normalize("NFC", text))


def _decoded(text: str) -> str:
    if "&" not in text:
        return text
    text = _BARE_ENTITY.sub(r"&\1;", _AMPERSANDS.sub("&", text))
    return _ENTITY.sub(lambda match: html.unescape(match[0]), text)
