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
LIKE_WORDS = 0.55  # of the score below: Russian, Ukrainian and Kazakh reach 0.7 to 0.9, misread text 0.5
CYRILLIC = ("cp1251", "koi8_u", "iso8859-5", "cp866")
SEVEN_BIT = frozenset({"iso2022_jp", "iso2022_kr", "hz", "utf-7"})
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with theirs
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The two letters as which the two bytes of a Cyrillic letter (lead bytes D0 to D3) are read in these encodings.
_TWICE = [
    (
        name,
        re.compile(
            f"[{bytes(range(0xD0, 0xD4)).decode(name)}][{bytes(range(0x80, 0xC0)).decode(name, 'ignore')}\x80-\x9f]"
        ),
    )
    for name in ("cp1251", "cp1252")
]
TWICE_CHARS = 20_000  # of text in which such pairs are counted
_PROLOG = re.compile(rb"<\?xml[^>]{0,300}?encoding\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{1,40})")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_FREQUENT = frozenset("оеаинтсрлвкмдыұқғәіңөү")  # the letters that make two thirds of Cyrillic text in the region
_CASE_BREAK = re.compile(r"[а-яё][А-ЯЁ]")  # hardly occurs in words, everywhere in KOI8-R read as windows-1251
_AMID_LATIN = re.compile("[A-Za-z][^\x00-\x7f]|[^\x00-\x7f][A-Za-z]")
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
        return text if text.isascii() else _encoded_once(text)
    return _mostly_utf8(body) or _declared_text(body, declared) or body.decode(guess(body), "replace")


def _encoded_once(text: str) -> str:
    """Cyrillic text whose UTF-8 somebody read in an eight-bit encoding and wrote as UTF-8 again, put right."""
    sample = text[:TWICE_CHARS]
    for encoding, pair in _TWICE:
        pairs = len(pair.findall(sample))
        if pairs > 20 and 2 * pairs > 0.8 * len(re.findall("[^\x00-\x7f]", sample)):
            return pair.sub(lambda match, was=encoding: _reread(match[0], was), text)  # type: ignore[misc]
    return text


def _reread(letters: str, encoding: str) -> str:
    try:
        return b"".join(_byte(letter, encoding) for letter in letters).decode("utf-8")
    except UnicodeError:
        return letters


def _byte(letter: str, encoding: str) -> bytes:
    """The byte that was read as ``letter``; the few that an encoding leaves open were read as control characters."""
    return bytes([ord(letter)]) if "\x80" <= letter <= "\x9f" else letter.encode(encoding)


def guess(body: bytes) -> str:
    """Return the codec that most probably wrote ``body``, which is not UTF-8."""
    sample = body[:SAMPLE_BYTES]
    western = sample.decode("cp1252", "replace")
    if _looks_western(western):
        return "cp1254" if _TURKISH_AS_LATIN.search(western) else "cp1252"
    score, best = _best_cyrillic(sample)
    if score > LIKE_WORDS:
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
    try:  # letters beyond U+FFFF written as two surrogates, as some databases and virtual machines do
        return body.decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    except UnicodeError:
        text = body.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    sound = len(text.encode()) - len(text) - 2 * damaged  # continuation bytes of whole letters
    return text if sound > 20 * damaged else ""


def _declared_text(body: bytes, declared: list[str]) -> str:
    sample = body[:SAMPLE_BYTES]
    for encoding in declared:
        text = None if encoding.startswith("utf") else _strict(body, encoding)
        if text and _believable(sample, encoding):
            return body.decode(_with_kazakh_letters(sample, encoding), "replace")
    return ""


def _believable(sample: bytes, encoding: str) -> bool:
    """Whether a declared eight-bit encoding gives words; encodings of several bytes refuse wrong text themselves."""
    text = sample.decode(encoding, "replace")
    if encoding in CYRILLIC:
        best, _ = _best_cyrillic(sample)
        if best > LIKE_WORDS:
            return _cyrillic_score(text) > best - 0.25  # capitals alone read nearly as well either way: believe
        return not re.search("[^\x00-\x7f]{3}", text) and not _AMID_LATIN.search(text)
    return encoding not in ("cp1252", "cp1254", "iso8859-15") or _looks_western(text)


def _looks_western(text: str) -> bool:
    """Latin text has single letters with accents between plain ones; anything else read so has rows of them."""
    accented = len(re.findall("[\x80-\uffff]", text))
    in_rows = sum(len(row) for row in re.findall("[\xc0-\xff]{3,}", text))
    plain = len(re.findall("[A-Za-z]", re.sub("<[^>]*>", "", text)))
    return in_rows <= accented * 0.1 and accented <= 5 + plain * 0.4 and "\x7f" not in text


def _best_cyrillic(sample: bytes) -> tuple[float, str]:
    return max((_cyrillic_score(sample.decode(name, "replace")), name) for name in CYRILLIC)


def _cyrillic_score(text: str) -> float:
    """How much text reads like words in Cyrillic: the share of frequent letters, a little more for small ones."""
    foreign = len(re.findall("[^\x00-\x7f]", text))
    if not foreign:
        return 0.0
    lower = text.lower()
    frequent = sum(lower.count(letter) for letter in _FREQUENT)
    small = len(re.findall("[а-яёєіїґўқғңөұүһә]", text))
    wrong = len(_CASE_BREAK.findall(text)) + len(_AMID_LATIN.findall(text))
    return (frequent + 0.2 * small - 2 * wrong) / foreign


def _with_kazakh_letters(sample: bytes, encoding: str) -> str:
    """KZ-1048 where "windows-1251" would mix letters of Macedonian and Ukrainian, as Kazakh text then does."""
    if encoding != "cp1251":
        return encoding
    text = sample.decode("cp1251", "replace")
    return "kz1048" if _MACEDONIAN.search(text) and _UKRAINIAN.search(text) else encoding
