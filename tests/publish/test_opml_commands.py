"""import_opml and export_opml: what goes in comes out, broken files change nothing."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from articles.models import Feed, Source
from articles.parse.opml import Outline, read_opml

pytestmark = pytest.mark.django_db
OPML = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Mine</title></head><body>
<outline text="Central Asia">
<outline type="rss" text="One" xmlUrl="https://one.example/feed" htmlUrl="https://one.example/" language="kk-KZ"/>
<outline type="rss" text="One" xmlUrl="https://other.example/feed"/>
<outline type="rss" text="Again" xmlUrl="https://one.example/feed"/>
</outline></body></opml>"""


def run(name: str, *args: str) -> str:
    out = io.StringIO()
    call_command(name, *args, stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "feeds.opml"
    path.write_text(OPML)
    return path


def test_each_unknown_address_becomes_a_source_of_its_own(file: Path) -> None:
    assert run("import_opml", str(file)) == "2 feeds added for review, 0 known already.\n"
    one, other = Feed.objects.filter(url__contains=".example/feed").order_by("pk").select_related("source")
    assert (one.source.name, other.source.name) == ("One", "One")
    assert one.source_id != other.source_id
    assert one.source.owner != other.source.owner
    assert one.source.needs_review
    assert not one.source.hidden
    assert (one.all_relevant, one.language, one.source.homepage) == (True, "kk", "https://one.example/")


def test_a_known_address_is_not_added_again(file: Path) -> None:
    run("import_opml", str(file))
    sources = Source.objects.count()
    assert run("import_opml", str(file)) == "0 feeds added for review, 2 known already.\n"
    assert Source.objects.count() == sources


def test_a_hyphen_names_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(OPML.encode())))
    assert run("import_opml", "-").startswith("2 feeds added")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (OPML.replace("</outline></body>", "</body>"), "line 7, column"),
        ("<rss/>", "no OPML"),
        ("", "broken at line 1"),
        (OPML.replace("<opml", '<!DOCTYPE x [<!ENTITY a "b">]><opml'), "entities"),
    ],
)
def test_a_broken_file_is_named_with_its_place_and_changes_nothing(tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "broken.opml"
    path.write_text(content)
    feeds = Feed.objects.count()
    with pytest.raises(CommandError, match=told) as refused:
        run("import_opml", str(path))
    assert str(path) in str(refused.value)
    assert Feed.objects.count() == feeds


def test_a_missing_file_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        run("import_opml", str(tmp_path / "none.opml"))


def test_what_fits_no_column_is_cut_or_left_out(tmp_path: Path) -> None:
    path = tmp_path / "long.opml"
    path.write_text(
        f'<opml version="2.0"><body><outline text="{"n" * 900}" xmlUrl="https://long.example/feed"/>'
        f'<outline text="x" xmlUrl="https://long.example/{"a" * 1500}"/></body></opml>'
    )
    assert run("import_opml", str(path)).startswith("1 feeds added")
    assert len(Source.objects.get(feeds__url="https://long.example/feed").name) == 200


def test_the_export_can_be_read_again_and_holds_no_key(file: Path) -> None:
    run("import_opml", str(file))
    Feed.objects.filter(url="https://other.example/feed").update(url="https://me:secret@other.example/feed")
    text = run("export_opml")
    found: list[Outline] = read_opml(text.encode())
    assert "https://one.example/feed" in [outline.url for outline in found]
    assert "secret" not in text
