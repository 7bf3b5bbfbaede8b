"""Make the weights of the model from labelled items: ``python -m articles.tag.training FILE.jsonl … [--check]``.

Logistic regression with an L2 penalty, plain gradient steps; rows of one story stay on one side when folds are cut.
"""

from __future__ import annotations

import argparse
import json
import math
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from articles.records import CleanEntry, SourceHints
from articles.tag.catalogue import load_catalogue_lexicon, load_source_hints
from articles.tag.hosts import host_of
from articles.tag.model import BIAS, RELEVANCE, WEIGHTS, Model, own_names
from articles.tag.tagger import Reading, read_entry

ROUNDS, RATE, PENALTY = 40, 0.2, 0.03
FOLDS = 5
TOPIC_FROM = 0.28  # best F1 over stories that were left out; topics are rare, so less than one half
RELEVANT_FROM = 0.6  # what lets the most out that does not belong for the least that does
Row = tuple[Mapping[str, float], bool]


def fit(rows: Sequence[Row], *, penalty: float = PENALTY) -> dict[str, float]:
    """Return weights that tell the rows apart (AdaGrad, a fixed order, so that the file can be made again)."""
    weights: dict[str, float] = defaultdict(float)
    seen: dict[str, float] = defaultdict(lambda: 1e-6)
    for _ in range(ROUNDS):
        for features, truth in rows:
            total = weights[BIAS] + sum(weights[name] * value for name, value in features.items())
            error = 1 / (1 + math.exp(-max(-30.0, min(30.0, total)))) - truth
            for name, value in (*features.items(), (BIAS, 1.0)):
                step = error * value + (penalty * weights[name] if name != BIAS else 0.0)
                seen[name] += step * step
                weights[name] -= RATE * step / math.sqrt(seen[name])
    return {name: round(value, 3) for name, value in sorted(weights.items()) if abs(value) >= 0.05 or name == BIAS}


def train(items: Sequence[tuple[Reading, Mapping[str, Any]]], topics: Sequence[str]) -> Model:
    """Return the model of (what was read, gold) pairs; topics learn from relevant items only."""
    weights: dict[str, dict[str, float]] = {}
    for label in (RELEVANCE, *topics):
        rows: list[Row] = []
        for reading, gold in items:
            if label != RELEVANCE and not gold["relevant"]:
                continue
            features = {name: value for name, (value, _) in own_names(label, reading.evidence).items()}
            rows.append((features, gold["relevant"] if label == RELEVANCE else label in gold["topics"]))
        weights[label] = fit(rows)
    thresholds: dict[str, float] = dict.fromkeys(topics, TOPIC_FROM)
    thresholds[RELEVANCE] = RELEVANT_FROM
    return Model(weights, thresholds)


def read_items(paths: Iterable[Path]) -> list[tuple[Reading, dict[str, Any], str]]:
    """Return (evidence, gold, story) of the labelled lines of the files."""
    lexicon, sources = load_catalogue_lexicon(), load_source_hints()
    out = []
    for path in paths:
        for text in path.read_text(encoding="utf-8").splitlines():
            line = json.loads(text)
            name = str(line.get("source") or "")
            known = sources.get(name) or sources.get(name.casefold()) or sources.get(host_of(line.get("url") or ""))
            known = known or SourceHints()
            hints = SourceHints(language=line.get("language") or "", country=known.country, covers=known.covers)
            entry = CleanEntry(title=line["title"], summary=line.get("text") or "", link=line.get("url") or "")
            gold = line["gold"]
            out.append((read_entry(entry, lexicon, hints=hints), gold, str(gold.get("story") or line["id"])))
    return out


def fold_of(story: str) -> int:
    """The fold of a story, the same in every run."""
    return zlib.crc32(story.encode()) % FOLDS


def main() -> None:
    """Train on all files and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    items = [(reading, gold) for reading, gold, _ in read_items(parser.parse_args().files)]
    topics = sorted({slug for _, gold in items for slug in gold["topics"]})
    model = train(items, topics)
    data = {"thresholds": dict(model.thresholds), "weights": {key: dict(row) for key, row in model.weights.items()}}
    WEIGHTS.write_text(json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
