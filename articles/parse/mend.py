"""Small bounded repairs of XML that feedparser refuses, or that throws it back on its slow and lossy loose reader."""

from __future__ import annotations

import re
from html.entities import name2codepoint

HEAD_CHARS = 20_000  # where a document must begin; junk before its root is looked for no further
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML 1.0, 2.2
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,9}));?")
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,8});")
_XML_NAMES = frozenset({"lt", "gt", "amp", "quot", "apos"})
_ROOT = re.compile(r"<(?:\w+:)?(?:rss|feed|rdf|channel)\b", re.IGNORECASE)
_DECLARATION = re.compile(r"\s*<\?xml\b[^<>]*>")
_ENTITIES = re.compile(r"<!ENTITY\b", re.IGNORECASE)
_BARE_AMPERSAND = re.compile(r"&(?!#?\w{1,30};)")
_CDATA = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|\Z))", re.DOTALL)
_PREFIXED = re.compile(r"<(/?)rss:(?=\w)")
_PREFIXED_ATTRIBUTE = re.compile(r"""\srss:(\w+)=(?:"([^"<>]*)"|([^\s"'<>]+))""")
_UNQUOTED_VERSION = re.compile(r"""(<rss\s[^<>]*?\bversion=)([0-9.]+)(?=[\s>])""")


def mend_xml(text: str) -> str:
    """Return the document with a sound declaration and without what no XML reader accepts; linear in its length."""
    text = _FORBIDDEN.sub("", text)
    if "&#" in text:
        text = _REFERENCE.sub(_sound_reference, text)
    head = text[:HEAD_CHARS]
    root = _ROOT.search(head)
    if root and not _ENTITIES.search(head[: root.start()]):
        text = _mend_names(text[root.start() :])
    else:
        text = _DECLARATION.sub("", text, count=1)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + text.lstrip()


def _mend_names(text: str) -> str:
    """Undeclared HTML entities and bare ampersands outside CDATA; an ``rss:`` prefix that nobody declared."""
    if "&" in text:
        parts = _CDATA.split(text)
        parts[::2] = [_BARE_AMPERSAND.sub("&amp;", _NAMED.sub(_character, part)) for part in parts[::2]]
        text = "".join(parts)
    if "<rss:" in text and "xmlns:rss" not in text[:HEAD_CHARS]:
        text = _PREFIXED_ATTRIBUTE.sub(lambda match: f' {match[1]}="{match[2] or match[3] or ""}"', text)
        text = _UNQUOTED_VERSION.sub(r'\1"\2"', _PREFIXED.sub(r"<\1", text))
    return text


def _sound_reference(match: re.Match[str]) -> str:
    """A numeric reference that XML allows, complete with its semicolon; nothing for the others."""
    code = int(match[1], 16) if match[1] else int(match[2])
    allowed = code < 0x110000 and not _FORBIDDEN.match(chr(code))
    return f"&#{code};" if allowed else ""


def _character(match: re.Match[str]) -> str:
    name = match[1]
    return match[0] if name in _XML_NAMES or name not in name2codepoint else chr(name2codepoint[name])
