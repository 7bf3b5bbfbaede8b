"""What the operator decides about fetching, as one frozen value; the Django settings are turned into it elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from articles.fetch.addresses import AllowedNetwork

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """Limits of one exchange, and manners towards hosts."""

    user_agent: str  # name, version and where to complain
    deadline: timedelta = timedelta(seconds=30)  # of a whole exchange: names, connections, redirects, body
    max_bytes: int = 15 * MIB  # of a body, counted after inflating
    max_redirects: int = 5
    allow_networks: tuple[AllowedNetwork, ...] = ()  # open although not public, and not held back by politeness
    host_interval: timedelta = timedelta(seconds=5)  # between two starts at one host
    host_concurrency: int = 2  # requests in flight at one host
    ca_file: str = ""  # certificates to trust instead of the system's, as PEM
