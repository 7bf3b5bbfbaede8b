from __future__ import annotations

import pytest

from articles.records import CleanEntry, SourceHints, Tags
from articles.tag import tag_entry
from articles.tag.lexicon import Lexicon

NO_HINTS = SourceHints()


def tagged(lexicon: Lexicon, title: str, summary: str = "", hints: SourceHints = NO_HINTS, link: str = "") -> Tags:
    return tag_entry(CleanEntry(title=title, summary=summary, link=link), lexicon, hints=hints)


def keys(tags: Tags) -> set[str]:
    return {tag.key for tag in tags.countries}


@pytest.mark.parametrize(
    ("title", "language", "country"),
    [
        ("Токаев подписал закон о бюджете Казахстана", "ru", "KZ"),
        ("Тоқаев Астанада үкімет отырысын өткізді", "kk", "KZ"),
        ("Qazaqstanda jaña salyq kodeksı qabyldandy", "kk", "KZ"),
        ("قازاقستاندا جاڭا زاڭ قابىلداندى", "kk", "KZ"),
        ("Садыр Жапаров Ош шаарында мектеп ачты", "ky", "KG"),
        ("Toshkentda yangi metro yo‘nalishi ochildi", "uz", "UZ"),
        ("Тошкентда янги метро йўналиши очилди", "uz", "UZ"),
        ("Президенти Тоҷикистон дар Душанбе суханронӣ кард", "tg", "TJ"),
        ("Türkmenistanyň Prezidenti Aşgabatda maslahat geçirdi", "tk", "TM"),
        ("Le président du Kirghizistan limoge un ministre à Bichkek", "fr", "KG"),
    ],
)
def test_article_knows_its_language_and_country(lexicon: Lexicon, title: str, language: str, country: str) -> None:
    tags = tagged(lexicon, title)
    assert tags.language == language
    assert country in keys(tags)


def test_every_tag_says_why_in_the_words_of_the_text(lexicon: Lexicon) -> None:
    title = "Минэнерго Казахстана: добыча нефти на Тенгизе выросла"
    tags = tagged(lexicon, title)
    assert next(tag.why for tag in tags.countries if tag.key == "KZ")[0] in title
    energy = next(tag for tag in tags.topics if tag.key == "energy")
    assert energy.score > 0
    assert all(word in title for word in energy.why)


def test_outlets_country_counts_when_the_text_names_none(lexicon: Lexicon) -> None:
    hints = SourceHints(language="ru", country="KG", covers=("KG",))
    tags = tagged(lexicon, "Президент подписал закон о повышении зарплат врачам", hints=hints)
    assert keys(tags) == {"KG"}
    assert tags.countries[0].why == ("outlet-covers",)


def test_outlets_country_never_outvotes_a_named_one(lexicon: Lexicon) -> None:
    hints = SourceHints(language="ru", country="KG", covers=("KG",))
    assert keys(tagged(lexicon, "В Узбекистане повысят зарплаты врачам", hints=hints)) == {"UZ"}


def test_format_of_the_five_names_all_five(lexicon: Lexicon) -> None:
    tags = tagged(lexicon, "Leaders meet for C5+1 summit", "The five presidents flew in on Monday.")
    assert {"KZ", "KG", "TJ", "TM", "UZ"} <= keys(tags)


@pytest.mark.parametrize(
    "title",
    [
        "Georgia governor Brian Kemp signs budget in Atlanta",
        "Vuelta: Astana win team time trial, Lopez takes the jersey",
        "Best places to eat in Samarkand",
        "Сборная Казахстана по футболу обыграла соперника в матче",
        "Talas Belediyesi yaz konserlerine devam ediyor",
    ],
)
def test_sport_travel_and_namesakes_stay_out(lexicon: Lexicon, title: str) -> None:
    assert not tagged(lexicon, title).relevant


def test_whole_feed_counts_when_an_editor_says_so(lexicon: Lexicon) -> None:
    tags = tagged(lexicon, "Сборная обыграла соперника", hints=SourceHints(all_relevant=True))
    assert tags.relevant
    assert tags.relevance_why == ("whole-feed",)


def test_category_of_the_feed_maps_to_a_topic(lexicon: Lexicon) -> None:
    entry = CleanEntry(title="Казахстан: новости дня", categories=("Вода",))
    tags = tag_entry(entry, lexicon, hints=SourceHints(all_relevant=True, category_topics={"вода": "water"}))
    assert [(tag.key, tag.why) for tag in tags.topics if tag.key == "water"] == [("water", ("Вода",))]


def test_short_summary_is_followed_by_the_text_that_was_fetched(lexicon: Lexicon) -> None:
    entry = CleanEntry(
        title="Президент подписал закон",
        summary="Документ вступит в силу через десять дней.",
        text="Жогорку Кенеш Кыргызстана принял документ в мае. " + "Он касается врачей. " * 500,
    )
    tags = tag_entry(entry, lexicon, hints=NO_HINTS)
    assert keys(tags) == {"KG"}


def test_title_counts_more_than_the_summary(lexicon: Lexicon) -> None:
    tags = tagged(lexicon, "Казахстан повысит пенсии", "О том же говорили в Узбекистане.")
    assert [tag.key for tag in tags.countries] == ["KZ", "UZ"]
    assert tags.countries[0].score == 2 * tags.countries[1].score


def test_empty_lexicon_still_tells_the_language() -> None:
    tags = tagged(Lexicon(), "Токаев подписал закон о бюджете")
    assert tags.language == "ru"
    assert tags.countries == tags.topics == tags.entities == ()


HOSTILE = [
    "",
    " ",
    "!!! ??? …",
    "\x00\x01\ud800 Токаев",
    "\u200b".join("Казахстан"),
    "Казахстан " * 500_000,
    "a" * 5_000_000,
    "ТОКАЕВ ПОДПИСАЛ ЗАКОН О ВЫБОРАХ В КАЗАХСТАНЕ",
    "Kaзaxcтaн и Kыpгызcтaн oткpыли гpaницy",
    "Ќазаќстан Республикасы мен Тољикистон, њамкорї",
    "قازاق 中国 Казах Kazakh ქართული",
    "\u0301" * 10_000,
    "1234567890 " * 100,
]


@pytest.mark.parametrize("title", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_titles_are_tagged_sensibly_or_not_at_all(lexicon: Lexicon, title: str) -> None:
    tags = tagged(lexicon, title, summary=title)
    assert len(tags.language) in (0, 2)
    assert all(tag.why for tag in (*tags.countries, *tags.topics, *tags.entities))


@pytest.mark.parametrize("title", ["\u200b".join("Казахстан") + " провёл выборы", "Kaзaxcтaн провёл выборы президента"])
def test_zero_width_and_lookalike_letters_hide_no_country(lexicon: Lexicon, title: str) -> None:
    assert "KZ" in keys(tagged(lexicon, title))
