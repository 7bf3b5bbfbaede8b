from datetime import UTC, datetime, timedelta

import pytest

from articles.group.headline import Candidate, choose_headline

THEN = datetime(2025, 11, 20, tzinfo=UTC)
WIRE = Candidate(1, "President receives the ambassador of Japan in the capital", "", "en", THEN, "state")
PAPER = Candidate(2, "Japan to finance a bridge over the Panj, ambassador says", "x" * 300, "en", THEN, "independent")
SHOUT = Candidate(3, "СРОЧНО!!! ЧТО СКАЗАЛ ПОСОЛ ЯПОНИИ???", "x" * 300, "ru", THEN, "independent")
CALM = Candidate(4, "Япония профинансирует мост через Пяндж, сообщил посол", "", "ru", THEN, "commercial")


def test_an_outlet_that_says_more_than_the_wire_speaks_for_the_story() -> None:
    assert choose_headline([WIRE, PAPER]).lead == PAPER.id


def test_each_language_of_the_story_has_its_headline() -> None:
    assert choose_headline([WIRE, PAPER, CALM]).by_language == {"en": PAPER.id, "ru": CALM.id}


def test_shouting_headlines_lose() -> None:
    assert choose_headline([SHOUT, CALM]).lead == CALM.id


def test_of_equal_reports_the_earlier_one_leads() -> None:
    later = Candidate(5, WIRE.title, "", "en", THEN + timedelta(hours=9), "state")
    assert choose_headline([later, WIRE]).lead == WIRE.id


def test_an_untitled_report_is_no_headline_of_its_language() -> None:
    assert choose_headline([Candidate(1, "", "text", "en", THEN), CALM]).by_language == {"ru": CALM.id}


def test_a_story_without_reports_has_no_headline() -> None:
    with pytest.raises(ValueError, match="no headline"):
        choose_headline([])
