"""Dates of feeds: what feedparser reads, then the region's ways of writing them; never a date that cannot be."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime, timedelta, timezone
from time import struct_time

from feedparser.datetimes import _parse_date

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # before feeds existed: an empty field of a database (1970), not a date
LATEST = timedelta(days=1)  # past the moment of fetching: room for wrong clocks and time zones
MAX_CHARS = 100

# The first letters of the months; Russian (both cases), Ukrainian, Kazakh, Kyrgyz, Tajik, Uzbek, Turkmen, Turkish,
# French, German, English.
MONTHS = {
    1: "янв|січ|қаң|үчт|jan|yan|oca|ýan",
    2: "фев|лют|ақп|бирд|feb|fev|şub|few|fév",
    3: "мар|бер|нау|жалг|mar|mär",
    4: "апр|кві|сәу|чын|apr|avr|nis",
    5: "май|мая|тра|мам|бугу|may|mai|maý",
    6: "июн|чер|мау|кул|jun|iyun|haz|iýun|juin",
    7: "июл|лип|шіл|тек|jul|iyul|tem|iýul|juil|июл",
    8: "авг|сер|там|баш|aug|avg|ağu|awg|aoû|aou",
    9: "сен|вер|қыр|аяк|sep|sen|eyl",
    10: "окт|жов|қаз|тог|oct|okt|eki",
    11: "ноя|лис|қара|жети|nov|noy|kas|noý",
    12: "дек|гру|жел|беш|dec|dek|ara|déc|dez",
}
_MONTH_OF = sorted(
    ((stem, month) for month, stems in MONTHS.items() for stem in stems.split("|")), key=lambda p: -len(p[0])
)
_TIME = re.compile(r"\b(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s?([ap])\.?m\b)?", re.IGNORECASE)
_ZONE = re.compile(r"(?:(?:GMT|UTC)\s?|\d{2}\s?)([+-])(\d{1,2})(?::?(\d{2}))?\s*$")
_YEAR_FIRST = re.compile(r"\b(\d{4})\s*[./年-]\s*(\d{1,2})\s*[./月-]\s*(\d{1,2})")
_DAY_FIRST = re.compile(r"\b(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})\b")
_NAMED = re.compile(r"\b(\d{1,2})(?:-?\w{1,3})?[\s.,-]+([^\W\d_]{3,12})[\s.,-]+(\d{4})\b")
_NAME_FIRST = re.compile(r"\b([^\W\d_]{3,12})[\s.]+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b")
_SECONDS = re.compile(r"\d{10}|\d{13}")  # since 1970, or thousandths of them
_MISREAD = re.compile(r"\d{4}\s*[./年]")  # feedparser takes the year and today's month


def feed_date(parsed: struct_time | None, raw: str, *, now: datetime) -> datetime | None:
    """Return the date as aware UTC, or None when it is none or cannot be true.

    ``parsed`` is feedparser's reading (UTC), ``raw`` the text it came from. What is before 1990 or more than a day
    after ``now`` is no date. A text without a zone is taken as UTC.
    """
    readings = (
        _from_struct(parsed) if parsed and not _MISREAD.search(raw[:MAX_CHARS]) else None,
        _from_text(raw[:MAX_CHARS].strip()) if raw else None,
    )
    return next((date for date in readings if date is not None and EARLIEST <= date <= now + LATEST), None)


def text_date(raw: str, *, now: datetime) -> datetime | None:
    """Return the date that a text says, by every reader we have; None as in ``feed_date``."""
    try:
        parsed = _parse_date(raw[:MAX_CHARS])
    except Exception:  # its handlers raise what their authors did not foresee
        parsed = None
    return feed_date(parsed, raw, now=now)


def _from_struct(parsed: struct_time) -> datetime | None:
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError, TypeError):
        return None


def _from_text(raw: str) -> datetime | None:
    try:
        if _SECONDS.fullmatch(raw):
            return datetime.fromtimestamp(int(raw[:10]), UTC)
        day = _day(raw)
        return _on(day, raw) if day else None
    except (ValueError, OverflowError):
        return None


def _on(day: tuple[int, int, int], raw: str) -> datetime:
    """The moment on a day that a text gives with it; midnight where it gives none. Raises ValueError."""
    clock = _TIME.search(raw)
    hour, minute, second = (int(part or 0) for part in clock.groups()[:3]) if clock else (0, 0, 0)
    if clock and clock[4]:
        hour = hour % 12 + (12 if clock[4] in "pP" else 0)
    zone = _ZONE.search(raw) if clock else None
    ahead = timedelta(hours=int(zone[2]), minutes=int(zone[3] or 0)) if zone else timedelta()
    tz = timezone(-ahead if zone and zone[1] == "-" else ahead)
    return datetime(*day, hour, minute, second, tzinfo=tz).astimezone(UTC)


def _day(raw: str) -> tuple[int, int, int] | None:
    """Year, month and day; of two numbers the first is the day, as everybody in the region writes it."""
    if match := _YEAR_FIRST.search(raw):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _DAY_FIRST.search(raw):
        day, month, year = int(match[1]), int(match[2]), int(match[3])
        return (year if year > 99 else 2000 + year), *((day, month) if month > 12 else (month, day))
    if match := _NAMED.search(raw):
        return _named(match[3], match[2], match[1])
    if match := _NAME_FIRST.search(raw):
        return _named(match[3], match[1], match[2])
    return None


def _named(year: str, name: str, day: str) -> tuple[int, int, int] | None:
    month = next((month for stem, month in _MONTH_OF if name.lower().startswith(stem)), 0)
    return (int(year), month, int(day)) if month else None
