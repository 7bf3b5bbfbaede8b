"""The page of a story: orders, silence, neighbours in the reader's list, what attacks in a title, the picture."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from articles.models import Article, DailyCount, Feed, Story
from tests.publish.newsroom import Newsroom

pytestmark = pytest.mark.django_db
ATTACKS = [
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "Ш" * 5000,
    "\u202edetrevni si siht\u2066 and this\u2067",
    "</title></script><style>*{display:none}</style>",
    "{{ SECRET_KEY }}{% load x %}",
    "a\u0301" * 2000,
    "﷽" * 300,
]


def report(newsroom: Newsroom, title: str, outlet: str = "vlast", *, hours: float = 1, **fields: Any) -> Article:
    now = timezone.now()
    return newsroom.article(title, outlet, at=now - timedelta(hours=hours), fetched_at=now, **fields)


@pytest.fixture
def three(newsroom: Newsroom) -> list[Story]:
    """Three stories of one country, the newest first."""
    return [newsroom.story(report(newsroom, f"Story {n}", hours=n)) for n in (1, 2, 3)]


def page(client: Client, story: Story, query: str = "") -> str:
    answer = client.get(f"{story.get_absolute_url()}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def linked(text: str, rel: str) -> str:
    found = re.search(rf'<a (?:class="on" )?rel="{rel}" href="([^"]+)"', text)
    return found[1] if found else ""


def test_reports_come_by_time_side_and_language(client: Client, newsroom: Newsroom) -> None:
    told = [report(newsroom, "First", "tass", hours=3, language="ru"), report(newsroom, "Second", hours=2)]
    story = newsroom.story(*told)
    for order, headings in (("time", None), ("side", ["Kazakhstan", "Russia"]), ("language", ["English", "Russian"])):
        text = page(client, story, f"?order={order}")
        assert text.count("<h4") == 2
        if headings:
            assert re.findall(r'<h3 class="day">([^<]+)</h3>', text) == headings
    assert client.get(f"{story.get_absolute_url()}?order=mood").status_code == 400


def test_copies_are_folded_into_the_report_whose_words_they_carry(client: Client, newsroom: Newsroom) -> None:
    first, copy = report(newsroom, "The text", hours=3), report(newsroom, "The text again", "kazinform", hours=2)
    copy.copy_of = first
    copy.save(update_fields=["copy_of"])
    text = page(client, newsroom.story(first, copy))
    assert text.count("<h4") == 1
    assert "1 more outlet ran the same text" in text


def test_neighbours_are_those_of_the_list_that_the_reader_came_from(client: Client, three: list[Story]) -> None:
    first, middle, last = three
    text = page(client, middle, "?in=countries/kazakhstan")
    assert linked(text, "prev") == f"{first.get_absolute_url()}?in=countries/kazakhstan"
    assert linked(text, "next") == f"{last.get_absolute_url()}?in=countries/kazakhstan"
    assert linked(page(client, last, "?in=countries/kazakhstan"), "next") == ""
    assert 'href="/countries/kazakhstan/"' in text


@pytest.mark.parametrize(
    "within", ["countries/atlantis", "entities/no-one", "archive/2026/13/45", "archive/1999/01/01"]
)
def test_a_list_that_does_not_hold_the_story_is_the_front_page(client: Client, three: list[Story], within: str) -> None:
    text = page(client, three[1], f"?in={within}")
    assert linked(text, "prev") == three[0].get_absolute_url()


@pytest.mark.parametrize("within", ["topics/", "../../etc", "//evil.example/", "search", "countries/a/b/c/d", "х" * 9])
def test_what_is_no_list_of_ours_is_refused(client: Client, three: list[Story], within: str) -> None:
    assert client.get(f"{three[1].get_absolute_url()}?in={within}").status_code == 400


def test_neighbours_stay_while_news_arrives(client: Client, newsroom: Newsroom, three: list[Story]) -> None:
    before = linked(page(client, three[0], "?in=countries/kazakhstan"), "next")
    newsroom.story(report(newsroom, "Brand new", hours=0))
    assert linked(page(client, three[0], "?in=countries/kazakhstan"), "next") == before


def test_what_is_usual_and_missing_is_told_and_what_cannot_be_known_too(client: Client, newsroom: Newsroom) -> None:
    today = timezone.localdate()
    for back in range(1, 8):
        DailyCount.objects.create(
            day=today - timedelta(days=back), kind="country", key="KZ", articles=10, steered=4, sides={"kz": 5, "ru": 5}
        )
    story = newsroom.story(*(report(newsroom, f"Told {n}", hours=6) for n in range(3)))
    Feed.objects.filter(source__perspective="ru").update(last_success_at=None)
    assert "not known: too few of its feeds have answered since" in page(client, story)
    from django.core.cache import cache

    cache.clear()
    Feed.objects.filter(source__perspective="ru").update(last_success_at=timezone.now())
    text = page(client, story)
    assert re.search(r"not seen in our feeds of \d+ outlets; usual would be about 2 reports", text)


@pytest.mark.parametrize("title", ATTACKS, ids=range(len(ATTACKS)))
def test_no_title_reaches_beyond_its_own_line(client: Client, newsroom: Newsroom, title: str) -> None:
    story = newsroom.story(report(newsroom, title))
    for address in (story.get_absolute_url(), "/", "/countries/kazakhstan/", f"/articles/{story.lead_id}/"):
        text = client.get(address).content.decode()
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", text), address
        assert "<script>alert" not in text
        assert "onerror=alert" not in re.sub(r"&[a-z]+;|\\u00..", "", text) or "&lt;img" in text
        for block in re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL):
            json.loads(block)
    picture = client.get(f"/stories/{story.pk}/picture.png")
    assert Image.open(io.BytesIO(picture.content)).size == (1200, 630)


def test_machines_read_who_reported_it(client: Client, newsroom: Newsroom) -> None:
    story = newsroom.story(report(newsroom, "One"), report(newsroom, "Two", "tass", language="ru"))
    text = page(client, story)
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text)
    assert found
    data = json.loads(found[1])
    assert data["@type"] == "CollectionPage"
    assert [part["item"]["publisher"]["name"] for part in data["mainEntity"]["itemListElement"]]
    assert f'<meta property="og:image" content="http://testserver/stories/{story.pk}/picture.png">' in text
    assert f'<link rel="canonical" href="http://testserver{story.get_absolute_url()}">' in text
    assert f'hreflang="ru" href="http://testserver/ru{story.get_absolute_url()}"' in text


def test_the_picture_stays_the_same_until_the_story_changes(client: Client, newsroom: Newsroom) -> None:
    story = newsroom.story(report(newsroom, "Қазақстан мен Өзбекстан келісті", language="kk"))
    first = client.get(f"/stories/{story.pk}/picture.png")
    assert first["Content-Type"] == "image/png"
    again = client.get(f"/stories/{story.pk}/picture.png", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert client.get("/stories/99999/picture.png").status_code == 404
