"""Nobody sees the user names, passwords and keys of addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.fetch.masking import mask_address, mask_text


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("http://feeds.example/rss", "http://feeds.example/rss"),
        ("http://eve:secret@feeds.example/rss", "http://***@feeds.example/rss"),
        ("http://eve@feeds.example:8080/rss", "http://***@feeds.example:8080/rss"),
        ("http://a:b@c@feeds.example/", "http://***@feeds.example/"),
        ("http://feeds.example/rss?key=abc&lang=ru", "http://feeds.example/rss?key=***&lang=ru"),
        ("http://feeds.example/rss?api_key=abc", "http://feeds.example/rss?api_key=***"),
        ("http://feeds.example/rss?apikey=abc", "http://feeds.example/rss?apikey=***"),
        ("http://feeds.example/rss?X-Auth-Token=abc", "http://feeds.example/rss?X-Auth-Token=***"),
        ("http://feeds.example/rss?access%5Ftoken=abc", "http://feeds.example/rss?access%5Ftoken=***"),
        ("http://feeds.example/rss?accessToken=abc", "http://feeds.example/rss?accessToken=***"),
        ("http://feeds.example/rss?PASSWORD=abc", "http://feeds.example/rss?PASSWORD=***"),
        ("http://feeds.example/rss?sig=a&signature=b&sid=c", "http://feeds.example/rss?sig=***&signature=***&sid=***"),
        ("http://feeds.example/rss?u=0123456789abcdef0123456789abcdef", "http://feeds.example/rss?u=***"),
        ("http://feeds.example/rss#token=abc", "http://feeds.example/rss#token=***"),
        (
            "http://feeds.example/?keyword=oil&author=x&passage=y",
            "http://feeds.example/?keyword=oil&author=x&passage=y",
        ),
        (
            "http://feeds.example/?q=%D0%BD%D0%B5%D1%84%D1%82%D1%8C",
            "http://feeds.example/?q=%D0%BD%D0%B5%D1%84%D1%82%D1%8C",
        ),
        ("http://[broken", "http://[broken"),
        ("//eve:secret@[broken", "//***@[broken"),
        ("", ""),
    ],
)
def test_secrets_of_an_address_are_masked_and_nothing_else(address: str, masked: str) -> None:
    assert mask_address(address) == masked


@given(st.text(max_size=200))
def test_any_text_can_be_masked_and_masking_twice_changes_nothing(text: str) -> None:
    once = mask_address(text)
    assert mask_address(once) == once


@given(password=st.text("abcXYZ019.-_~", min_size=5, max_size=12))
def test_a_password_never_survives(password: str) -> None:
    assert f":{password}@" not in mask_text(f"no answer from https://eve:{password}@feeds.example/rss today")


def test_addresses_inside_a_message_are_masked() -> None:
    message = 'GET "https://a.example/?token=abc" failed, see http://u:p@b.example/.'
    assert mask_text(message) == 'GET "https://a.example/?token=***" failed, see http://***@b.example/.'
