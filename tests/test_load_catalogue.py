"""The catalogue comes in as often as wanted; editors' changes and removals stay; broken files change nothing."""

from __future__ import annotations

import json
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from articles.catalogue.files import FOLDER
from articles.models import Country, Entity, Feed, Source, Term, Topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the files that a test may change."""
    shutil.copytree(FOLDER, tmp_path / "catalogue", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return tmp_path / "catalogue"


def load(folder: Path, **options: object) -> str:
    out = StringIO()
    call_command("load_catalogue", path=folder, stdout=out, **options)
    return out.getvalue()


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_shipped_catalogue_is_whole() -> None:
    assert Feed.objects.count() >= 300
    assert Source.objects.count() >= 270
    assert Topic.objects.count() == 18
    assert Country.objects.core().count() == 5
    assert Entity.objects.count() >= 600
    assert len({language for language in Feed.objects.values_list("language", flat=True) if language}) >= 15


def test_a_second_load_changes_nothing_and_says_so(folder: Path) -> None:
    before = list(Source.objects.order_by("pk").values())
    lines = load(folder).splitlines()
    assert lines
    assert all("same" in line and "added" not in line and "changed" not in line for line in lines), lines
    assert list(Source.objects.order_by("pk").values()) == before


def test_an_editors_field_stays_while_the_files_other_fields_follow(folder: Path) -> None:
    Source.objects.filter(slug="vlast").update(name="Vlast (renamed by us)")
    replace(folder / "sources.csv", "https://vlast.kz", "https://www.vlast.kz")
    said = load(folder, verbosity=2)
    vlast = Source.objects.get(slug="vlast")
    assert vlast.name == "Vlast (renamed by us)"
    assert vlast.homepage.startswith("https://www.vlast.kz")
    assert "sources vlast: name" in said
    assert "1 changed" in next(line for line in said.splitlines() if line.startswith("sources:"))


def test_a_field_that_both_changed_is_the_editors(folder: Path) -> None:
    energy = Topic.objects.get(slug="energy")
    theirs = json.dumps(energy.titles["en"])
    energy.titles = {**energy.titles, "en": "Power and gas"}
    energy.save(update_fields=["titles"])
    replace(folder / "topics.json", theirs, '"Energy of the files"')
    load(folder)
    assert Topic.objects.get(slug="energy").titles["en"] == "Power and gas"


def test_what_an_editor_removed_stays_removed(folder: Path) -> None:
    from articles.models import CatalogueRemoval

    entity = Entity.objects.get(slug="rogun-dam")
    CatalogueRemoval.objects.create(model="entity", key="rogun-dam")
    entity.delete()
    said = load(folder)
    assert not Entity.objects.filter(slug="rogun-dam").exists()
    assert "left alone" in next(line for line in said.splitlines() if line.startswith("entities:"))


@pytest.mark.parametrize(
    ("name", "old", "new", "place"),
    [
        ("topics.json", '"slug"', '"slug', "line "),
        ("entities.json", "[", "[,", "line "),
        ("countries.csv", "json#KG", "json#KG,one too many", "line 3"),
        ("sources.csv", "The Astana Times", "The Astana Times\x00", "line 2"),
    ],
)
def test_a_broken_file_is_named_with_its_place_and_changes_nothing(
    folder: Path, name: str, old: str, new: str, place: str
) -> None:
    before = Term.objects.count(), Feed.objects.count()
    replace(folder / name, old, new)
    with pytest.raises(CommandError) as caught:
        load(folder)
    assert name in str(caught.value)
    assert place in str(caught.value)
    assert "column" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert (Term.objects.count(), Feed.objects.count()) == before


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "entities.json").unlink()
    with pytest.raises(CommandError, match=r"entities\.json: the file is missing"):
        load(folder)


def test_every_entity_has_a_name_to_show_in_the_languages_of_the_pages() -> None:
    names = dict(Entity.objects.values_list("slug", "names"))
    assert [slug for slug, told in names.items() if {"en", "ru"} - set(told)] == []
    assert [told for told in names.values() if "*" in str(told)] == []
    assert {names["dushanbe"][code] for code in ("en", "fr", "ru")} == {"Dushanbe", "Douchanbé", "Душанбе"}


def test_a_name_for_an_entity_that_is_not_there_is_a_fault_of_the_file(folder: Path) -> None:
    replace(folder / "entity_names.csv", "\ndushanbe,", "\ndushambe,")
    with pytest.raises(CommandError, match=r"entity_names\.csv.*dushambe"):
        load(folder)
