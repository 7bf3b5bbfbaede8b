"""Delivery: what is new at which topic, sent to every subscriber; one that fails waits alone and delays no other."""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.db import transaction

from articles.errors import IngestError
from articles.fetch.calls import CONCURRENCY, Call, Reply, call_many
from articles.fetch.settings import FetchSettings
from articles.hub import topics
from articles.models import HubSubscription, HubTopic
from articles.publish.addresses import hub_address

log = logging.getLogger(__name__)
CLAIM = timedelta(minutes=3)  # longer than all claimed calls can take; a dead worker's are tried again after it
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6))
GIVE_UP = len(WAITS) + 1  # failures in a row after which a piece of news is given up; the subscription stays
GONE = 410
DOCUMENTS = 50  # made ones that are kept at a time
NOTED = 100  # results that are written together
Clock = Callable[[], datetime]


def announce(*, now: datetime) -> int:
    """Note which topics have news; return how many deliveries are due."""
    subscribed = HubSubscription.objects.active(now=now).values("topic")
    for topic in HubTopic.objects.filter(pk__in=subscribed):
        try:
            newest = topics.changed_at(topics.read(topic.address))
        except topics.NotOurs:  # the list has ended; so will the lease
            continue
        if newest > topic.changed_at:
            HubTopic.objects.filter(pk=topic.pk, changed_at__lt=newest).update(changed_at=newest)
    return HubSubscription.objects.due(now=now).count()


def deliver(settings: FetchSettings, *, late: bool, clock: Clock) -> int:
    """Call every subscriber that is due, those that failed last time apart (``late``); return how many took it."""
    sender = Sender(late=late, clock=clock)
    try:
        for call, reply in call_many(sender.calls(), settings, concurrency=CONCURRENCY):
            sender.note(call.key, reply)
    finally:
        sender.write()
    return sender.taken


class Sender:
    """One run of deliveries: claims subscriptions, makes each document once, writes results together."""

    def __init__(self, *, late: bool, clock: Clock) -> None:
        self._late = late
        self._clock = clock
        self._documents: OrderedDict[tuple[int, datetime], tuple[dict[str, str], bytes]] = OrderedDict()
        self._under_way: dict[int, HubSubscription] = {}
        self._done: dict[datetime, list[int]] = defaultdict(list)  # by the change up to which they know
        self._gone: list[int] = []
        self.taken = 0

    def calls(self) -> Iterator[Call]:
        """A call for each subscription that is due, until none is."""
        while claimed := self._claim():
            for subscription in claimed:
                headers, body = self._document(subscription)
                if subscription.secret:
                    signed = hmac.new(subscription.secret.encode(), body, hashlib.sha256).hexdigest()
                    headers = {**headers, "X-Hub-Signature": f"sha256={signed}"}
                self._under_way[subscription.pk] = subscription
                yield Call(subscription.pk, subscription.callback, body, headers)

    def _claim(self) -> list[HubSubscription]:
        """Take some that are due, so that no other worker calls them."""
        now = self._clock()
        due = HubSubscription.objects.due(now=now)
        due = due.filter(failures__gt=0) if self._late else due.filter(failures=0)
        with transaction.atomic():
            found = list(due.select_related("topic").select_for_update(skip_locked=True, of=("self",))[:CONCURRENCY])
            HubSubscription.objects.filter(pk__in=[row.pk for row in found]).update(next_try_at=now + CLAIM)
        return found

    def _document(self, subscription: HubSubscription) -> tuple[dict[str, str], bytes]:
        """Headers and body of what this subscriber misses."""
        topic, since = subscription.topic, subscription.delivered_until
        made = self._documents.get((topic.pk, since))
        if made is None:
            kind, body = topics.content(topics.read(topic.address), since=since)
            link = f'<{hub_address()}>; rel="hub", <{topic.address}>; rel="self"'
            made = self._documents[topic.pk, since] = {"Content-Type": kind, "Link": link}, body
            if len(self._documents) > DOCUMENTS:
                self._documents.popitem(last=False)
        return made

    def note(self, key: int, reply: Reply | IngestError) -> None:
        """Remember how a call ended; successes are written together, failures each for itself."""
        subscription = self._under_way.pop(key)
        if isinstance(reply, Reply) and 200 <= reply.status < 300:
            self.taken += 1
            self._done[subscription.topic.changed_at].append(key)
        elif isinstance(reply, Reply) and reply.status == GONE:
            self._gone.append(key)
        else:
            self._failed(subscription, reply.message if isinstance(reply, IngestError) else f"status {reply.status}")
        if sum(map(len, self._done.values())) >= NOTED:
            self.write()

    def _failed(self, subscription: HubSubscription, why: str) -> None:
        failures = subscription.failures + 1
        wait = WAITS[min(failures, len(WAITS)) - 1]
        subscription.failures = min(failures, 1000)
        subscription.next_try_at = self._clock() + wait
        subscription.last_error = why[:300]
        if failures >= GIVE_UP:
            subscription.delivered_until = subscription.topic.changed_at
        subscription.save(update_fields=["failures", "next_try_at", "last_error", "delivered_until"])

    def write(self) -> None:
        """Write what is known so far."""
        for until, keys in self._done.items():
            HubSubscription.objects.filter(pk__in=keys).update(
                delivered_until=until, failures=0, last_error="", next_try_at=self._clock()
            )
        HubSubscription.objects.filter(pk__in=self._gone).delete()
        self._done.clear()
        self._gone.clear()
