"""Make the weights of the model from labelled items: ``python -m articles.tag.training FILE.jsonl … [--check]``.

Logistic regression with an L2 penalty, by coordinate descent: exact, and the same file in every run. Words that only
one story of the labelled items shows are overlooked half of the time, since the lexicon grew with these items in view
and will know fewer words of any other text. ``--check`` measures instead, with whole stories left out.
"""

from __future__ import annotations

import argparse
import json
import math
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from articles.records import CleanEntry, SourceHints
from articles.tag.catalogue import load_catalogue_lexicon, load_source_hints
from articles.tag.countries import CORE
from articles.tag.evidence import Evidence
from articles.tag.hosts import host_of
from articles.tag.lexicon import Lexicon
from articles.tag.model import BIAS, RELEVANCE, WEIGHTS, Model, own_names
from articles.tag.rules import Term
from articles.tag.tagger import MOST_TOPICS, Reading, read_entry

SWEEPS, PENALTY = 25, 2.0
FOLDS = 5
TOPIC_FROM = 0.3  # best F1 over stories that were left out; topics are rare, so less than one half
RELEVANT_FROM = 0.6  # what lets the most out that does not belong for the least that does
SMALL = 0.04  # weights below this are left out of the file
Row = tuple[Mapping[str, float], bool]


@dataclass(frozen=True, slots=True)
class Item:
    """One labelled line as it is read, and as it would be read by a lexicon that knows it less well."""

    reading: Reading
    thinned: Evidence
    gold: Mapping[str, Any]
    story: str


def fit(rows: Sequence[Row], *, penalty: float = PENALTY) -> dict[str, float]:
    """Return the weights of least logistic loss plus ``penalty``/2 times their squares (the bias is free)."""
    columns: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for at, (features, _) in enumerate(rows):
        columns[BIAS].append((at, 1.0))
        for name, value in features.items():
            columns[name].append((at, value))
    truth = [float(positive) for _, positive in rows]
    totals = [0.0] * len(rows)
    weights = dict.fromkeys(sorted(columns), 0.0)
    for _ in range(SWEEPS):
        for name in weights:
            shrink = 0.0 if name == BIAS else penalty
            slope, bend = shrink * weights[name], shrink + 1e-6
            for at, value in columns[name]:
                guess = 1 / (1 + math.exp(-max(-30.0, min(30.0, totals[at]))))
                slope += value * (guess - truth[at])
                bend += value * value * guess * (1 - guess)
            step = max(-1.0, min(1.0, slope / bend))
            weights[name] -= step
            for at, value in columns[name]:
                totals[at] -= step * value
    return {name: round(value, 3) for name, value in weights.items() if abs(value) >= SMALL or name == BIAS}


def train(items: Sequence[Item], topics: Sequence[str]) -> Model:
    """Return the model of labelled items; topics learn from relevant items only."""
    weights: dict[str, dict[str, float]] = {}
    for label in (RELEVANCE, *topics):
        rows: list[Row] = []
        for item in items:
            if label == RELEVANCE:
                rows.append((own_names(label, item.thinned), bool(item.gold["relevant"])))
            elif item.gold["relevant"]:
                rows.append((own_names(label, item.thinned), label in item.gold["topics"]))
        weights[label] = fit(rows)
    thresholds: dict[str, float] = dict.fromkeys(topics, TOPIC_FROM)
    thresholds[RELEVANCE] = RELEVANT_FROM
    return Model(weights, thresholds)


def read_items(paths: Iterable[Path]) -> list[Item]:
    """Return the labelled lines of the files, read with the shipped catalogue."""
    lexicon, sources = load_catalogue_lexicon(), load_source_hints()
    lines = [json.loads(text) for path in paths for text in path.read_text(encoding="utf-8").splitlines()]
    entries = [_entry(line, sources) for line in lines]
    readings = [read_entry(entry, lexicon, hints=hints) for entry, hints in entries]
    stories = [str(line["gold"].get("story") or line["id"]) for line in lines]
    shown: dict[Term, set[str]] = defaultdict(set)
    for reading, story in zip(readings, stories, strict=True):
        for hit in reading.hits:
            shown[hit.term].add(story)
    rare = {term for term, found in shown.items() if len(found) == 1 and term.owner_kind != "concept" and _coin(term)}
    return [
        Item(reading, _thinned(entry, hints, lexicon, rare), line["gold"], story)
        for line, (entry, hints), reading, story in zip(lines, entries, readings, stories, strict=True)
    ]


def _thinned(entry: CleanEntry, hints: SourceHints, lexicon: Lexicon, rare: set[Term]) -> Evidence:
    return read_entry(entry, lexicon, hints=hints, without=rare).evidence


def _coin(term: Term) -> bool:
    """Heads or tails, the same in every run."""
    return zlib.crc32(f"{term.owner} {term.language} {term.text}".encode()) % 2 == 0


def _entry(line: Mapping[str, Any], sources: Mapping[str, SourceHints]) -> tuple[CleanEntry, SourceHints]:
    name, url = str(line.get("source") or ""), str(line.get("url") or "")
    known = sources.get(name) or sources.get(name.casefold()) or sources.get(host_of(url)) or SourceHints()
    hints = SourceHints(language=line.get("language") or "", country=known.country, covers=known.covers)
    return CleanEntry(title=line["title"], summary=line.get("text") or "", link=url), hints


def fold_of(story: str) -> int:
    """The fold of a story, the same in every run."""
    return zlib.crc32(story.encode()) % FOLDS


def check(items: Sequence[Item], topics: Sequence[str]) -> dict[str, float]:
    """Return F1 of relevance and topics and the share of irrelevant items kept out, each story by others' weights."""
    right, wrong, missed = Counter[str](), Counter[str](), Counter[str]()
    for fold in range(FOLDS):
        model = train([item for item in items if fold_of(item.story) != fold], topics)
        for item in items:
            if fold_of(item.story) == fold:
                found = _labels(item.reading, model, topics)
                gold = {*item.gold["topics"], *([RELEVANCE] if item.gold["relevant"] else [])}
                right.update(gold & found)
                wrong.update(found - gold)
                missed.update(gold - found)
    figures = {name: _f1(right[name], wrong[name], missed[name]) for name in (RELEVANCE, *topics)}
    figures["topics"] = _f1(*(sum(count[slug] for slug in topics) for count in (right, wrong, missed)))
    irrelevant = sum(not item.gold["relevant"] for item in items)
    return {**figures, "irrelevant_out": round(1 - wrong[RELEVANCE] / max(1, irrelevant), 3)}


def _labels(reading: Reading, model: Model, topics: Sequence[str]) -> set[str]:
    """What the tagger would say of the article, by this model."""
    scores = model.scores(reading.evidence)
    if not any(code in CORE for code in reading.countries) or scores[RELEVANCE] < model.thresholds[RELEVANCE]:
        return set()
    best = sorted(topics, key=lambda slug: -scores[slug])[:MOST_TOPICS]
    return {RELEVANCE, *(slug for slug in best if scores[slug] >= model.thresholds[slug])}


def _f1(right: int, wrong: int, missed: int) -> float:
    return round(2 * right / max(1, 2 * right + wrong + missed), 3)


def main() -> None:
    """Train on all files and write the weights, or measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--check", action="store_true", help="measure with whole stories left out, write nothing")
    options = parser.parse_args()
    items = read_items(options.files)
    topics = sorted({slug for item in items for slug in item.gold["topics"]})
    if options.check:
        print(json.dumps(check(items, topics)))
        return
    model = train(items, topics)
    data = {"thresholds": dict(model.thresholds), "weights": {key: dict(row) for key, row in model.weights.items()}}
    WEIGHTS.write_text(json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
