"""One address for one page, and none that could do anything but lead to a page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.clean.urls import MAX_URL, canonical_url

LINKS = json.loads((Path(__file__).parents[1] / "data" / "html" / "links.json").read_text("utf-8"))
PIECES = (
    "https:// http: // / a.example m. amp. /amp/ .amp ? & = utm_source # #! % %41 %d0 .. . @ : 80 [::1] javascript:"
    " data: \t я рф url= google.com/url?q= \u200b %0a"
)


@pytest.mark.parametrize("link", LINKS, ids=lambda link: link["name"])
def test_an_address_has_one_form(link: dict[str, str]) -> None:
    assert canonical_url(link["url"]) == link["canonical"]
    assert canonical_url(link["canonical"]) == link["canonical"]


@given(
    st.lists(st.sampled_from(PIECES.split(" ")) | st.text(max_size=3), max_size=14).map("".join),
    st.sampled_from(["", "https://base.example/a/b?c#d"]),
)
def test_only_web_addresses_come_out_and_doing_it_twice_changes_nothing(url: str, base: str) -> None:
    once = canonical_url(url, base)
    assert canonical_url(once, base) == once
    assert once == "" or once.startswith(("http://", "https://"))
    assert once.isascii()
    assert not set(once) & set("<>\"' \t\n\\^`{|}")


def test_relative_addresses_are_resolved() -> None:
    assert canonical_url("../x?y=1", "https://a.example/b/c/d") == "https://a.example/b/x?y=1"
    assert canonical_url("", "https://a.example/b") == ""
    assert canonical_url("   ", "https://a.example/b") == ""


def test_an_address_longer_than_browsers_take_is_none() -> None:
    assert canonical_url("https://a.example/" + "a" * MAX_URL) == ""
    assert canonical_url("https://a.example/?" + "utm_source=x&" * 100) == "https://a.example/"
