"""Names that recur in the articles and are in no list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from articles.lexicon import InForce
from articles.models import Article, Source
from articles.new_names import find_new_names
from articles.store.tags import TagRows
from articles.tag.lexicon import EntityFacts, Lexicon, compile_lexicon
from articles.tag.names import names_in
from articles.tag.rules import Term

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
TITLES = [
    ("ru", "Cyrl", "Министр Бектур Саламатов открыл школу в Оше"),
    ("ru", "Cyrl", "По словам Бектура Саламатова, школу построили за год"),
    ("ky", "Cyrl", "Министр Бектур Саламатов жаңы мектепти ачты"),
    ("en", "Latn", "Parents thank Bektur Salamatov for the new school in Osh"),
]


def small_lexicon() -> Lexicon:
    terms = [Term("entity", "osh", "Оше", "ru"), Term("entity", "osh", "Osh", "en")]
    return compile_lexicon(terms, entities=[EntityFacts("osh", countries=("KG",))])


@pytest.fixture
def in_force() -> InForce:
    return InForce(small_lexicon(), TagRows(frozenset(), {}, {}))


def publish(title: str, language: str, script: str, outlet: Source, *, days_ago: int = 0) -> Article:
    at = NOW - timedelta(days=days_ago, hours=1)
    return Article.objects.create(
        source=outlet, title=title, language=language, script=script, fetched_at=at, updated_at=at, at=at
    )


@pytest.mark.django_db
def test_name_in_several_scripts_and_cases_is_offered_once_with_its_articles(in_force: InForce) -> None:
    outlets = [Source.objects.create(slug=f"paper-{n}", name=f"Газета {n}") for n in range(2)]
    articles = [publish(title, language, script, outlets[n % 2]) for n, (language, script, title) in enumerate(TITLES)]
    (found,) = find_new_names(now=NOW, lexicon=in_force)
    assert set(found.articles) == {article.pk for article in articles}
    assert found.outlets == 2
    assert {"Bektur Salamatov", "Бектура Саламатова"} <= {written for _, written in found.spellings}


@pytest.mark.django_db
def test_rare_old_and_single_outlet_names_are_not_offered(in_force: InForce) -> None:
    one, two = (Source.objects.create(slug=f"paper-{n}", name=f"Газета {n}") for n in range(2))
    for _ in range(5):
        publish("В городе выступил Арслан Мукашев с новой песней", "ru", "Cyrl", one)
        publish("Вчера приехал Данияр Ашимбеков из столицы страны", "ru", "Cyrl", two, days_ago=60)
    publish("Об этом сказал Тимур Касенов на встрече с жителями", "ru", "Cyrl", two)
    assert find_new_names(now=NOW, lexicon=in_force) == []


@pytest.mark.parametrize(
    ("title", "language", "script"),
    [
        ("ВЛАСТИ ГОРОДА ОБСУДИЛИ БЮДЖЕТ ЧЫНГЫЗ ДАМИРОВ", "ru", "Cyrl"),
        ("New Minister Visits School With Bektur Salamatov", "en", "Latn"),
        ("塔吉克斯坦东部发生地震", "zh", "Hans"),
        ("Жители вернулись в Оше домой после дождей", "ru", "Cyrl"),
    ],
)
def test_capitals_that_say_nothing_and_known_names_yield_no_name(title: str, language: str, script: str) -> None:
    names = names_in(title, "", small_lexicon(), language=language, script=script)
    assert [name.written for name in names if not name.opens] == []
