"""Every address that we print: absolute, built from SITE_URL, never from the Host header."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from articles.models import Article, Story


def absolute(path: str, fields: Mapping[str, str] | None = None) -> str:
    """SITE_URL with this path and, where there are any, these query fields; empty ones are left out."""
    query = urlencode({name: value for name, value in (fields or {}).items() if value != ""})
    return f"{settings.SITE_URL}{path}{'?' if query else ''}{query}"


def utc(at: datetime | None) -> str | None:
    """RFC 3339 in UTC, whole seconds."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if at else None


def tag_of(row: Story | Article) -> str:
    """A name of a story or report for ever (RFC 4151), the same in every language and format."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    kind, made = ("stories", row.created_at) if isinstance(row, Story) else ("articles", row.fetched_at)
    return f"tag:{host},{made:%Y-%m-%d}:{kind}/{row.pk}"
