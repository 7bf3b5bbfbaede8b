"""Every address that we print: absolute, built from SITE_URL, never from the Host header."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from articles.fetch.addresses import may_connect, parse_networks
from articles.models import Article, Story

# Names that stand for nothing on the public internet (RFC 6761, 6762, 8375, 9476).
NOWHERE = {"localhost", "local", "internal", "test", "example", "invalid", "onion", "arpa", "alt", "lan", "home"}


def absolute(path: str, fields: Mapping[str, str] | None = None) -> str:
    """SITE_URL with this path and, where there are any, these query fields; empty ones are left out."""
    query = urlencode({name: value for name, value in (fields or {}).items() if value != ""})
    return f"{settings.SITE_URL}{path}{'?' if query else ''}{query}"


def hub_address() -> str:
    """Address of the WebSub hub; "" where no subscriber could reach this site, or its news are invented."""
    networks = tuple(settings.FETCH_ALLOW_NETWORKS)
    reachable = not settings.SAMPLE_EDITION and is_reachable(settings.SITE_URL, networks)
    return absolute("/hub") if reachable else ""


@cache
def is_reachable(url: str, networks: tuple[str, ...]) -> bool:
    """Whether an address names a place on the public internet, or one in a network that the operator opened."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return "." in host.strip(".") and host.rstrip(".").rpartition(".")[2] not in NOWHERE
    return may_connect(host, port, parse_networks(networks))


def utc(at: datetime | None) -> str | None:
    """RFC 3339 in UTC, whole seconds."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if at else None


def tag_of(row: Story | Article) -> str:
    """A name of a story or report for ever (RFC 4151), the same in every language and format."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    kind, made = ("stories", row.created_at) if isinstance(row, Story) else ("articles", row.fetched_at)
    return f"tag:{host},{made:%Y-%m-%d}:{kind}/{row.pk}"
