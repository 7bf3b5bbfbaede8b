"""The words by which labels in one language teach the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from articles.tag.concepts import load_concepts
from articles.tag.lexicon import compile_lexicon
from articles.tag.matcher import find_hits
from articles.tag.rules import LexiconError


def test_one_concept_is_found_in_every_language() -> None:
    lexicon = compile_lexicon(load_concepts())
    titles = {
        ("en", "Latn"): "Court hears the case",
        ("ru", "Cyrl"): "Суд рассмотрел дело",
        ("kk", "Cyrl"): "Сот істі қарады",
        ("ky", "Cyrl"): "Сот ишти карады",
        ("uz", "Latn"): "Sud ishni koʻrib chiqdi",
        ("uz", "Cyrl"): "Суд ишни кўриб чиқди",
        ("tg", "Cyrl"): "Суд парвандаро баррасӣ кард",
        ("tk", "Latn"): "Kazyýet işe seretdi",
        ("fr", "Latn"): "Le tribunal examine l’affaire",
        ("de", "Latn"): "Das Gericht verhandelt",
        ("tr", "Latn"): "Mahkeme davayı görüştü",
        ("zh", "Hans"): "法院审理此案",
        ("fa", "Arab"): "دادگاه پرونده را بررسی کرد",
    }
    for (language, script), title in titles.items():
        found = {hit.term.owner for hit in find_hits(title, "", lexicon, language=language, script=script)}
        assert "court" in found, language


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("concept,en,xx\n", "line 1, column 3"),
        ("concept,en,ru\ncourt,court\n", "line 2: 1 columns"),
        ("concept,en,ru\ncourt,court,суд\ntrain,train,...\n", "line 3, column 3"),
    ],
)
def test_broken_file_is_named_with_its_place(tmp_path: Path, text: str, place: str) -> None:
    path = tmp_path / "concepts.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LexiconError, match=place):
        list(load_concepts(path))
