"""The lexicon of the database: an edit is taken over by every process, a broken one by none."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from articles import lexicon
from articles.lexicon import current_lexicon, forget_lexicon, lexicon_version
from articles.models import Country, Entity, Term, Topic
from articles.records import CleanEntry, SourceHints
from articles.tag import tag_entry

ROOT = Path(__file__).resolve().parent.parent.parent
LOOKS_AGAIN = lexicon.LOOK_AGAIN  # as it is in workers
TITLE = CleanEntry(title="В Казахстане обсудили глокую куздру")


@pytest.fixture(autouse=True)
def fresh(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Only a few terms, read anew for each test and looked at again at each use."""
    Term.objects.all().delete()
    Term.objects.create(country_id="KZ", language="ru", text="Казахстан", kind="stem")
    monkeypatch.setattr(lexicon, "LOOK_AGAIN", 0.0)
    forget_lexicon()
    yield
    forget_lexicon()


def named() -> set[str]:
    tags = tag_entry(TITLE, current_lexicon().lexicon, hints=SourceHints())
    return {tag.key for tag in (*tags.countries, *tags.entities)}


def test_new_term_counts_at_the_next_look_which_comes_within_a_minute() -> None:
    assert LOOKS_AGAIN < 60
    rogun = Entity.objects.get(slug="rogun-dam")
    assert named() == {"KZ"}
    Term.objects.create(entity=rogun, language="ru", text="куздр", kind="stem")
    assert "rogun-dam" in named()


@pytest.mark.parametrize("change", ["disable", "country of an entity", "kind of an entity", "retire a topic"])
def test_every_edit_that_the_tagger_would_read_changes_the_version(change: str) -> None:
    before = lexicon_version()
    rogun = Entity.objects.get(slug="rogun-dam")
    if change == "disable":
        Term.objects.update(enabled=False)
    elif change == "country of an entity":
        rogun.countries.add(Country.objects.get(code="UZ"))
    elif change == "kind of an entity":
        Entity.objects.filter(pk=rogun.pk).update(all_members=True)
    else:
        Topic.objects.filter(slug="energy").update(retired=True)
    assert lexicon_version() != before


def test_broken_row_is_named_and_the_old_lexicon_stays_in_force(caplog: pytest.LogCaptureFixture) -> None:
    assert named() == {"KZ"}
    Term.objects.create(country_id="UZ", language="ru", text="?!", kind="word")
    assert named() == {"KZ"}
    assert "country UZ, ru, '?!': nothing to match" in caplog.text
    Term.objects.filter(text="?!").update(text="куздру")
    Term.objects.get(text="куздру").save()
    assert named() == {"KZ", "UZ"}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": "?!"}, "nothing to match"),
        ({"text": "ка", "kind": "stem"}, "at least 3 letters"),
        ({"text": "два слова"}, "several words"),
        ({"text": "слово", "language": "xx"}, "unknown language"),
        ({"text": "слово", "requires": "нет"}, "list of words"),
        ({"text": "слово", "requires": ["!"]}, "empty word"),
        ({"text": "слово", "country_id": None, "off_topic": "gossip"}, "unknown off_topic"),
    ],
)
def test_form_refuses_a_row_that_could_not_be_matched(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Term(**{"country_id": "KZ", "language": "ru", "kind": "word", **fields}).full_clean()


EDIT = "from articles.models import Term; Term.objects.create(off_topic='sport', language='en', text='xyz')"
WORKER = """
import sys, django
django.setup()
from articles import lexicon
lexicon.LOOK_AGAIN = 0.0
print(lexicon.current_lexicon().lexicon.size, flush=True)
for line in sys.stdin:
    print(lexicon.current_lexicon().lexicon.size, flush=True)
"""


def test_another_process_takes_an_edit_over(tmp_path: Path) -> None:
    """On a database file of its own, as two workers share it."""
    env = {
        "PATH": str(Path(sys.executable).parent),
        "SECRET_KEY": "x" * 50,
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        "DJANGO_SETTINGS_MODULE": "aggregator.settings",
    }

    def manage(*words: str) -> None:
        subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=env, check=True, capture_output=True)

    manage("migrate", "-v0")
    with subprocess.Popen(
        [sys.executable, "-c", WORKER], cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as worker:
        assert worker.stdin
        assert worker.stdout
        before = int(worker.stdout.readline())
        manage("shell", "-c", EDIT)
        worker.stdin.write("again\n")
        worker.stdin.flush()
        assert int(worker.stdout.readline()) == before + 1
        worker.stdin.close()
