"""Pages in French and Russian: no English word of the interface is left; headlines of the page language come first."""

from __future__ import annotations

import re
from collections.abc import Iterator

import polib
import pytest
from lxml import html

from tests.browser.conftest import Edition
from tests.browser.places import PLACES, choose
from tests.conftest import ROOT

SPOKEN = ("aria-label", "title", "placeholder", "alt", "content")
PROSE = re.compile(r"description$|title$|alt$")  # of what a meta element holds
LATIN = re.compile(r"[A-Za-z]{3,}")
# What stands in Latin letters on a Russian page, and should: names of the site, of outlets, programs and formats.
NAMES = re.compile(
    r"\b(?:Orta|Atom|RSS|JSON( Feed)?|OPML|CSV|API|https?://\S+|sample-[a-z-]+|Sample [A-Z][\w ]+|"
    r"L’Exemple|Das Beispiel|Exemple [\w ]+|Örnek \w+|Nümunə \w+)\b"
)


@pytest.fixture(scope="module")
def paths(edition: Edition) -> dict[str, str]:
    chosen = choose(edition)
    return {kind: place.format(**chosen) for kind, place in PLACES.items()}


def spoken(body: str, language: str) -> set[str]:
    """Every piece of text and every spoken attribute that the page says to be in its own language."""

    def walk(node: html.HtmlElement, here: str) -> Iterator[str]:
        if not isinstance(node.tag, str) or node.tag in {"script", "style", "bdi"}:
            return
        if node.get("aria-hidden") and node.get("class") == "vh":
            return  # a field for robots, which nobody is told of
        here = node.get("lang", here)
        if here == language:
            skip = node.tag == "meta" and not PROSE.search(node.get("name") or node.get("property") or "")
            yield from (node.get(name, "") for name in SPOKEN if not skip)
            yield node.text or ""
        for child in node:
            yield from walk(child, here)
            yield (child.tail or "") if here == language else ""

    return {" ".join(piece.split()) for piece in walk(html.document_fromstring(body), "") if piece.strip()}


@pytest.mark.parametrize("kind", PLACES)
def test_no_english_is_left_on_a_russian_page(edition: Edition, paths: dict[str, str], kind: str) -> None:
    """Words in Latin letters that the English page has too; marked or not, nobody has translated them."""
    english = spoken(edition.get(paths[kind])[1], "en")
    russian = spoken(edition.get("/ru" + paths[kind])[1], "ru")
    assert len(russian) > 40
    assert {piece for piece in russian & english if LATIN.search(NAMES.sub("", piece))} == set()


@pytest.mark.parametrize("kind", PLACES)
def test_no_english_message_is_left_on_a_french_page(edition: Edition, paths: dict[str, str], kind: str) -> None:
    """French shares too many words with English to compare pages, so each piece is looked up in the catalogue."""
    catalogue = polib.pofile(str(ROOT / "articles" / "locale" / "fr" / "LC_MESSAGES" / "django.po"))
    english = {entry.msgid for entry in catalogue if entry.msgstr != entry.msgid and "%" not in entry.msgid}
    english -= {entry.msgstr for entry in catalogue}
    assert spoken(edition.get("/fr" + paths[kind])[1], "fr") & english == set()


@pytest.mark.parametrize("language", ["fr", "ru"])
def test_the_headline_of_the_page_language_comes_first_where_there_is_one(edition: Edition, language: str) -> None:
    found = html.document_fromstring(edition.get(f"/{language}/")[1])
    first = [card for card in found.iterfind(".//article") if card.find(".//ul[@class='also']") is not None]
    assert len(first) > 5
    for card in first:
        head = card.find(".//*[@lang]")
        others = {item.get("lang") for item in card.findall(".//ul[@class='also']//p")}
        assert head is not None
        assert language == head.get("lang") or language not in others


def test_persian_headlines_are_written_from_the_right(edition: Edition) -> None:
    found = html.document_fromstring(edition.get("/search/?language=fa&kind=articles")[1])
    heads = found.xpath("//main//*[@lang='fa' and (self::h2 or self::h3 or self::h4)]")
    assert heads
    assert {head.get("dir") for head in heads} == {"rtl"}


@pytest.mark.parametrize(("prefix", "language"), [("", "en"), ("/fr", "fr"), ("/ru", "ru")])
def test_a_page_says_its_language_and_where_the_others_are(edition: Edition, prefix: str, language: str) -> None:
    found = html.document_fromstring(edition.get(f"{prefix}/countries/kazakhstan/")[1])
    assert found.get("lang") == language
    others = {link.get("hreflang"): link.get("href") for link in found.findall(".//link[@hreflang]")}
    path = "/countries/kazakhstan/"
    assert others == {
        "en": edition.address + path,
        "fr": f"{edition.address}/fr{path}",
        "ru": f"{edition.address}/ru{path}",
        "x-default": edition.address + path,
    }
    name = {"en": "Kazakhstan", "fr": "Kazakhstan", "ru": "Казахстан"}[language]
    assert found.findtext(".//h1") == name
