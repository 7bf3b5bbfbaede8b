"""The catalogue of the sample edition: the real countries, topics and terms, with invented outlets and people."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

from articles.sample.edition import LEXICON_PATH, source_rows
from articles.sample.records import Edition

CATALOGUE_DIR = Path(__file__).parents[1] / "catalogue"


def write_catalogue(folder: Path, *, edition: Edition, base_url: str, catalogue: Path = CATALOGUE_DIR) -> None:
    """Write into ``folder`` the files that `manage.py load_catalogue --path` reads for the sample edition.

    Facts are copied from ``catalogue``; entities get the invented ones of lexicon.json besides; sources.csv holds the
    invented outlets alone, their feeds at ``base_url``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for file in catalogue.iterdir():
        if file.suffix in {".csv", ".json"} and file.name not in {"sources.csv", "entities.json"}:
            shutil.copyfile(file, folder / file.name)
    entities = [json.loads(path.read_text(encoding="utf-8")) for path in (catalogue / "entities.json", LEXICON_PATH)]
    (folder / "entities.json").write_text(json.dumps([*entities[0], *entities[1]], ensure_ascii=False), "utf-8")
    rows = source_rows(edition, base_url=base_url)
    with (folder / "sources.csv").open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
