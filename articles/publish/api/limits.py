"""How many requests one address may make in a minute."""

from __future__ import annotations

import ipaddress
import time

from django.core.cache import cache
from django.http import HttpRequest
from ninja.throttling import BaseThrottle

PER_MINUTE = 1200  # requests of one address; at least 600 are promised
WINDOW = 60  # seconds


class PerAddress(BaseThrottle):
    """Counts in fixed minutes; addresses are forgotten two minutes later."""

    def allow_request(self, request: HttpRequest) -> bool:
        key = f"api:{int(time.time() // WINDOW)}:{network_of(request.META.get('REMOTE_ADDR', ''))}"
        cache.add(key, 0, 2 * WINDOW)
        try:
            return cache.incr(key) <= PER_MINUTE
        except ValueError:  # evicted between the two calls
            return True

    def wait(self) -> float:
        return WINDOW - time.time() % WINDOW


def network_of(address: str) -> str:
    """The address; of IPv6 the /64, since one subscriber has all of that."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else str(ip)
