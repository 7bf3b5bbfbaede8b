"""Read the catalogue's files; what is missing or broken is named with file, line and column."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent


class CatalogueError(Exception):
    """A file of the catalogue cannot be used; the message says which, where and why."""


def read_text(path: Path) -> str:
    """Raises CatalogueError when the file is missing or is not UTF-8."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise CatalogueError(f"{path}: the file is missing") from None
    except OSError as error:
        raise CatalogueError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        data = path.read_bytes()[: error.start]
        line, column = data.count(b"\n") + 1, error.start - data.rfind(b"\n")
        raise CatalogueError(f"{path}, line {line}, column {column}: not UTF-8 ({error.reason})") from None
    if (at := text.find("\0")) >= 0:  # no database of ours stores it
        line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        raise CatalogueError(f"{path}, line {line}, column {column}: a NUL character")
    return text


def read_json(path: Path) -> Any:
    """Raises CatalogueError with line and column where the JSON breaks."""
    try:
        return json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise CatalogueError(f"{path}, line {error.lineno}, column {error.colno}: {error.msg}") from None
    except RecursionError:
        raise CatalogueError(f"{path}: nested too deeply") from None


def read_csv(path: Path, *, columns: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    """Return (line number, row) pairs; every row must have every one of ``columns``."""
    reader = csv.DictReader(io.StringIO(read_text(path), newline=""), strict=True)
    rows: list[tuple[int, dict[str, str]]] = []
    try:
        missing = [name for name in columns if name not in (reader.fieldnames or [])]
        if missing:
            raise CatalogueError(f"{path}, line 1: no column {', '.join(missing)}")
        for row in reader:
            short = next((name for name in columns if row[name] is None), None)
            if short or None in row:
                column = list(row).index(short) + 1 if short else len(reader.fieldnames or []) + 1
                raise CatalogueError(
                    f"{path}, line {reader.line_num}, column {column}: {'too few' if short else 'too many'} fields"
                )
            rows.append((reader.line_num, row))
    except csv.Error as error:
        raise CatalogueError(f"{path}, line {reader.line_num}, column 1: {error}") from None
    return rows


def line_of(path: Path, value: str) -> str:
    """Where a JSON file says ``value``, as ", line N, column N"; "" when it can't be found."""
    text = read_text(path)
    at = text.find(json.dumps(value, ensure_ascii=False))
    if at < 0:
        return ""
    return f", line {text.count(chr(10), 0, at) + 1}, column {at - text.rfind(chr(10), 0, at)}"


def need(path: Path, row: Mapping[str, Any], name: str, kind: type) -> Any:
    """The field of a JSON row; raises CatalogueError when it is missing or of another kind."""
    value = row.get(name)
    if not isinstance(value, kind):
        identity = str(row.get("id") or row.get("slug") or "?")
        where = line_of(path, identity)
        raise CatalogueError(f"{path}{where}: {identity}: {name!r} should be a {kind.__name__}, is {value!r:.60}")
    return value
