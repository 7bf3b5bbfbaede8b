"""Many rows at once: COPY on PostgreSQL, one prepared statement on SQLite. For made-up archives only."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.db.models import DateTimeField, Field, JSONField, Model

Row = list[Any]


class Table:
    """The table of a model, with what its fields hold when nothing is said."""

    def __init__(self, model: type[Model], *, now: datetime) -> None:
        self.model = model
        self.fields: Sequence[Field[Any, Any]] = model._meta.concrete_fields
        self.places = {field.attname: place for place, field in enumerate(self.fields)}
        self.blank = [now if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
                      else field.get_default() for field in self.fields]  # fmt: skip
        self.next = 1 + (model._base_manager.order_by("-pk").values_list("pk", flat=True).first() or 0)
        self.blank = [self._plain(field, value) for field, value in zip(self.fields, self.blank, strict=True)]

    def row(self, **values: Any) -> Row:
        """A row; values by attribute name, times as ``moment`` gives them, JSON as text. Without ``id``: the next."""
        row = self.blank.copy()
        if "id" in self.places:
            row[self.places["id"]] = self.next
            self.next += 1
        for name, value in values.items():
            row[self.places[name]] = value
        return row

    def write(self, rows: Sequence[Row]) -> None:
        """Insert them in order."""
        names = ", ".join(f'"{field.column}"' for field in self.fields)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f'COPY "{self.model._meta.db_table}" ({names}) FROM STDIN') as copy:
                    for row in rows:
                        copy.write_row(row)
                for statement in connection.ops.sequence_reset_sql(no_style(), [self.model]):
                    cursor.execute(statement)
            else:
                marks = ", ".join(["%s"] * len(self.fields))
                cursor.executemany(f'INSERT INTO "{self.model._meta.db_table}" ({names}) VALUES ({marks})', rows)  # nosec B608

    def _plain(self, field: Field[Any, Any], value: Any) -> Any:
        if isinstance(field, JSONField):
            return json.dumps(value)
        if isinstance(field, DateTimeField) and isinstance(value, datetime):
            return moment(value)
        return value


def moment(at: datetime) -> Any:
    """A time as the database takes it."""
    return at if connection.vendor == "postgresql" else f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
