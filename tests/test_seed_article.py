"""A page as aggregators scrape it: broken words, foreign quotes, furniture; given as the content of a feed item."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape

from articles.records import Response, SourceHints
from articles.sandbox import read_here
from articles.tag import tag_entry
from articles.tag.catalogue import load_catalogue_lexicon

TITLE = "« La Russie est militairement invincible »"
FURNITURE = ("PREV", "NEXT", "Google News", "Hamas", "fillette", "se sont un peu fait avoir")


def test_a_scraped_page_becomes_clean_text_with_its_countries_topics_and_people(shared_data: Path) -> None:
    page = escape(escape((shared_data / "seed-article.txt").read_text()))
    item = f"<item><title>{TITLE}</title><link>https://outlet.example/a</link><description>{page}</description></item>"
    body = f'<rss version="2.0"><channel><title>Outlet</title>{item}</channel></rss>'.encode()
    url = "https://outlet.example/feed"
    reading = read_here(Response(url, url, 200, {}, body), now=datetime(2026, 11, 25, tzinfo=UTC))
    [entry] = reading.entries
    text = f"{entry.summary}\n{entry.text}"
    assert [words for words in FURNITURE if words in text] == []
    assert "Le Kazakhstan se trouve dans une situation particulièrement complexe" in text
    tags = tag_entry(entry, load_catalogue_lexicon(), hints=SourceHints())
    assert tags.language == "fr"
    assert {"KZ", "RU", "UA"} <= {tag.key for tag in tags.countries}
    assert {"russia", "diplomacy"} <= {tag.key for tag in tags.topics}
    people = {tag.key: set(tag.why) for tag in tags.entities}
    assert {"Tokayev", "Tokaïev"} <= people["kassym-jomart-tokayev"]
    assert "Poutine" in people["vladimir-putin"]
