"""Times as people read them: worked out in Python, because a filter in every row of a list costs more than the list."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

CITIES = (  # whose time a site of the region is likely to show
    gettext_noop("Almaty"),
    gettext_noop("Ashgabat"),
    gettext_noop("Bishkek"),
    gettext_noop("Dushanbe"),
    gettext_noop("Tashkent"),
)


def machine(at: datetime) -> str:
    """RFC 3339 in the zone of the site, for ``datetime=``."""
    return timezone.localtime(at).isoformat(timespec="minutes")


def clock(at: datetime) -> str:
    """The time of day."""
    return f"{timezone.localtime(at):%H:%M}"


def short(at: datetime, *, now: datetime) -> str:
    """The time today, "yesterday", else the day; ``now`` is in the zone of the site."""
    local = timezone.localtime(at)
    age = (now.date() - local.date()).days
    if age == 0:
        return f"{local:%H:%M}"
    if age == 1:
        return _("yesterday, %(time)s") % {"time": f"{local:%H:%M}"}
    return brief_day(local.date(), year=local.year != now.year)


def brief_day(day: date, *, year: bool = False) -> str:
    """19 Nov, 19 Nov 2025; a translation is a format of Django's too, so that months stand in the right case."""
    return date_format(day, _("j M Y") if year else _("j M"))


def long_day(day: date) -> str:
    """The day as the language of the page writes it, with the name of the weekday."""
    return date_format(day, _("l j F Y"))


def month(day: date) -> str:
    """The month with its year."""
    return date_format(day, "F Y")


def full(at: datetime) -> str:
    """Day and time, with the year."""
    local = timezone.localtime(at)
    return f"{brief_day(local.date(), year=True)}, {local:%H:%M}"


def place() -> str:
    """The city whose time the pages show: the last part of TIME_ZONE."""
    city = timezone.get_current_timezone_name().rpartition("/")[2].replace("_", " ")
    return _(city) if city in CITIES else city


def span(first: datetime, last: datetime) -> str:
    """How long it went on, in whole minutes, hours or days."""
    lasting = last - first
    if lasting < timedelta(hours=1):
        return _("%(n)d min") % {"n": int(lasting.total_seconds() // 60)}
    if lasting < timedelta(hours=48):
        return _("%(n)d h") % {"n": int(lasting.total_seconds() // 3600)}
    return _("%(n)d days") % {"n": lasting.days}
