"""The words by which reports are found: what is kept of a text, and what a reader asks for, in the same form.

Every word is kept in ASCII letters and digits, so that SQLite and PostgreSQL divide the column alike. The skeleton of a
word (see folding.py) holds neither q, w nor x, so these begin what is no word: q a mark such as a country or a day,
w letters of a script that the skeleton does not know (Chinese: pairs of characters), x a number.
A leaf: the store and publish read it; it imports only folding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from articles.folding import CLASSED_FROM, one_vowel, sounds, tokens

MAX_CHARS = 500  # of a question that are read
MAX_CLAUSES = 12
MAX_PHRASE = 12  # words
MAX_WORD = 40  # letters of a word that are kept
BEGINNING = 3  # letters that a beginning (``tok*``) has at least
WHOLE_BELOW = 5  # sounds: shorter words are found only as they stand, longer ones also with an ending
STEM = 4  # letters that are left at least where an ending may follow

_CHINESE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUNS = re.compile(f"[{_CHINESE}]+|[^{_CHINESE}]+")
_IS_CHINESE = re.compile(f"[{_CHINESE}]")
_HARD = str.maketrans("h", "k")  # Kazakhstan and Қазақстан
_FINAL_VOWEL = re.compile("[aeiou]$")


def words_of(text: str) -> list[str]:
    """Return what is kept of a text, in its order."""
    return [word for run in runs(text) for word in kept(run)]


def runs(text: str) -> Iterator[str]:
    """The words of a text as they stand there; Chinese as runs of characters."""
    for token in tokens(text, "uz"):
        yield from _RUNS.findall(token) if _IS_CHINESE.search(token) else (token,)


def kept(run: str) -> list[str]:
    """The form of one word; of Chinese each pair of characters, and the last character alone."""
    if _IS_CHINESE.match(run):
        return [*pairs(run), coded(run[-1])]
    form = form_of(run)
    return [form] if form else []


def pairs(run: str) -> list[str]:
    """Each pair of neighbours."""
    return [coded(run[place : place + 2]) for place in range(len(run) - 1)]


def coded(text: str) -> str:
    """Letters that have no place in the skeleton, as a word of ASCII."""
    return "w" + "".join(f"{ord(char):x}" for char in text[:MAX_WORD])


@lru_cache(maxsize=1 << 16)
def form_of(word: str) -> str:
    """The form of a word as it is kept; "" where nothing is left of it."""
    if word.isdigit():
        return "x" + "".join(str(int(char)) if char.isdecimal() else "" for char in word)[:MAX_WORD]
    heard = sounds(word)
    return _form(heard, classed=len(heard) >= CLASSED_FROM)


def _form(heard: str, *, classed: bool) -> str:
    """``classed``: as longer words are written, more roughly."""
    form = one_vowel(heard.translate(_HARD) if classed else heard, classed=classed)
    if not form.isascii():
        return coded(form)
    form = "".join(char for char in form if char.isalnum())[:MAX_WORD]
    return f"x{form}" if form[:1].isdigit() else form


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in a row; ``beginning``: the last of them may go on."""

    words: tuple[str, ...]
    beginning: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing asked for: any of these will do."""

    any_of: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What must stand in a report, and what must not."""

    wanted: tuple[Clause, ...] = ()
    unwanted: tuple[Clause, ...] = ()


_PARTS = re.compile(r'(?P<not>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_QUOTES = str.maketrans(dict.fromkeys("«»“”„‟〝〞＂", '"') | {**dict.fromkeys("−–—﹣－", "-"), "＊": "*"})


def question(text: str) -> Question:
    """Read what a reader typed: words, "phrases", beginnings*, -what to leave out. Nothing in it is an error."""
    wanted: dict[Clause, None] = {}
    unwanted: dict[Clause, None] = {}
    for part in _PARTS.finditer(text[:MAX_CHARS].translate(_QUOTES)):
        clause = phrase(part["phrase"]) if part["phrase"] is not None else asked(part["word"])
        if clause is not None and len(wanted) + len(unwanted) < MAX_CLAUSES:
            (unwanted if part["not"] else wanted)[clause] = None
    return Question(tuple(wanted), tuple(unwanted))


def phrase(text: str) -> Clause | None:
    """The words between quotation marks, as they stand."""
    words: list[str] = []
    for run in runs(text):
        words += pairs(run) if _IS_CHINESE.match(run) and len(run) > 1 else kept(run)
    return Clause((Phrase(tuple(words[:MAX_PHRASE])),)) if words else None


def asked(text: str) -> Clause | None:
    """One word without quotation marks; one of several parts (Kara-Balta) is a phrase."""
    parts = list(runs(text))
    if len(parts) != 1:
        return phrase(text)
    run = parts[0]
    if _IS_CHINESE.match(run):
        return Clause((Phrase((coded(run),), beginning=True),)) if len(run) == 1 else phrase(run)
    goes_on = text.rstrip(".,;:!?)").endswith("*")
    heard = "" if run.isdigit() else sounds(run)
    if not heard.isascii() or not heard or not heard.isalpha():
        form = form_of(run)
        return Clause((Phrase((form,), beginning=goes_on and len(form) > BEGINNING),)) if form else None
    return Clause(tuple(dict.fromkeys(beginnings(heard) if goes_on else whole(heard))))


def beginnings(heard: str) -> Iterator[Phrase]:
    """Ways in which a word that begins so may be kept: longer words are written more roughly than short ones."""
    for classed in (False, True) if len(heard) < CLASSED_FROM else (True,):
        form = _form(heard, classed=classed)
        yield Phrase((form,), beginning=len(form) >= BEGINNING)


def whole(heard: str) -> Iterator[Phrase]:
    """A word as it stands and, where it is long enough, with any ending: Токаев finds Токаева and Тоқаевтың."""
    if len(heard) < CLASSED_FROM:
        yield Phrase((_form(heard, classed=False),))
    if len(heard) >= WHOLE_BELOW:
        form = _form(heard, classed=True)
        stem = _FINAL_VOWEL.sub("", form)
        stem = stem if len(stem) > STEM else form
        yield Phrase((stem,), beginning=True) if len(stem) >= STEM else Phrase((form,))
