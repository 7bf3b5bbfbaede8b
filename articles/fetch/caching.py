"""What the headers of an answer say about when to ask again (RFC 9110 10.2.3, RFC 9111 4.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from articles.records import Response

LONGEST = timedelta(days=366)  # what is longer is cut to this: it is no plan, and must not overflow
_MAX_AGE = re.compile(r'(?:^|[,\s])max-age\s*=\s*"?(\d+)', re.IGNORECASE)
_NOT_KEPT = re.compile(r"(?:^|[,\s])no-(?:cache|store)(?:$|[,\s])", re.IGNORECASE)


def retry_after(headers: Mapping[str, str], *, now: datetime) -> timedelta:
    """Return how long the server asks us to stay away, as seconds or as a date; zero when it does not say."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return _seconds(value)
    return _until(value, now=now)


def freshness(response: Response, *, now: datetime) -> timedelta:
    """Return for how long the server says that its answer stays good, zero when it does not or forbids to keep it."""
    cache_control = response.headers.get("cache-control", "")
    if _NOT_KEPT.search(cache_control):
        return timedelta()
    max_age = _MAX_AGE.search(cache_control)
    if max_age is None:
        return _until(response.headers.get("expires", ""), now=http_date(response.headers.get("date", "")) or now)
    age = response.headers.get("age", "").strip()
    spent = _seconds(age) if age.isascii() and age.isdigit() else timedelta()
    return max(_seconds(max_age[1]) - spent, timedelta())


def http_date(value: str) -> datetime | None:
    """Return the aware UTC time that a header gives, None when it gives none."""
    try:
        found = parsedate_to_datetime(value)
        # A date without a zone means UTC (RFC 9110, 5.6.7).
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _until(value: str, *, now: datetime) -> timedelta:
    date = http_date(value)
    return timedelta() if date is None else min(max(date - now, timedelta()), LONGEST)


def _seconds(digits: str) -> timedelta:
    return LONGEST if len(digits) > 8 else min(timedelta(seconds=int(digits)), LONGEST)
