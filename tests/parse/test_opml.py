"""OPML that people upload is read under limits, and what is wrong with it is said plainly."""

from __future__ import annotations

import pytest

from articles.parse.opml import MAX_BYTES, MAX_DEPTH, MAX_OUTLINES, OpmlError, Outline, read_opml


def opml(body: str) -> bytes:
    return f'<?xml version="1.0"?><opml version="2.0"><head/><body>{body}</body></opml>'.encode()


def test_subscriptions_come_with_their_folders_and_pages() -> None:
    body = """<outline text="Азия"><outline text="Kun.uz" title="Kun" xmlUrl="https://kun.uz/rss"
        htmlUrl="https://kun.uz/" language="uz"/></outline>"""
    assert read_opml(opml(body)) == [Outline("https://kun.uz/rss", "Kun", "https://kun.uz/", "uz", "Азия")]


def test_an_address_that_stands_twice_comes_once() -> None:
    assert len(read_opml(opml('<outline xmlUrl="https://a.example/"/>' * 3))) == 1


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "feed://a.example/",
        "https://",
        "data:text/xml,x",
        "a",
        "http://[",
        "",
    ],
)
def test_only_web_addresses_are_taken(address: str) -> None:
    assert read_opml(opml(f'<outline text="x" xmlUrl="{address}"/>')) == []
    good = f'<outline text="x" xmlUrl="https://a.example/" htmlUrl="{address}"/>'
    assert read_opml(opml(good))[0].homepage == ""


def test_names_of_attributes_may_have_any_case() -> None:
    assert read_opml(opml('<outline XMLURL="https://a.example/" TITLE="A"/>'))[0].title == "A"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'<!DOCTYPE opml><opml version="2.0"/>', "Document types"),
        (b'<!DOCTYPE opml [<!ENTITY a "b">]><opml>&a;</opml>', "Document types"),
        (b'<!DOCTYPE opml SYSTEM "file:///etc/passwd"><opml/>', "Document types"),
        (b"<opml>\n <body></opml>", "line 2, column 10"),
        (b"<rss/>", "no OPML"),
        (b"", "line 1, column 1"),
        (b"\xff\xfe", "cannot be read|broken"),
        (b'<?xml version="1.0" encoding="nonsense"?><opml/>', "cannot be read|broken"),
        (b" " * (MAX_BYTES + 1), "larger than 5 MB"),
        (opml("<outline>" * (MAX_DEPTH + 1) + "</outline>" * (MAX_DEPTH + 1)), "deeper than 16"),
        (opml("<outline/>" * (MAX_OUTLINES + 1)), "10,000 outlines"),
    ],
    ids=range(11),
)
def test_what_is_refused_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(OpmlError, match=reason):
        read_opml(data)


def test_the_limits_themselves_are_allowed() -> None:
    deep = "<outline>" * (MAX_DEPTH - 1) + '<outline xmlUrl="https://a.example/"/>' + "</outline>" * (MAX_DEPTH - 1)
    assert len(read_opml(opml(deep))) == 1
    assert read_opml(opml("<outline/>" * MAX_OUTLINES)) == []


def test_old_encodings_are_read() -> None:
    text = '<?xml version="1.0" encoding="windows-1251"?><opml><body><outline text="Новости" xmlUrl="http://a.example/"/></body></opml>'
    assert read_opml(text.encode("cp1251"))[0].title == "Новости"
