"""A piece of a list, and the opaque mark at which the next piece begins."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext as _

from articles.publish.query import BadQuery

Row = TypeVar("Row")
NUMBERS: dict[str, type[int] | type[float]] = {"rank": float, "place": int, "fit": int}  # other keys hold times


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """A piece of a list, and the cursor of the next piece ("" at the end)."""

    rows: list[Row]
    next: str


def write_cursor(key: str, value: Any, pk: int) -> str:
    """The mark after the row ``pk``, whose value in the order ``key`` this is."""
    told = value.isoformat() if isinstance(value, datetime) else repr(value)
    return base64.urlsafe_b64encode(json.dumps([key, told, pk]).encode()).decode().rstrip("=")


def read_cursor(cursor: str, key: str) -> tuple[Any, int]:
    """Value and row of a mark. Raises BadQuery when it was changed or is from a list in another order."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        name, told, pk = json.loads(raw)
        value = NUMBERS[key](told) if key in NUMBERS else datetime.fromisoformat(told)
        if name != key or not isinstance(pk, int) or (isinstance(value, datetime) and value.tzinfo is None):
            raise ValueError(name)
        if abs(pk) > 2**62 or value != value or (isinstance(value, int) and not 0 <= value < 2**63):
            raise ValueError(pk)
    except (ValueError, TypeError, binascii.Error, OverflowError, RecursionError):
        why = _("The mark of the next page can't be read; begin again at the first page.")
        raise BadQuery(why) from None
    return value, pk
