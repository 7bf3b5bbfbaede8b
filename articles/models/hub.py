"""Who is told of news at once (WebSub): topics, subscribers with their leases, and requests not yet verified."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

MAX_ADDRESS = 1000  # letters of a callback or topic


class HubTopic(models.Model):
    """The address of a feed of ours that somebody subscribed to."""

    address = models.CharField(max_length=MAX_ADDRESS, unique=True)
    changed_at = models.DateTimeField("newest change of an entry that was announced")

    def __str__(self) -> str:
        return self.address


class HubSubscriptionQuerySet(models.QuerySet["HubSubscription"]):
    def active(self, *, now: datetime) -> Self:
        """Subscriptions whose lease has not ended."""
        return self.filter(expires_at__gt=now)

    def due(self, *, now: datetime) -> Self:
        """Active ones that miss something, whose turn has come, and that nobody calls at this moment."""
        missing = Q(delivered_until__lt=F("topic__changed_at"))
        return self.active(now=now).filter(missing, next_try_at__lte=now).order_by("next_try_at", "pk")


class HubSubscription(models.Model):
    """A verified wish to be told of one topic at one callback, until its lease ends."""

    topic = models.ForeignKey(HubTopic, on_delete=models.CASCADE, related_name="subscriptions")
    callback = models.CharField(max_length=MAX_ADDRESS)
    secret = models.CharField(max_length=200, blank=True, editable=False)
    expires_at = models.DateTimeField()
    delivered_until = models.DateTimeField(help_text="changes up to this one have arrived, or were given up")
    next_try_at = models.DateTimeField(default=timezone.now, help_text="also moved on while a call is under way")
    failures = models.PositiveSmallIntegerField("failed calls in a row", default=0)
    last_error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = HubSubscriptionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "callback"], name="hub_subscription_unique")]
        indexes = [
            models.Index(fields=["next_try_at"], name="hub_subscription_due"),
            models.Index(fields=["expires_at"], name="hub_subscription_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.callback} of {self.topic_id}"


class HubRequestQuerySet(models.QuerySet["HubRequest"]):
    def pending(self, *, now: datetime) -> Self:
        """Requests that are not answered yet; one that a dead process left behind counts only for a while."""
        return self.filter(done_at__isnull=True, asked_at__gt=now - HubRequest.COUNTS)


class HubRequest(models.Model):
    """A request to subscribe or to end a subscription, which its callback has to confirm."""

    COUNTS = timedelta(minutes=10)
    KEPT = timedelta(hours=1)  # for counting how often one address asks

    class Mode(models.TextChoices):
        SUBSCRIBE = "subscribe"
        UNSUBSCRIBE = "unsubscribe"

    mode = models.CharField(max_length=11, choices=Mode)
    topic = models.CharField(max_length=MAX_ADDRESS)
    callback = models.CharField(max_length=MAX_ADDRESS)
    host = models.CharField("host of the callback", max_length=255)
    secret = models.CharField(max_length=200, blank=True, editable=False)
    lease = models.DurationField()
    asked_by = models.CharField("keyed hash of who asked", max_length=40, editable=False)
    asked_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = HubRequestQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["host", "asked_at"], name="hub_request_host"),
            models.Index(fields=["asked_by", "asked_at"], name="hub_request_asker"),
            models.Index(fields=["asked_at"], name="hub_request_asked"),
        ]

    def __str__(self) -> str:
        return f"{self.mode} {self.callback}"
