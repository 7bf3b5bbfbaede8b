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
_TIME = re.compile(r"\b(\d{1,2}):(\d{2})(?::(\d{2}))?")
_ZONE = re.compile(r"(?:GMT|UTC|[\s\d])\s?([+-])(\d{2}):?(\d{2})\s*$")
_DAY_FIRST = re.compile(r"\b(\d{1,2})[./-](\d{1,2})[./-](\d{4})\b")
_YEAR_FIRST = re.compile(r"\b(\d{4})\s*[./年-]\s*(\d{1,2})\s*[./月-]\s*(\d{1,2})")
_NAMED = re.compile(r"\b(\d{1,2})(?:-?\w{1,3})?[\s.,-]+([^\W\d_]{3,12})[\s.,-]+(\d{4})\b")


def feed_date(parsed: struct_time | None, raw: str, *, now: datetime) -> datetime | None:
    """Return the date as aware UTC, or None when it is none or cannot be true.

    ``parsed`` is feedparser's reading (UTC), ``raw`` the text it came from. What is before 1990 or more than a day
    after ``now`` is no date. A text without a zone is taken as UTC.
    """
    found = _from_struct(parsed) if parsed else None
    if found is None and raw:
        found = _from_text(raw[:MAX_CHARS])
    if found is None or not EARLIEST <= found <= now + LATEST:
        return None
    return found


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
    day = _day(raw)
    if day is None:
        return None
    clock = _TIME.search(raw)
    hour, minute, second = (int(part or 0) for part in clock.groups()) if clock else (0, 0, 0)
    zone = _ZONE.search(raw)
    try:
        offset = timedelta(hours=int(zone[2]), minutes=int(zone[3])) if zone else timedelta()
        tz = timezone(-offset if zone and zone[1] == "-" else offset)
        return datetime(*day, hour, minute, second, tzinfo=tz).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _day(raw: str) -> tuple[int, int, int] | None:
    if match := _YEAR_FIRST.search(raw):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _DAY_FIRST.search(raw):
        return int(match[3]), int(match[2]), int(match[1])
    if match := _NAMED.search(raw):
        name = match[2].lower()
        month = next((month for stem, month in _MONTH_OF if name.startswith(stem)), 0)
        return (int(match[3]), month, int(match[1])) if month else None
    return None
