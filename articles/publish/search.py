"""Which reports hold what a reader asks for: one function over SQLite's FTS5 and PostgreSQL's text search.

Both read the same column of tokens (see finding.py) and give the same reports, newest first. ``Asked`` is a question
with the marks of its filters; ``Search`` reads its answer in steps, within a deadline.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from articles.finding import Clause, Phrase, Question, question
from articles.models.article import ID_BITS
from articles.publish.query import BadQuery
from articles.store.search import DAYS

PATIENCE = 0.8  # seconds for all steps of one question
STEPS = 1_000  # of SQLite's machine between looks at the clock
DAY_BITS = 86_400 << ID_BITS  # places of one day
WINDOWS = ("qg", "qb", "qa")  # 8, 64 and 512 days: how far back PostgreSQL looks before it looks at everything
LAST = (1 << 63) - 1


class TooSlow(BadQuery):
    """The question takes more time than one reader may take."""

    def __init__(self) -> None:
        super().__init__(_("This search takes too long. Add a word, or narrow it by country, outlet or time."))


@dataclass(frozen=True, slots=True)
class Asked:
    """Words and marks that a report must (not) hold, and between which places it stands (``below`` not included)."""

    question: Question
    marks: tuple[tuple[str, ...], ...] = ()  # of each group at least one
    above: int = 0
    below: int = LAST

    def clauses(self) -> list[Clause]:
        """All that must be there."""
        marks = [Clause(tuple(Phrase((mark,)) for mark in group)) for group in self.marks]
        return [*self.question.wanted, *marks]


class Search:
    """One question being answered."""

    def __init__(self, asked: Asked) -> None:
        if not asked.clauses():
            if asked.question.unwanted:
                raise BadQuery(_("Search: say also what to look for, not only what to leave out."))
            raise BadQuery(_("Search: there is no word in it to look for; write at least one, in any script."))
        self.asked = asked
        self.until = time.monotonic() + PATIENCE
        self.sqlite = connection.vendor == "sqlite"
        self.late = False  # whether the deadline ended it

    def places(self, *, below: int | None = None, step: int = 100) -> Iterator[list[int]]:
        """Places of the reports, newest first, in growing steps. Raises TooSlow."""
        last = min(self.asked.below, below or LAST)
        while True:
            with self.deadline():
                found = self._sqlite(last, step) if self.sqlite else self._postgres(last, step)
            if found:
                yield found
            if len(found) < step:
                return
            last, step = found[-1], min(step * 3, 3_000)

    def among(self, places: Sequence[int]) -> set[int]:
        """Which of these reports hold what is asked for; each is looked up by its place."""
        found: set[int] = set()
        match, column, table = (
            ("articles_search MATCH %s", "rowid", "articles_search")
            if self.sqlite
            else ("search @@ %s::tsquery", "place", "articles_articletext")
        )
        told = fts5(self.asked) if self.sqlite else tsquery(self.asked)
        with self.deadline(), connection.cursor() as cursor:
            for start in range(0, len(places), 200):
                some = places[start : start + 200]
                marks = ", ".join(["%s"] * len(some))
                cursor.execute(f"SELECT {column} FROM {table} WHERE {match} AND {column} IN ({marks})", [told, *some])  # nosec B608
                found.update(row[0] for row in cursor.fetchall())
        return found

    @contextmanager
    def deadline(self) -> Iterator[None]:
        """Raises TooSlow, and remembers it."""
        try:
            with deadline(self.until):
                yield
        except TooSlow:
            self.late = True
            raise

    def _sqlite(self, last: int, limit: int) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT rowid FROM articles_search WHERE articles_search MATCH %s AND rowid < %s AND rowid >= %s "
                "ORDER BY rowid DESC LIMIT %s",
                [fts5(self.asked), last, self.asked.above, limit],
            )
            return [row[0] for row in cursor.fetchall()]

    def _postgres(self, last: int, limit: int) -> list[int]:
        """Window by window, since its index knows no order: the marks of days keep each small.

        ``place + 0``: the index of places must not be walked, it would read every report of the window.
        """
        told = tsquery(self.asked)
        found: list[int] = []
        with connection.cursor() as cursor:
            cursor.execute("SELECT max(place) FROM articles_articletext")
            newest = cursor.fetchone()[0]
            for low, high, marks in windows(min(last, (newest or 0) + 1), self.asked.above):
                days = f" & ({' | '.join(marks)})" if marks else ""
                cursor.execute(
                    "SELECT place FROM articles_articletext WHERE search @@ %s::tsquery AND place + 0 < %s "
                    "AND place + 0 >= %s ORDER BY place + 0 DESC LIMIT %s",
                    [f"({told}){days}", high, low, limit - len(found)],
                )
                found += [row[0] for row in cursor.fetchall()]
                if len(found) >= limit:
                    break
        return found


def found_ids(text: str, *, most: int) -> list[int]:
    """Ids of the newest reports that hold the words, shown to readers or not; none where nothing can be looked for."""
    try:
        return [place & (1 << ID_BITS) - 1 for place in next(Search(Asked(question(text))).places(step=most), [])]
    except BadQuery:
        return []


def windows(last: int, above: int) -> Iterator[tuple[int, int, list[str]]]:
    """Stretches of places from ``last`` (not included) down to ``above``, each with the marks of its days."""
    high = last
    for name in WINDOWS:
        bits = DAYS[name]
        newest = (high - 1) // DAY_BITS >> bits
        low = (newest - 1 << bits) * DAY_BITS
        if high <= above or newest < 1:
            break
        yield max(low, above), high, [f"{name}{newest}", f"{name}{newest - 1}"]
        high = low
    if high > above:
        yield above, high, []


def fts5(asked: Asked) -> str:
    """The question in the language of FTS5."""
    wanted = " AND ".join(f"({' OR '.join(map(_fts5_phrase, clause.any_of))})" for clause in asked.clauses())
    left_out = [_fts5_phrase(phrase) for clause in asked.question.unwanted for phrase in clause.any_of]
    return f"({wanted}) NOT ({' OR '.join(left_out)})" if left_out else wanted


def _fts5_phrase(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.words)}"{" *" if phrase.beginning else ""}'


def tsquery(asked: Asked) -> str:
    """The question in the language of PostgreSQL; every word is ASCII letters and digits."""
    wanted = " & ".join(f"({' | '.join(map(_tsquery_phrase, clause.any_of))})" for clause in asked.clauses())
    left_out = [f"!({_tsquery_phrase(phrase)})" for clause in asked.question.unwanted for phrase in clause.any_of]
    return " & ".join([wanted, *left_out])


def _tsquery_phrase(phrase: Phrase) -> str:
    return f"({' <-> '.join(phrase.words)}{':*' if phrase.beginning else ''})"


@contextmanager
def deadline(until: float) -> Iterator[None]:
    """End what the database is asked within by then. Raises TooSlow."""
    left = until - time.monotonic()
    if left <= 0:
        raise TooSlow
    try:
        with _sqlite_deadline(until) if connection.vendor == "sqlite" else _postgres_deadline(left):
            yield
    except DatabaseError as error:
        told = getattr(error.__cause__, "sqlstate", None) or str(error)
        if told in {"57014", "interrupted"}:  # query_canceled; what SQLite says
            raise TooSlow from error
        raise


@contextmanager
def _sqlite_deadline(until: float) -> Iterator[None]:
    connection.ensure_connection()
    raw: Any = connection.connection
    if not isinstance(raw, sqlite3.Connection):
        raise TypeError("a connection of the sqlite3 module is needed")
    raw.set_progress_handler(lambda: time.monotonic() > until, STEPS)
    try:
        yield
    finally:
        raw.set_progress_handler(None, 0)


@contextmanager
def _postgres_deadline(left: float) -> Iterator[None]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"SET LOCAL statement_timeout = {max(int(left * 1000), 1)}")
        yield
        cursor.execute("SET LOCAL statement_timeout = DEFAULT")
        cursor.execute("SET LOCAL enable_seqscan = DEFAULT")
