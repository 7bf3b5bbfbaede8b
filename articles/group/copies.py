"""Copies: the same text under several mastheads or in two scripts, found by sketches of word shingles.

A sketch holds the smallest hashes of the distinct shingles of a text (bottom-k MinHash: Broder, 1997). As words are
folded to one Latin skeleton, the Latin and the Cyrillic edition of one text give nearly the same sketch.
"""

from __future__ import annotations

from zlib import crc32

SHINGLE = 3  # words
SIZE = 32  # hashes kept
KEYS = 4  # of them looked up: two texts with similarity s share one of the smallest four with about 1 - (1 - s)^4
MIN_WORDS = 5  # shorter texts ("Weather", "Press review") are no evidence
SAME = 0.6  # Jaccard similarity of shingles from which a text is called a copy

Sketch = tuple[int, ...]


def sketch(folded: list[str]) -> Sketch:
    """Return the smallest hashes of the shingles of a folded text, ascending; () for a text too short to judge."""
    if len(folded) < MIN_WORDS:
        return ()
    shingles = {" ".join(folded[i : i + SHINGLE]) for i in range(len(folded) - SHINGLE + 1)}
    return tuple(sorted({crc32(shingle.encode()) for shingle in shingles})[:SIZE])


def similarity(one: Sketch, other: Sketch) -> float:
    """Estimate the Jaccard similarity of two texts, 0 to 1."""
    if not one or not other:
        return 0.0
    size = min(SIZE, max(len(one), len(other)))
    union = sorted({*one, *other})[:size]
    both = {*one} & {*other}
    return sum(value in both for value in union) / len(union)
