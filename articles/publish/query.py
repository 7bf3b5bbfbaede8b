"""The filters of a list, read from the words of an address and checked; the message of a refusal is for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any, Self

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from articles.models.source import Ownership, Perspective
from articles.publish.names import names
from articles.publish.reader import languages_of

PAGE = 30
MAX_LIMIT = 200


class BadQuery(ValueError):
    """A filter that can't be read; the message says which and why, in words for people."""


@dataclass(frozen=True, slots=True)
class ListQuery:
    """Filters of a list. Empty ones do not filter; ``since`` and ``until`` are aware (until: not included).

    ``several``: one value, or more divided by spaces (``kk+ru`` in an address), any of which will do.
    """

    country: str = ""  # several, ISO2; may be given as slugs
    topic: str = ""  # several, slugs
    entity: str = ""  # slug
    source: str = ""  # slug
    language: str = ""  # several
    perspective: str = ""  # several
    owner: str = ""  # whose outlet; a kind of owner given here is read as ``ownership``
    ownership: str = ""  # several
    q: str = ""
    since: datetime | None = None
    until: datetime | None = None
    sort: str = ""  # "", "newest" or "rank"
    relevant: str = "true"  # true, false, any (articles)
    story: int = 0
    day: date | None = None  # of the archive, in TIME_ZONE
    feed_url: str = ""
    one_sided: bool = False
    kind: str = "stories"  # or articles
    limit: int = PAGE
    cursor: str = ""
    beyond: bool = False  # also stories about none of the five

    NAMES = frozenset(
        {
            "country", "topic", "entity", "source", "language", "perspective", "owner", "ownership", "q", "from", "to",
            "sort", "kind", "limit", "cursor", "relevant", "story", "feed_url", "one_sided",
        }
    )  # fmt: skip

    @classmethod
    def read(cls, given: Mapping[str, str], **fixed: Any) -> Self:
        """Return the filters of a query string; ``fixed`` come from the path. Raises BadQuery."""
        text = {name: given.get(name, "").strip() for name in cls.NAMES}
        if any("\0" in value for value in text.values()):
            raise BadQuery(_("A filter holds a character that no text has."))
        known = {field.name for field in fields(cls)}
        values: dict[str, Any] = {name: text[name][:500] for name in text if name in known and text[name]}
        if values.get("owner") and set(values["owner"].split()) <= set(Ownership.values):
            values["ownership"] = values.pop("owner")
        values["country"] = " ".join(map(_code, values.get("country", "").split()))
        values["since"] = _moment(text["from"], name="from")
        values["until"] = _moment(text["to"], name="to", end=True)
        values["limit"] = _number(text["limit"], name="limit", default=PAGE, low=1, high=MAX_LIMIT)
        values["story"] = _number(text["story"], name="story", default=0, low=0, high=2**62)
        values["language"] = _languages(text["language"])
        values["one_sided"] = text["one_sided"] in {"1", "true", "yes"}
        for name, choices in (
            ("sort", {"", "newest", "rank", "fit"}),
            ("kind", {"stories", "articles"}),
            ("relevant", {"true", "false", "any"}),
        ):
            if values.get(name, next(iter(choices & {"", "stories", "true"}))) not in choices:
                told = ", ".join(sorted(filter(None, choices)))
                raise BadQuery(_("%(name)s: use one of %(choices)s.") % {"name": name, "choices": told})
        for name, known_words in (("perspective", Perspective.values), ("ownership", Ownership.values)):
            if not set(values.get(name, "").split()) <= set(known_words):
                told = ", ".join(known_words)
                raise BadQuery(_("%(name)s: use one or more of %(choices)s.") % {"name": name, "choices": told})
        return cls(**{**values, **fixed})


def _code(country: str) -> str:
    """The code of a country named by code or slug."""
    if len(country) == 2:
        return country.upper()
    place = names().country(country.lower())
    if place is None:
        told = _("country: there is none called %(name)s; /api/v1/countries lists them.")
        raise BadQuery(told % {"name": repr(country[:60])})
    return place.key


def _languages(text: str) -> str:
    codes = languages_of(text)
    if len(codes) != len(dict.fromkeys(text.split())):
        raise BadQuery(_("language: use codes such as kk or ru, several with a space between them, fifteen at most."))
    return " ".join(codes)


def _moment(text: str, *, name: str, end: bool = False) -> datetime | None:
    """A day (its beginning, or its end) in TIME_ZONE, or a time."""
    if not text:
        return None
    try:
        day, moment = (parse_date(text), None) if len(text) == 10 else (None, parse_datetime(text.replace(" ", "+")))
        if day:
            moment = datetime.combine(day + timedelta(days=1) if end else day, time.min)
        if moment is None:
            raise ValueError(text)
        return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
    except (ValueError, OverflowError):
        told = _("%(name)s: %(text)s is no date such as 2026-11-23.") % {"name": name, "text": repr(text[:40])}
        raise BadQuery(told) from None


def _number(text: str, *, name: str, default: int, low: int, high: int) -> int:
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 20 and low <= int(text) <= high):
        told = _("%(name)s: use a whole number from %(low)d to %(high)d.")
        raise BadQuery(told % {"name": name, "low": low, "high": high})
    return int(text)


def of_day(day: date) -> ListQuery:
    """The list of one day in TIME_ZONE, in the order that its stories had then."""
    return ListQuery(day=day, sort="rank")
