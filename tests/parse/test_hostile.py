"""Documents made to hang, to crash or to leak end quickly and in order, whatever is in them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from feedparser import api
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.errors import IngestError, NotAFeed
from articles.parse import MAX_ENTRIES, bounded, parse_feed
from articles.records import ParsedFeed, Response
from articles.sandbox import read_here

NOW = datetime(2026, 7, 1, tzinfo=UTC)
DC = "xmlns:dc='http://purl.org/dc/elements/1.1/'"


def answer(body: bytes | str, content_type: str = "") -> Response:
    data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    return Response("https://a.example/feed", "https://a.example/feed", 200, {"content-type": content_type}, data)


def rss(items: str) -> str:
    return f'<rss version="2.0"><channel><title>T</title>{items}</channel></rss>'


def parse(body: bytes | str) -> ParsedFeed:
    return parse_feed(answer(body), now=NOW)


def test_feedparser_is_bounded_as_this_version_of_it_allows() -> None:
    assert api.StrictFeedParser.__module__ == bounded.__name__
    assert isinstance(api.xml.sax.make_parser(api.PREFERRED_XML_PARSERS), bounded.Driver)
    tags = parse(rss("<item><title>x</title>" + "".join(f"<category>{n}</category>" for n in range(300)) + "</item>"))
    assert len(tags.entries[0].categories) <= 100


BOTH_READERS = pytest.mark.parametrize("end", ["", "<broken &"], ids=["strict", "loose"])
HOSTILE = {
    "an author of 100 kB": f"<author>{'a' * 100_000}</author>",
    "an author's name of 100 kB": f"<author><name>{'a@' * 50_000}</name></author>",
    "a creator of 100 kB": f"<dc:creator {DC}>{'a' * 100_000}</dc:creator>",
    "50,000 categories": "".join(f"<category>{n}</category>" for n in range(50_000)),
    "100,000 attributes": "<a " + " ".join(f'a{n}="1"' for n in range(100_000)) + "/>",
    "links": "<link>https://a.example/</link>" * 10_000,
    "open elements": "<a>" * 20_000,
    "a date of 100 kB": f"<pubDate>{'1 ' * 50_000}</pubDate>",
    "dots in an address": f"<link>https://a.example/{'../' * 100_000}</link>",
    "declarations": "<![" * 50_000,
    "tags never closed": "<a b=" * 50_000,
    "CDATA never closed": "<![CDATA[" * 50_000,
}


@BOTH_READERS
@pytest.mark.parametrize("name", HOSTILE)
def test_what_hung_the_parser_is_read_in_a_moment(name: str, end: str) -> None:
    parsed = parse(rss(f"<item><title>x</title>{HOSTILE[name]}</item>") + end)
    assert parsed.title == "T"


@BOTH_READERS
def test_references_to_what_is_no_character_are_left_out(end: str) -> None:
    title = "a&#xD800;b&#0;c&#xFFFE;d&#x110000;e&#1;f&#65;g&#xFFFFFFFF;h\x00\x0b\ud800i"
    assert parse(rss(f"<item><title>{title}</title></item>") + end).entries[0].title == "abcdefAghi"


def test_entities_of_the_document_are_not_expanded_into_bombs() -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE rss [<!ENTITY a0 "aaaaaaaaaa">{entities}]>' + rss("<item><title>x&a11;</title></item>")
    for entry in parse(bomb).entries:
        assert len(entry.title) < 1000


def test_external_entities_are_not_read() -> None:
    outside = '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + rss("<item><title>x&a;</title></item>")
    for entry in parse(outside).entries:
        assert "root" not in entry.title


def test_an_address_as_the_document_is_not_fetched() -> None:
    for body in ("https://127.0.0.1:9/feed", "/etc/passwd", "file:///etc/passwd"):
        with pytest.raises(NotAFeed):
            parse(body)


def test_a_fetch_brings_at_most_the_newest_items() -> None:
    dates = [f"<pubDate>{n % 28 + 1:02} May 2026 00:{n // 60 % 60:02}:{n % 60:02} GMT</pubDate>" for n in range(2_500)]
    parsed = parse(rss("".join(f"<item><guid>{n}</guid>{date}</item>" for n, date in enumerate(dates))))
    times = [entry.published_at for entry in parsed.entries]
    assert len(times) == MAX_ENTRIES
    assert times == sorted(times, key=lambda time: time or NOW, reverse=True)
    assert times[0] == datetime(2026, 5, 28, 0, 41, 31, tzinfo=UTC)


def test_items_that_say_nothing_are_no_items() -> None:
    assert parse(rss("<item/><item><pubDate>1 May 2026</pubDate></item><item><author>x</author></item>")).entries == ()


@pytest.mark.parametrize(
    "body",
    [
        "",
        " \n",
        "\ufeff",
        "\x00",
        "nothing",
        "<",
        "<>",
        "<?xml",
        "<!DOCTYPE",
        "<a/>",
        "{",
        "[]",
        "{}",
        "null",
        '{"version": 1}',
        "[" * 100_000,
        "<![CDATA[",
        "<opml/>",
        "\xff\xfe",
        "%PDF-1.4",
        "\x1f\x8b\x08",
        '{"rss": {"channel": []}}',
    ],
)
def test_what_is_no_feed_is_called_so(body: str) -> None:
    with pytest.raises(IngestError) as caught:
        parse(body)
    assert caught.value.message


PIECES = (Path(__file__).parents[1] / "data" / "feeds" / "fuzz-pieces.txt").read_text("utf-8").splitlines()
SOUP = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=60).map("".join)
BYTES = st.one_of(
    SOUP.map(lambda text: text.encode("utf-8", "surrogatepass")),
    SOUP.map(lambda text: rss(f"<item><title>x</title>{text}").encode("utf-8", "surrogatepass")),
    SOUP.map(lambda text: text.encode("utf-16", "surrogatepass")),
    SOUP.map(lambda text: rss(text).encode("cp1251", "replace")),
    st.binary(max_size=300),
    st.binary(max_size=100).map(rss(" ").encode().__add__),
)


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    BYTES, st.sampled_from(["", "text/xml; charset=koi8-r", "application/json", "text/html; charset=\x00", "x" * 1000])
)
def test_nothing_but_faults_of_feeds_is_raised(body: bytes, content_type: str) -> None:
    try:
        reading = read_here(answer(body, content_type), now=NOW)
    except IngestError:
        return
    for entry in reading.entries:
        assert entry.guid or entry.link or entry.title or entry.summary or entry.text or entry.categories is not None
        for text in (entry.guid, entry.title, entry.summary, entry.text, entry.author, entry.link, *entry.categories):
            text.encode("utf-8")
            assert "\0" not in text
