from datetime import UTC, datetime, timedelta

from articles.group.headline import Candidate, lead, leads

THEN = datetime(2025, 11, 20, tzinfo=UTC)
WIRE = Candidate(1, "President receives the ambassador of Japan in the capital", "", "en", THEN, "state")
PAPER = Candidate(2, "Japan to finance a bridge over the Panj, ambassador says", "x" * 300, "en", THEN, "independent")
SHOUT = Candidate(3, "СРОЧНО!!! ЧТО СКАЗАЛ ПОСОЛ ЯПОНИИ???", "x" * 300, "ru", THEN, "independent")
CALM = Candidate(4, "Япония профинансирует мост через Пяндж, сообщил посол", "", "ru", THEN, "commercial")


def test_an_outlet_that_says_more_than_the_wire_speaks_for_the_story() -> None:
    assert lead([WIRE, PAPER]) == PAPER


def test_a_reader_gets_a_headline_in_their_language_where_there_is_one() -> None:
    assert lead([PAPER, CALM], "ru") == CALM
    assert lead([PAPER, CALM], "fr") == lead([PAPER, CALM])


def test_shouting_headlines_lose() -> None:
    assert lead([SHOUT, CALM]) == CALM


def test_of_equal_reports_the_earlier_one_leads() -> None:
    later = Candidate(5, WIRE.title, "", "en", THEN + timedelta(hours=9), "state")
    assert lead([later, WIRE]) == WIRE


def test_each_language_has_its_lead() -> None:
    assert {language: c.id for language, c in leads([WIRE, PAPER, CALM]).items()} == {"": 2, "en": 2, "ru": 4}


def test_a_story_without_reports_has_no_headline() -> None:
    assert lead([]) is None
