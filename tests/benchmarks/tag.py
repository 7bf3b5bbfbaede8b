"""How fast tagging is, on one core: ``python -m tests.benchmarks.tag``; prints one JSON line.

Timed in the same run, so that machines can be compared: the bare work of the C libraries that tagging stands on (one
guess of the detector, one pass of the automaton over the folded text), and tagging with an empty lexicon.
"""

from __future__ import annotations

import json
import resource
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

import pycld2

from articles.folding import fold
from articles.records import CleanEntry, SourceHints
from articles.tag import tag_entry
from articles.tag.catalogue import load_catalogue_lexicon
from articles.tag.lexicon import Lexicon

WORDS, ITEMS = 60, 1_000
TUNE = Path(__file__).resolve().parent.parent / "data" / "labelled" / "tune.jsonl"


def items() -> list[tuple[CleanEntry, SourceHints]]:
    """Labelled items, each filled up to WORDS words with others of its language."""
    lines = [json.loads(line) for line in TUNE.read_text(encoding="utf-8").splitlines()]
    out = []
    for at in range(ITEMS):
        line = lines[at % len(lines)]
        words = f"{line['title']} {line['text']}".split()
        others = [other for other in lines if other["gold"]["language"] == line["gold"]["language"]]
        for step in range(WORDS):
            words += others[(at + step) % len(others)]["text"].split()
            if len(words) >= WORDS:
                break
        entry = CleanEntry(title=" ".join(words[:12]), summary=" ".join(words[12:WORDS]))
        out.append((entry, SourceHints(language=line["gold"]["language"])))
    return out


def rate(work: Callable[[CleanEntry, SourceHints], object], entries: list[tuple[CleanEntry, SourceHints]]) -> float:
    """Return items a second of processor time, the best of three rounds."""
    best = 0.0
    for _ in range(3):
        started = time.process_time()
        for entry, hints in entries:
            work(entry, hints)
        best = max(best, len(entries) / (time.process_time() - started))
    return round(best)


def bare(lexicon: Lexicon) -> Callable[[CleanEntry, SourceHints], object]:
    """What no tagger of this kind could leave out."""

    def work(entry: CleanEntry, hints: SourceHints) -> object:
        text = f"{entry.title} {entry.summary}"
        pycld2.detect(text, isPlainText=True, bestEffort=True)
        return deque(lexicon.automata[hints.language].iter(f" {fold(text, hints.language)} "), maxlen=0)

    return work


def main() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    lexicon = load_catalogue_lexicon()
    compiled = time.process_time() - started
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    entries = items()
    tagging = rate(lambda entry, hints: tag_entry(entry, lexicon, hints=hints), entries)
    libraries = rate(bare(lexicon), entries)
    found = {
        "benchmark": "tag",
        "words": WORDS,
        "items_per_second": tagging,
        "bare_libraries_items_per_second": libraries,
        "times_the_bare_work": round(libraries / tagging, 2),
        "empty_lexicon_items_per_second": rate(lambda entry, hints: tag_entry(entry, Lexicon(), hints=hints), entries),
        "terms": lexicon.size,
        "compile_seconds": round(compiled, 2),
        "compile_megabytes": round(memory),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
