"""Words of twelve languages as language-independent concepts (concepts.tsv), and the words that say nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from articles.folding import skeleton

HERE = Path(__file__).parent
UNSPACED = frozenset({"zh", "ja"})  # written without spaces: concepts are looked for inside the text
_MIN_STEM = 2


Entry = tuple[tuple[str, ...], str]  # further words of a phrase, concept
_OPEN_VOWELS = str.maketrans("ou", "aa")


@lru_cache(maxsize=100_000)
def folded_word(word: str) -> str:
    """Return the skeleton of one word, its back vowels as one, so that a stem folds like the words made from it."""
    return skeleton(word).replace(" ", "").translate(_OPEN_VOWELS)


class Concepts:
    """The bridge between languages: stems of each language and the concept that they stand for."""

    def __init__(self, rows: Mapping[str, Mapping[str, tuple[str, ...]]], stops: Mapping[str, frozenset[str]]) -> None:
        """Take ``rows`` as {concept: {language: stems}}; a stem may be a phrase, its words divided by spaces."""
        self._stems: dict[str, dict[str, list[Entry]]] = {}
        self._inside: dict[str, list[tuple[str, str]]] = {language: [] for language in UNSPACED}
        self._stops = stops
        for concept, by_language in rows.items():
            for language, stems in by_language.items():
                for stem in stems:
                    self._learn(concept, language, stem)

    def _learn(self, concept: str, language: str, stem: str) -> None:
        if language in UNSPACED:
            self._inside[language].append((stem, concept))
            return
        words = tuple(_fold_stem(word) for word in stem.split(" "))
        entry = self._stems.setdefault(language, {}).setdefault(words[0], [])
        entry.append((words[1:], concept))
        entry.sort(key=lambda item: -len(item[0]))

    def is_stop(self, folded: str, language: str) -> bool:
        """Whether a folded word is one of the small words of its language."""
        return folded in self._stops.get(language, frozenset())

    def month(self, folded: str, language: str) -> int:
        """Return 1 to 12 when the word is a month in its language, else 0."""
        for concept, _ in self.find("", [folded], language):
            if concept.startswith("month-"):
                return int(concept[6:])
        return 0

    def find(self, text: str, folded: list[str], language: str) -> Iterator[tuple[str, str]]:
        """Yield (concept, words) for each concept in a text, the longest stem at each place."""
        if language in UNSPACED:
            yield from ((concept, stem) for stem, concept in self._inside[language] if stem in text)
            return
        stems = self._stems.get(language)
        if stems is None:
            return
        for i, word in enumerate(folded):
            for concept, size in _longest(stems, word, folded, i):
                yield concept, " ".join(folded[i : i + size])


def _fold_stem(stem: str) -> str:
    """Fold a stem; ``$`` at its end stays and means that the word ends there."""
    return folded_word(stem.removesuffix("$")) + ("$" if stem.endswith("$") else "")


def _longest(stems: dict[str, list[Entry]], word: str, folded: list[str], at: int) -> list[tuple[str, int]]:
    """Return the concepts of the longest stem that ``word`` begins with, each with how many words it is made of."""
    for key in (f"{word}$", *(word[:length] for length in range(min(len(word), 16), _MIN_STEM - 1, -1))):
        found: list[tuple[str, int]] = []
        for rest, concept in stems.get(key, ()):
            following = folded[at + 1 : at + 1 + len(rest)]
            if found and found[0][1] != 1 + len(rest):
                break  # a longer phrase was found
            if len(following) == len(rest) and all(map(_begins, following, rest)):
                found.append((concept, 1 + len(rest)))
        if found:
            return found
    return []


def _begins(word: str, stem: str) -> bool:
    return word == stem[:-1] if stem.endswith("$") else word.startswith(stem)


@lru_cache(maxsize=1)
def shipped() -> Concepts:
    """Return the concepts and small words that come with the program."""
    lines = [line for line in (HERE / "concepts.tsv").read_text("utf-8").splitlines() if line and line[0] != "#"]
    languages = lines[0].split("\t")[1:]
    rows: dict[str, dict[str, tuple[str, ...]]] = {}
    for line in lines[1:]:
        concept, *cells = line.split("\t")
        rows[concept] = {
            language: tuple(stem.replace("_", " ") for stem in cell.split())
            for language, cell in zip(languages, cells, strict=True)
            if cell.split()
        }
    stops = {}
    for line in (HERE / "stopwords.tsv").read_text("utf-8").splitlines():
        language, words = line.split("\t")
        stops[language] = frozenset(folded_word(word) for word in words.split())
    return Concepts(rows, stops)
