"""Bytes to text: undeclared and wrongly declared encodings of the region are read right, never trusted blindly.

UTF-8 that decodes strictly is UTF-8 whatever was declared: text in an eight-bit encoding is hardly ever valid UTF-8.
What is declared is believed only when the text it gives looks like words; else the text itself decides.
"""

from __future__ import annotations

import codecs
import re

import charset_normalizer

SAMPLE_BYTES = 100_000  # judged when guessing; the whole body is decoded afterwards
# Names as the WHATWG Encoding Standard widens them: the superset reads what writers of the subset really send.
SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "koi8-r": "koi8_u",
    "koi8_r": "koi8_u",
}
CYRILLIC = ("cp1251", "koi8_u", "iso8859-5", "cp866")
SEVEN_BIT = frozenset({"iso2022_jp", "iso2022_kr", "hz", "utf-7"})
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with theirs
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_PROLOG = re.compile(rb"<\?xml[^>]{0,300}?encoding\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{1,40})")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_FREQUENT = frozenset("оеаинтсрлвкмдыұқғәіңөү")  # the letters that make two thirds of Cyrillic text in the region
_CASE_BREAK = re.compile(r"[а-яё][А-ЯЁ]")  # hardly occurs in words, everywhere in KOI8-R read as windows-1251
_MACEDONIAN = re.compile(r"[ќѕљњџЌЉЊЏ]")
_UKRAINIAN = re.compile(r"[єїґўЄЇҐЎ]")
_TURKISH_AS_LATIN = re.compile(r"[ðýþÐÝÞ]")


def to_text(body: bytes, *, content_type: str = "") -> str:
    """Return ``body`` as text without a byte order mark; never raises.

    ``content_type`` is the value of that HTTP header. Bytes that no encoding explains become U+FFFD.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    encoding = _wide_encoding(body[:4])
    if encoding:
        return body.decode(encoding, "replace")
    declared = _declared(body, content_type)
    if any(name in SEVEN_BIT for name in declared):
        text = _strict(body, next(name for name in declared if name in SEVEN_BIT))
        if text is not None:
            return text
    text = _strict(body, "utf-8")
    if text is not None:
        return text
    return _mostly_utf8(body) or _declared_text(body, declared) or body.decode(guess(body), "replace")


def guess(body: bytes) -> str:
    """Return the codec that most probably wrote ``body``, which is not UTF-8."""
    sample = body[:SAMPLE_BYTES]
    western = sample.decode("cp1252", "replace")
    if _looks_western(western):
        return "cp1254" if _TURKISH_AS_LATIN.search(western) else "cp1252"
    score, best = max((_cyrillic_score(sample.decode(name, "replace")), name) for name in CYRILLIC)
    if score > 0.4:
        return _with_kazakh_letters(sample, best)
    match = charset_normalizer.from_bytes(sample, preemptive_behaviour=False).best()
    return _canonical(match.encoding) if match else "cp1252"


def _wide_encoding(start: bytes) -> str:
    """UTF-16 or UTF-32 without a mark, told by where the zero bytes of the first ``<`` stand."""
    patterns = ((b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
    return next((name for pattern, name in patterns if start.startswith(pattern)), "")


def _declared(body: bytes, content_type: str) -> list[str]:
    """Codecs named by the XML declaration and the HTTP header, known ones only, the document first.

    The document comes first because servers add a charset to files of which they know nothing.
    """
    names = [match.decode("ascii") for match in _PROLOG.findall(body[:2000])] + _CHARSET.findall(content_type)
    return [codec for codec in map(_canonical, names) if codec]


def _canonical(name: str) -> str:
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    if not info._is_text_encoding:  # "hex", "zlib" and the like are codecs for Python too
        return ""
    return SUPERSETS.get(info.name, info.name)


def _strict(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except (UnicodeError, ValueError):
        return None


def _mostly_utf8(body: bytes) -> str:
    """UTF-8 with a little damage (a cut letter, line noise) is still UTF-8; "" when it is not."""
    text = body.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    sound = len(text.encode("utf-8", "replace")) - len(text) - 2 * damaged  # continuation bytes of whole letters
    return text if sound > 20 * damaged else ""


def _declared_text(body: bytes, declared: list[str]) -> str:
    for encoding in declared:
        text = None if encoding.startswith("utf") else _strict(body, encoding)
        if text and _believable(text[:SAMPLE_BYTES], encoding):
            if encoding in CYRILLIC:
                return body.decode(_with_kazakh_letters(body[:SAMPLE_BYTES], encoding), "replace")
            return text
    return ""


def _believable(text: str, encoding: str) -> bool:
    """Whether a declared eight-bit encoding gave words; encodings of several bytes refuse wrong text themselves."""
    if encoding in CYRILLIC:
        return _cyrillic_score(text) > 0.4 or not re.search("[^\x00-\x7f]{3}", text)
    if encoding in ("cp1252", "cp1254", "iso8859-15"):
        return _looks_western(text)
    return True


def _looks_western(text: str) -> bool:
    """Latin text has single letters with accents between plain ones; anything else read so has rows of them."""
    accented = len(re.findall("[\x80-\uffff]", text))
    in_rows = sum(len(row) for row in re.findall("[\xc0-\xff]{3,}", text))
    plain = len(re.findall("[A-Za-z]", re.sub("<[^>]*>", "", text)))
    return in_rows <= accented * 0.1 and accented <= 5 + plain * 0.4 and "\x7f" not in text


def _cyrillic_score(text: str) -> float:
    """Share of non-ASCII characters that are frequent small letters, less twice the share of broken case; 0 to 1."""
    foreign = len(re.findall("[^\x00-\x7f]", text))
    if not foreign:
        return 0.0
    frequent = sum(text.count(letter) for letter in _FREQUENT)
    return frequent / foreign - 2 * len(_CASE_BREAK.findall(text)) / foreign


def _with_kazakh_letters(sample: bytes, encoding: str) -> str:
    """KZ-1048 where "windows-1251" would mix letters of Macedonian and Ukrainian, as Kazakh text then does."""
    if encoding != "cp1251":
        return encoding
    text = sample.decode("cp1251", "replace")
    return "kz1048" if _MACEDONIAN.search(text) and _UKRAINIAN.search(text) else encoding
