"""The catalogue's rows: known languages, kinds and owners, no name claimed twice without saying so."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from articles.folding import fold
from articles.tag.catalogue import FOLDER, load_catalogue_terms, load_entities, load_source_hints, load_tiers
from articles.tag.lexicon import Lexicon
from articles.tag.rules import LexiconError, Term


@pytest.fixture(scope="module")
def terms() -> list[Term]:
    return list(load_catalogue_terms())


def test_catalogue_compiles(lexicon: Lexicon) -> None:
    assert lexicon.size > 20_000
    assert len(lexicon.topics) == 18


def test_no_alias_of_a_country_belongs_to_two(terms: list[Term]) -> None:
    owners: dict[tuple[str, str], set[str]] = defaultdict(set)
    for term in terms:
        if term.owner_kind == "country":
            owners[term.language, fold(term.text.replace("*", ""), term.language)].add(term.owner)
    assert {key: found for key, found in owners.items() if len(found) > 1} == {}


def test_shared_alias_of_entities_says_that_it_is_ambiguous(terms: list[Term]) -> None:
    owners: dict[tuple[str, str], list[Term]] = defaultdict(list)
    for term in terms:
        if term.owner_kind == "entity":
            owners[term.language, fold(term.text.replace("*", ""), term.language)].append(term)
    shared = [found for found in owners.values() if len({term.owner for term in found}) > 1]
    assert [found for found in shared if not all(term.ambiguous for term in found)] == []


def test_entities_name_known_countries_and_topics(lexicon: Lexicon) -> None:
    tiers = load_tiers()
    for entity in load_entities():
        assert set(entity.countries) <= set(tiers) | {"CA", "VN"}, entity.id
        assert set(entity.topics) <= set(lexicon.topics), entity.id


def test_outlets_are_known_by_slug_name_and_host() -> None:
    hints = load_source_hints()
    assert hints["tengrinews-ru"].country == "KZ"
    assert hints["24.kg"].country == "KG"


def test_broken_file_is_named_with_line_and_column(tmp_path: Path) -> None:
    for path in FOLDER.glob("*.json"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "topics.json").write_text('[\n {"slug": }\n]', encoding="utf-8")
    with pytest.raises(LexiconError, match=r"topics\.json, line 2, column"):
        list(load_catalogue_terms(tmp_path))
