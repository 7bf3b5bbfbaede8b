"""Concepts: things that news speaks of, in twelve languages, by which labels in one language teach all the others.

A concept ("court", "train", "loan") is no tag and no topic; the linear model weighs it. So the file belongs to
weights.json rather than to the editors' lexicon: whoever changes it trains again (docs/accuracy.md).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from articles.folding import fold
from articles.tag.rules import LISTS, MIN_STEM, LexiconError, Term

FILE = Path(__file__).with_name("concepts.csv")


def load_concepts(path: Path = FILE) -> Iterator[Term]:
    """Yield the words of concepts.csv: a row for each concept, a column for each language, words divided by spaces.

    A word is a stem; one that ends with "." stands for itself alone; "_" joins the words of a phrase.
    Raises: LexiconError naming the file, the line and the column of what can't be read.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        languages = next(rows, [""])[1:]
        for place, language in enumerate(languages, 2):
            if language not in LISTS:
                raise LexiconError(f"{path}, line 1, column {place}: unknown language {language!r}")
        for line, (name, *cells) in ((line, row) for line, row in enumerate(rows, 2) if row):
            if len(cells) != len(languages):
                raise LexiconError(f"{path}, line {line}: {len(cells)} columns of words, {len(languages)} languages")
            for place, (language, cell) in enumerate(zip(languages, cells, strict=True), 2):
                for word in cell.split():
                    if not fold(word.replace("_", " "), language):
                        raise LexiconError(f"{path}, line {line}, column {place}: {name}: {word!r} has no letters")
                    yield _term(name, language, word)


def _term(name: str, language: str, word: str) -> Term:
    exact = word.endswith(".")
    text = word.rstrip(".").replace("_", " ").strip()
    parts = text.split()
    if language == "zh":
        kind = "substring"
    elif len(fold(text, language).split()) > 1:
        kind = "phrase"
        if not exact:
            text = " ".join(f"{part}*" if len(part) >= MIN_STEM else part for part in parts)
    else:
        kind = "word" if exact or len(fold(text, language)) < MIN_STEM else "stem"
    return Term(owner_kind="concept", owner=name, text=text, language=language, kind=kind)
