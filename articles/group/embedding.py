"""An optional sentence model as one more fact of a pair. Off by default; nothing depends on it."""

from __future__ import annotations

import importlib
import math
from array import array
from collections.abc import Sequence
from typing import Protocol

PACKAGE = "sentence_transformers"  # not among the requirements: it brings gigabytes with it
WEIGHT = 6.0  # log-odds from unlike to alike; by hand, as no model stands by to fit it with
EVEN = 0.55  # cosine at which a multilingual sentence model says neither yes nor no
MAX_CHARS = 512


class Embedder(Protocol):
    """What we ask of a model; sentence-transformers models offer it as it is."""

    def encode(self, sentences: list[str]) -> Sequence[Sequence[float]]:
        """Return one vector per sentence, all of one length."""


class EmbedderMissing(RuntimeError):
    """A model is named in the settings and cannot be loaded; says why."""


def load_embedder(name: str) -> Embedder | None:
    """Load the model of that local path or hub name; None for "". Raises: EmbedderMissing."""
    if not name:
        return None
    try:
        model: Embedder = importlib.import_module(PACKAGE).SentenceTransformer(name)
    except (ImportError, OSError, ValueError) as error:
        raise EmbedderMissing(f"the model {name!r} cannot be loaded: {error}") from error
    return model


def embed(embedder: Embedder, title: str, text: str) -> array[float]:
    """Return the vector of a report, of length 1; empty when the model gives nothing to compare."""
    values = [float(value) for value in embedder.encode([f"{title}\n{text}"[:MAX_CHARS]])[0]]
    length = math.sqrt(math.fsum(value * value for value in values))
    return array("f", (value / length for value in values)) if 0 < length < math.inf else array("f")


def likeness(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the log-odds that two vectors add to the score of a pair; 0 when one of them is missing."""
    if len(one) != len(other) or not one:
        return 0.0
    return WEIGHT * (math.fsum(a * b for a, b in zip(one, other, strict=True)) - EVEN)
