"""Verification: a callback says itself whether it wants what somebody asked for in its name."""

from __future__ import annotations

import hmac
import logging
import secrets
from collections.abc import Callable, Iterator
from datetime import datetime
from urllib.parse import urlencode

from articles.errors import IngestError
from articles.fetch.calls import Call, Reply, call_many
from articles.fetch.settings import FetchSettings
from articles.hub import topics
from articles.models import HubRequest, HubSubscription, HubTopic

log = logging.getLogger(__name__)
MAX_ANSWER = 1024  # bytes
AT_ONCE = 50


def verify_all(settings: FetchSettings, *, clock: Callable[[], datetime]) -> int:
    """Ask the callbacks of all requests that nobody has tried; return how many confirmed."""
    asked: dict[int, tuple[HubRequest, str]] = {}

    def calls() -> Iterator[Call]:
        while (request := claim(now=clock())) is not None:
            challenge = secrets.token_urlsafe(32)
            asked[request.pk] = request, challenge
            yield Call(request.pk, question(request, challenge), max_bytes=MAX_ANSWER)

    confirmed = 0
    for call, reply in call_many(calls(), settings, concurrency=AT_ONCE):
        request, challenge = asked.pop(call.key)
        agreed = says_yes(reply, challenge)
        if agreed:
            carry_out(request, now=clock())
        HubRequest.objects.filter(pk=request.pk).update(done_at=clock(), secret="")  # nosec B106
        told = reply.message if isinstance(reply, IngestError) else f"status {reply.status}"
        log.info(
            "hub: %s %s (%s)", request.mode, "verified" if agreed else "refused", told, extra={"host": request.host}
        )
        confirmed += agreed
    return confirmed


def claim(*, now: datetime) -> HubRequest | None:
    """The oldest request that nobody has tried; it is ours now."""
    while True:
        found = HubRequest.objects.pending(now=now).filter(tried_at__isnull=True).order_by("asked_at", "pk").first()
        if found is None or HubRequest.objects.filter(pk=found.pk, tried_at__isnull=True).update(tried_at=now):
            return found


def question(request: HubRequest, challenge: str) -> str:
    """The callback with our fields after its own."""
    fields = {"hub.mode": request.mode, "hub.topic": request.topic, "hub.challenge": challenge}
    if request.mode == HubRequest.Mode.SUBSCRIBE:
        fields["hub.lease_seconds"] = str(int(request.lease.total_seconds()))
    return f"{request.callback}{'&' if '?' in request.callback else '?'}{urlencode(fields)}"


def says_yes(reply: Reply | IngestError, challenge: str) -> bool:
    """Whether the answer is a 2xx with exactly the challenge."""
    if isinstance(reply, IngestError):
        return False
    return 200 <= reply.status < 300 and hmac.compare_digest(reply.body, challenge.encode())


def carry_out(request: HubRequest, *, now: datetime) -> None:
    """Make, renew or end the subscription."""
    if request.mode == HubRequest.Mode.UNSUBSCRIBE:
        HubSubscription.objects.filter(topic__address=request.topic, callback=request.callback).delete()
        return
    try:
        newest = topics.changed_at(topics.read(request.topic))
    except topics.NotOurs:  # the list has ended since it was asked for
        return
    topic, _ = HubTopic.objects.get_or_create(address=request.topic, defaults={"changed_at": newest})
    HubSubscription.objects.update_or_create(
        topic=topic,
        callback=request.callback,
        defaults={"secret": request.secret, "expires_at": now + request.lease, "failures": 0, "next_try_at": now},
        create_defaults={
            "secret": request.secret,
            "expires_at": now + request.lease,
            "delivered_until": topic.changed_at,
            "next_try_at": now,
        },
    )


def forget(*, now: datetime) -> int:
    """Drop requests that no longer count, leases that ended, and topics that nobody is subscribed to."""
    gone = HubRequest.objects.filter(asked_at__lt=now - HubRequest.KEPT).delete()[0]
    gone += HubSubscription.objects.filter(expires_at__lte=now).delete()[0]
    return gone + HubTopic.objects.filter(subscriptions__isnull=True).delete()[0]
