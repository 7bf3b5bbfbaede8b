"""HTML becomes plain text in which nothing foreign runs and no visible word is lost."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.clean.html import MAX_MARKUP, html_to_text

PAYLOADS = json.loads((Path(__file__).parents[1] / "data" / "html" / "payloads.json").read_text("utf-8"))
MARKUP = re.compile(r"<[A-Za-z/!?]")
TAGS = (
    "<p> </p> <b> </b> <br/> <script> </script> <!-- --> <![CDATA[ ]]> <svg> </svg> <a </a> <pre> </pre> <style>"
    " </style> <li> <td> <textarea> </textarea> <plaintext> <select> <math> <title> </title> <q hidden> <div </div>"
    " </br> <xmp> </xmp> &lt; &gt; &amp; &#60; &#x3c; &nbsp; &shy; &am p; &#112; &lt &copy &#xd800; слово"
    " < > & ; \" ' = / ! - # x 0"
)
CHARACTERS = " \n\t\x00\u037e\u0338\u0301\u200b\u200c\u200d\u202e\ufeff\ud800\ue000\ue001😀م"
PIECES = st.sampled_from([*TAGS.split(" "), *CHARACTERS, "<div hidden>", "<a href=x>"])
SOUP = st.lists(PIECES | st.text(max_size=4), max_size=40).map("".join)
WORDS = st.lists(st.text("abcdeğşıабвгдқңөәіў", min_size=2, max_size=9), min_size=1, max_size=12)
SEEN = "p div b i span h2 li td blockquote a em pre section font u"


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda payload: payload["name"])
def test_a_payload_becomes_this_text(payload: dict[str, str]) -> None:
    assert html_to_text(payload["markup"]) == payload["text"]


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda payload: payload["name"])
def test_a_payload_leaves_no_markup_and_nothing_hidden(payload: dict[str, str]) -> None:
    text = html_to_text(payload["markup"])
    assert not MARKUP.search(text)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]", text)
    assert "unseen" not in text


def test_there_are_payloads_of_many_kinds() -> None:
    assert len(PAYLOADS) >= 100
    assert len({payload["name"].partition(":")[0] for payload in PAYLOADS}) >= 9


@given(SOUP)
def test_cleaning_twice_changes_nothing(markup: str) -> None:
    once = html_to_text(markup)
    assert html_to_text(once) == once
    assert not MARKUP.search(once)


@given(WORDS, st.data())
def test_visible_words_are_kept_in_their_order(words: list[str], data: st.DataObject) -> None:
    markup = ""
    for word in words:
        tag = data.draw(st.sampled_from(SEEN.split()))
        markup += data.draw(
            st.sampled_from([f"<{tag}>{word}</{tag}> ", f"<{tag} class=x>{word} ", f" {word}</{tag}> ", f"{word}<br>"])
        )
    assert html_to_text(markup).split() == words


@given(WORDS)
def test_words_of_plain_text_are_kept_with_their_lines(words: list[str]) -> None:
    assert html_to_text("\n".join(words)) == "\n".join(words)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>two</p>", "One\n\ntwo"),
        ("One<br>two<br/><br />three", "One\ntwo\n\nthree"),
        ("<ul><li>One<li>two</ul>three", "One\n\ntwo\n\nthree"),
        ("<table><tr><td>One<td>two<tr><td>three</table>", "One two\nthree"),
        ("wo<b>rd</b>s <i>in</i> one", "words in one"),
        ("One\n   line\n<b>of</b>\ntext", "One line of text"),
        ("Two\nlines &amp; more", "Two\nlines & more"),
        ("AT&T R&D &c. a&b", "AT&T R&D &c. a&b"),
        ("&laquo;Казахтелеком&raquo; &#8212; &#x2116;1", "«Казахтелеком» — №1"),
        ("5 &lt; 6 &amp;amp; 7 &gt; 6", "5 < 6 & 7 > 6"),
        ("e\u0301te\u0301", "été"),
        ("<img alt='unseen' src=x>Caption", "Caption"),
        ("a&nbsp;&thinsp;\u3000b", "a b"),
    ],
)
def test_text_reads_as_on_a_page(markup: str, text: str) -> None:
    assert html_to_text(markup) == text


HOSTILE = (
    "<div>|<div><object></div></object>|<a href=x>x<p>|<table>x<tr>|<b id=1><p>x|<!--|<![CDATA[|<a href='|<p style=\""
    "|&amp;|&am|&#38;#38;|<script>x</script |</div>|<i>|<select><option>| \n|<|<p |= |</br>|\u0301|<p hidden>|<li>x"
    "|&lt;p&gt;"
)


@pytest.mark.parametrize("piece", HOSTILE.split("|"))
def test_no_repetition_takes_more_than_a_moment(piece: str) -> None:
    """Bounded by what is read and by one pass over it; the time limit of the test run would tell."""
    html_to_text(piece * (2 * MAX_MARKUP // len(piece)))


def test_end_tags_without_reach_stay_cheap() -> None:
    html_to_text("<b><div>" + "<i>" * 20_000 + "</b>" * 20_000)
