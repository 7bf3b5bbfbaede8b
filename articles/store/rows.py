"""Writing back fields of many rows, each with values of its own."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, models


def update_rows(objects: Sequence[models.Model], names: Sequence[str]) -> None:
    """Write these fields of these rows. A row that is gone meanwhile stays gone.

    Does what ``bulk_update`` does by one prepared statement instead of an expression tree for each value, which took
    40% of the grouper's time.
    """
    if not objects:
        return
    meta, quote = objects[0]._meta, connection.ops.quote_name
    fields = [field for name in names if isinstance(field := meta.get_field(name), models.Field)]
    columns = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
    rows = [
        [*(field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields), row.pk]
        for row in objects
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {quote(meta.db_table)} SET {columns} WHERE {quote(meta.pk.name)} = %s", rows)  # nosec B608
