import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from django.conf import LazySettings

from articles.group import Grouper, load_embedder
from articles.group.embedding import EmbedderMissing, embed, likeness
from articles.remembering import embedder
from tests.group.test_grouper import report

STUB = '''
class SentenceTransformer:
    """Knows two meanings, by a word of each language."""

    def __init__(self, name):
        if name != "tiny":
            raise OSError("no such model")

    def encode(self, sentences):
        return [[float("sunflower" in s or "подсолнух" in s), float("vote" in s), 0.1] for s in sentences]
'''


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package of the same interface, found where the real one would be."""
    (tmp_path / "sentence_transformers.py").write_text(STUB, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "sentence_transformers", raising=False)


def test_no_name_means_no_model() -> None:
    assert load_embedder("") is None


@pytest.mark.usefixtures("package")
def test_a_model_is_loaded_by_its_name_and_brings_languages_together() -> None:
    model = load_embedder("tiny")
    assert model is not None
    grouper, plain = Grouper(embedder=model), Grouper()
    english = report(1, "A field of sunflowers in bloom", countries=("TJ",))
    russian = report(2, "Цветут подсолнухи", language="ru", countries=("TJ",))
    scores = []
    for each in (grouper, plain):
        each.add(english)
        each.add(russian)
        scores.append(len(each.stories))
    assert scores == [1, 2]


@pytest.mark.usefixtures("package")
def test_a_model_that_cannot_be_loaded_is_named() -> None:
    with pytest.raises(EmbedderMissing, match="other"):
        load_embedder("other")


class Blank:
    def encode(self, sentences: list[str]) -> Sequence[Sequence[float]]:
        return [[0.0, 0.0] for _ in sentences]


def test_a_model_with_nothing_to_say_changes_nothing() -> None:
    assert likeness(embed(Blank(), "a", "b"), embed(Blank(), "c", "d")) == 0


@pytest.fixture
def fresh() -> Iterator[None]:
    embedder.cache_clear()
    yield
    embedder.cache_clear()


@pytest.mark.usefixtures("package", "fresh")
def test_the_setting_names_the_model_and_is_off_by_default(settings: LazySettings) -> None:
    assert settings.EMBEDDING_MODEL == ""
    assert embedder() is None
    embedder.cache_clear()
    settings.EMBEDDING_MODEL = "tiny"
    found = embedder()
    assert found is not None
    assert found.encode(["a sunflower"]) == [[1.0, 0.0, 0.1]]


@pytest.mark.usefixtures("package", "fresh")
def test_grouping_goes_on_without_a_model_that_cannot_be_loaded(
    settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMBEDDING_MODEL = "other"
    assert embedder() is None
    assert "'other' cannot be loaded" in caplog.text
