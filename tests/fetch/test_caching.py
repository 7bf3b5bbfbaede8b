"""What headers say about when to ask again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.fetch.caching import LONGEST, freshness, retry_after
from articles.records import Response

NOW = datetime(2025, 6, 2, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def response(headers: dict[str, str], status: int = 200) -> Response:
    return Response(url="http://a.example/", final_url="http://a.example/", status=status, headers=headers)


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", 2 * MINUTE),
        (" 120 ", 2 * MINUTE),
        ("0", timedelta()),
        ("Mon, 02 Jun 2025 12:10:00 GMT", 10 * MINUTE),
        ("Monday, 02-Jun-25 12:10:00 GMT", 10 * MINUTE),
        ("Mon Jun  2 12:10:00 2025", 10 * MINUTE),
        ("Mon, 02 Jun 2025 17:10:00 +0500", 10 * MINUTE),
        ("Mon, 02 Jun 2025 11:00:00 GMT", timedelta()),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST),
        ("9" * 30, LONGEST),
        ("-5", timedelta()),
        ("1.5", timedelta()),
        ("²", timedelta()),
        ("soon", timedelta()),
        ("", timedelta()),
    ],
)
def test_retry_after_is_read_as_seconds_and_as_a_date(value: str, wait: timedelta) -> None:
    assert retry_after({"retry-after": value}, now=NOW) == wait


@pytest.mark.parametrize(
    ("headers", "fresh"),
    [
        ({}, timedelta()),
        ({"cache-control": "max-age=600"}, 10 * MINUTE),
        ({"cache-control": 'public, Max-Age="600", must-revalidate'}, 10 * MINUTE),
        ({"cache-control": "max-age=600", "age": "540"}, MINUTE),
        ({"cache-control": "max-age=600", "age": "9999"}, timedelta()),
        ({"cache-control": "no-cache, max-age=600"}, timedelta()),
        ({"cache-control": "no-store", "expires": "Mon, 02 Jun 2025 13:00:00 GMT"}, timedelta()),
        ({"cache-control": "s-maxage=600"}, timedelta()),
        ({"cache-control": f"max-age={'9' * 5000}"}, LONGEST),
        ({"expires": "Mon, 02 Jun 2025 12:30:00 GMT"}, 30 * MINUTE),
        ({"expires": "Mon, 02 Jun 2025 12:30:00 GMT", "date": "Mon, 02 Jun 2025 12:20:00 GMT"}, 10 * MINUTE),
        ({"expires": "0"}, timedelta()),
        ({"expires": "-1"}, timedelta()),
        ({"cache-control": "max-age=600", "expires": "Mon, 02 Jun 2025 13:00:00 GMT"}, 10 * MINUTE),
    ],
)
def test_freshness_comes_from_cache_control_and_expires_on_200_and_304(
    headers: dict[str, str], fresh: timedelta
) -> None:
    assert freshness(response(headers), now=NOW) == fresh
    assert freshness(response(headers, status=304), now=NOW) == fresh


@given(value=st.text(max_size=60), name=st.sampled_from(["cache-control", "expires", "date", "age", "retry-after"]))
def test_no_header_raises(value: str, name: str) -> None:
    headers = {"expires": "Mon, 02 Jun 2025 12:30:00 GMT"} | {name: value}
    assert timedelta() <= freshness(response(headers), now=NOW) <= LONGEST
    assert timedelta() <= retry_after(headers, now=NOW) <= LONGEST
