"""Dates as the region's feeds write them, and none that cannot be true."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.parse.dates import text_date

NOW = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "date"),
    [
        ("Fri, 01 May 2026 10:00:00 +0500", "2026-05-01T05:00"),
        ("Fri, 01 May 2026 10:00:00 GMT", "2026-05-01T10:00"),
        ("2026-05-01T10:00:00+06:00", "2026-05-01T04:00"),
        ("2026-05-01 10:15:00", "2026-05-01T10:15"),
        ("2026-05-01", "2026-05-01T00:00"),
        ("Пт, 1 мая 2026 10:00:00 +0600", "2026-05-01T04:00"),
        ("Пт, 1 Май 2026 10:00:00 GMT+6", "2026-05-01T04:00"),
        ("1 мая 2026 г., 10:05", "2026-05-01T10:05"),
        ("01.05.2026 10:05", "2026-05-01T10:05"),
        ("01.05.26 10:05", "2026-05-01T10:05"),
        ("01/05/2026", "2026-05-01T00:00"),
        ("05/13/2026 10:00", "2026-05-13T10:00"),
        ("2026.05.01", "2026-05-01T00:00"),
        ("2026/5/1 10:05", "2026-05-01T10:05"),
        ("2026年5月1日 10:30", "2026-05-01T10:30"),
        ("Жұма, 1 мамыр 2026 10:05", "2026-05-01T10:05"),
        ("1 травня 2026, 10:05", "2026-05-01T10:05"),
        ("1 mayıs 2026 10:05", "2026-05-01T10:05"),
        ("1er mai 2026 10:05", "2026-05-01T10:05"),
        ("1-may, 2026 10:05", "2026-05-01T10:05"),
        ("Friday, May 1, 2026 - 10:05 PM", "2026-05-01T22:05"),
        ("May 1st, 2026 12:05 am", "2026-05-01T00:05"),
        ("1777629600", "2026-05-01T10:00"),
        ("1777629600000", "2026-05-01T10:00"),
    ],
)
def test_a_date_is_read(raw: str, date: str) -> None:
    assert text_date(raw, now=NOW) == datetime.fromisoformat(f"{date}:00+00:00")


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "вчера",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "0000-00-00",
        "2026-13-45",
        "31.02.2026",
        "31 Dec 1989 23:00:00 GMT",
        "Fri, 03 Jul 2026 10:00:00 GMT",
        "2099-01-01",
        "9999-12-31T23:59:59Z",
        "0001-01-01",
        "1 1 1",
        "99999999999",
        "-1",
        "1e9",
    ],
)
def test_what_cannot_be_a_date_is_none(raw: str) -> None:
    assert text_date(raw, now=NOW) is None


def test_a_clock_that_goes_ahead_by_hours_is_believed() -> None:
    assert text_date("Wed, 01 Jul 2026 20:00:00 GMT", now=NOW) == datetime(2026, 7, 1, 20, tzinfo=UTC)


@given(
    st.text(max_size=60)
    | st.from_regex(r"[0-9]{1,4}[-./ ][0-9]{1,2}[-./ ][0-9]{1,4}[T ]?[0-9:+-]{0,12}", fullmatch=True)
)
def test_any_text_is_a_date_or_none(raw: str) -> None:
    date = text_date(raw, now=NOW)
    assert date is None or (date.tzinfo is UTC and 1990 <= date.year <= 2026)
