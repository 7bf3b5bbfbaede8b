"""What the front page costs a reader: everything that his browser asks for, as it is transferred."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.conftest import ROOT
from tests.publish.newsroom import Newsroom

pytestmark = pytest.mark.django_db
MOST_BYTES, MOST_REQUESTS = 60_000, 8
STATIC = re.compile(r'(?:<script src|<link rel="(?:stylesheet|icon)" href|<img[^>]* src)="/static/([^"]+)"')
LOADED = re.compile(
    r'(?:<script[^>]* src|<link rel="(?:stylesheet|icon|preload)" href|<(?:img|iframe|source|video)[^>]* src)="'
)


@pytest.fixture
def full(newsroom: Newsroom) -> None:
    """As many stories as the front page has room for, with long headlines in three scripts."""
    now = timezone.now()
    words = (
        "Kyrgyzstan and Uzbekistan agree a winter water schedule",
        "Қырғызстан мен Өзбекстан қысқы су кестесін келісті",
    )
    for number in range(60):
        title, country = number * 7919 % 997, ("KZ", "KG", "TJ", "TM", "UZ")[number % 5]
        told = [
            newsroom.article(
                f"{words[place % 2]}, part {title}",
                outlet,
                at=now - timedelta(minutes=9 * number + place),
                fetched_at=now,
                language=("en", "kk", "ru")[place],
                countries=(country,),
            )
            for place, outlet in enumerate(("vlast", "kazinform", "tass"))
        ]
        newsroom.story(*told)


def test_the_front_page_weighs_at_most_60_kb_in_eight_requests(client: Client, full: None) -> None:
    answer = client.get("/", headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    page = client.get("/").content.decode()
    files = STATIC.findall(page)
    assert len(LOADED.findall(page)) == len(files)
    assert len(files) + 1 <= MOST_REQUESTS
    weights = [len(gzip.compress((ROOT / "static" / name).read_bytes())) for name in files]
    assert len(answer.content) + sum(weights) <= MOST_BYTES
