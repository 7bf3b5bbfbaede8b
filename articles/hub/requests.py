"""Wishes to subscribe, read and checked before anything is called: forged and greedy ones end here."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus

from django.conf import settings
from django.utils.crypto import salted_hmac
from yarl import URL

from articles.errors import Refused
from articles.fetch.addresses import AllowedNetwork, is_public, parse_networks
from articles.fetch.locations import read_address
from articles.hub import topics
from articles.models import HubRequest, HubTopic
from articles.models.hub import MAX_ADDRESS
from articles.publish.api.limits import network_of

PLAIN = re.compile(r"[\x21-\x7e]+")  # what an address may hold
MAX_SECRET = 199  # bytes (WebSub, 5.1)
LEASE, SHORTEST, LONGEST = timedelta(days=10), timedelta(hours=1), timedelta(days=30)
PENDING = 5  # of one host
ASKED = 20  # by one address in an hour
MOST_TOPICS = 5000
HOUR = timedelta(hours=1)


class Rejected(Exception):
    """A wish that is not followed: status, and a sentence for the developer of the subscriber."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status


def accept(form: Mapping[str, str], *, address: str, now: datetime) -> HubRequest:
    """Store the wish of this form, sent from ``address``, for verification. Raises Rejected."""
    mode = form.get("hub.mode", "")
    if mode not in HubRequest.Mode.values:
        raise bad("hub.mode: use subscribe or unsubscribe.")
    callback, topic = form.get("hub.callback", ""), form.get("hub.topic", "")
    host = read_callback(callback)
    read_topic(topic, mode=mode)
    secret = form.get("hub.secret", "")
    if len(secret.encode()) > MAX_SECRET or "\0" in secret:
        raise bad(f"hub.secret: at most {MAX_SECRET} bytes.")
    lease = read_lease(form.get("hub.lease_seconds", ""))
    asked_by = salted_hmac("hub", network_of(address)).hexdigest()[:40]
    if HubRequest.objects.filter(asked_by=asked_by, asked_at__gt=now - HOUR).count() >= ASKED:
        raise Rejected(HTTPStatus.TOO_MANY_REQUESTS, f"At most {ASKED} requests an hour come from one address.")
    if HubRequest.objects.pending(now=now).filter(host=host).count() >= PENDING:
        raise Rejected(HTTPStatus.TOO_MANY_REQUESTS, f"At most {PENDING} requests of one host wait for verification.")
    return HubRequest.objects.create(
        mode=mode,
        topic=topic,
        callback=callback,
        host=host,
        secret=secret,
        lease=lease,
        asked_by=asked_by,
        asked_at=now,
    )


def read_topic(topic: str, *, mode: str) -> None:
    """Check that a topic is a feed of ours; one that ended may still be unsubscribed from. Raises Rejected."""
    if len(topic) > MAX_ADDRESS or not PLAIN.fullmatch(topic):
        raise bad("hub.topic: give the address of a feed.")
    if HubTopic.objects.filter(address=topic).exists():
        return
    if mode == HubRequest.Mode.UNSUBSCRIBE:
        raise bad("hub.topic: nobody is subscribed to it.")
    try:
        topics.read(topic)
    except topics.NotOurs as error:
        raise Rejected(HTTPStatus.NOT_FOUND, str(error)) from None
    if HubTopic.objects.count() >= MOST_TOPICS:
        raise Rejected(HTTPStatus.SERVICE_UNAVAILABLE, "This hub serves as many topics as it can; ask for a known one.")


def read_callback(callback: str) -> str:
    """The host of a callback: https at a public address, or what the operator opened. Raises Rejected."""
    if len(callback) > MAX_ADDRESS or not PLAIN.fullmatch(callback):
        raise bad(f"hub.callback: give an https address of at most {MAX_ADDRESS} letters.")
    try:
        url = read_address(callback)
    except Refused as error:
        raise bad(f"hub.callback: {error.message}.") from None
    if url.user or url.password or "#" in callback:
        raise bad("hub.callback: no user, password or fragment.")
    if is_opened(url):
        return url.raw_host or ""
    if url.scheme != "https":
        raise bad("hub.callback: only https addresses are called.")
    host = url.raw_host or ""
    literal = ip_of(host)
    if literal is not None and not is_public(literal):
        raise bad("hub.callback: this address is not on the public internet.")
    return host


def is_opened(url: URL) -> bool:
    """Whether a callback names an address (not a name) in a network that the operator opened."""
    literal = ip_of(url.raw_host or "")
    opened: tuple[AllowedNetwork, ...] = parse_networks(settings.FETCH_ALLOW_NETWORKS)
    return literal is not None and any(network.opens(literal, url.port or 0) for network in opened)


def ip_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def read_lease(seconds: str) -> timedelta:
    """The lease that we give: what was asked for, within our bounds. Raises Rejected."""
    if not seconds:
        return LEASE
    if not (seconds.isascii() and seconds.isdigit()):
        raise bad("hub.lease_seconds: give a whole number of seconds.")
    asked = timedelta(seconds=int(seconds)) if len(seconds) < 10 else LONGEST
    return min(max(asked, SHORTEST), LONGEST)


def bad(why: str) -> Rejected:
    return Rejected(HTTPStatus.BAD_REQUEST, why)
