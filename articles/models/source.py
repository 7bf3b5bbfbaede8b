"""Outlets, the addresses at which they publish, and every try to read those."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.catalogue import CatalogueRow
from articles.records import FeedRequest, SourceHints

FETCH_LEASE = timedelta(minutes=10)  # longer than any batch of fetches takes
CORE = ("KZ", "KG", "TJ", "TM", "UZ")


class Ownership(models.TextChoices):
    STATE = "state", _("state")
    STATE_AFFILIATED = "state-affiliated", _("state-affiliated")
    INDEPENDENT = "independent", _("independent")
    EXILE = "exile", _("exile")
    PUBLIC_SERVICE = "public-service", _("public-service")
    COMMERCIAL = "commercial", _("commercial")
    THINK_TANK = "think-tank", _("think-tank")
    INTERGOVERNMENTAL = "intergovernmental", _("intergovernmental")
    UNKNOWN = "unknown", _("owner not known")


class Perspective(models.TextChoices):
    """Sides, in the one order in which they stand everywhere."""

    KZ = "kz", _("Kazakhstan")
    KG = "kg", _("Kyrgyzstan")
    TJ = "tj", _("Tajikistan")
    TM = "tm", _("Turkmenistan")
    UZ = "uz", _("Uzbekistan")
    REGIONAL = "regional", _("Regional")
    RU = "ru", _("Russia")
    CN = "cn", _("China")
    TR = "tr", _("Türkiye")
    AZ = "az", _("Azerbaijan")
    IR = "ir", _("Iran")
    WESTERN = "western", _("West")
    INTERNATIONAL = "international", _("International")
    UNKNOWN = "unknown", _("Side not known")


class SourceQuerySet(models.QuerySet["Source"]):
    def public(self) -> Self:
        """Outlets that readers may see: not hidden and not excluded by this operator."""
        excluded = settings.SOURCES_EXCLUDE
        shown = self.filter(hidden=False)
        return shown.exclude(Q(slug__in=excluded) | Q(owner__in=excluded)) if excluded else shown

    def withheld(self) -> Self:
        """The few that are not public; reports are told apart by these, or a plan would go through every outlet."""
        excluded = settings.SOURCES_EXCLUDE
        return self.filter(Q(hidden=True) | Q(slug__in=excluded) | Q(owner__in=excluded)).order_by()


class Source(CatalogueRow):
    """An outlet: one newsroom or masthead with all its feeds."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    homepage = models.URLField(max_length=500, blank=True)
    owner = models.CharField(max_length=80, db_index=True, help_text="shared by all outlets of one owner")
    ownership = models.CharField(max_length=20, choices=Ownership, default=Ownership.UNKNOWN)
    funding_note = models.CharField(max_length=300, blank=True)
    perspective = models.CharField(max_length=15, choices=Perspective, default=Perspective.UNKNOWN)
    kind = models.CharField(max_length=20, blank=True, help_text="news, analysis, official, business, rights, data")
    base_country = models.CharField("country of the newsroom", max_length=2, blank=True)
    headline_only = models.BooleanField("only headlines may be shown", default=False)
    hidden = models.BooleanField(default=False)
    needs_review = models.BooleanField(default=False, help_text="imported or proposed, not yet looked at")
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="absorbed")
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.CheckConstraint(name="source_has_name", condition=~Q(name=""))]
        indexes = [
            models.Index(fields=["perspective"], name="source_perspective"),
            models.Index(fields=["ownership"], name="source_ownership"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def steered_by_state(self) -> bool:
        """Whether its mark is filled: owned or steered by a state."""
        return self.ownership in {Ownership.STATE, Ownership.STATE_AFFILIATED}

    def get_absolute_url(self) -> str:
        return reverse("source", args=[self.slug])

    def catalogue_key(self) -> str:
        return self.slug


class SourceLabel(models.Model):
    """Where a label of an outlet comes from, of what date it is, and whether somebody verified it."""

    class Name(models.TextChoices):
        OWNER = "owner"
        OWNERSHIP = "ownership"
        PERSPECTIVE = "perspective"

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="labels")
    name = models.CharField(max_length=15, choices=Name)
    basis = models.CharField("source of the label", max_length=500)
    as_of = models.DateField()
    verified = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "name"], name="source_label_unique")]

    def __str__(self) -> str:
        return f"{self.source} {self.name}"


class FeedQuerySet(models.QuerySet["Feed"]):
    def active(self) -> Self:
        """Feeds that are polled: enabled, not ended, their outlet not excluded by this operator."""
        excluded = settings.SOURCES_EXCLUDE
        found = self.filter(enabled=True).exclude(outcome=Feed.Outcome.GONE)
        if excluded:
            found = found.exclude(Q(source__slug__in=excluded) | Q(source__owner__in=excluded))
        return found

    def due(self, *, now: datetime) -> Self:
        """Active feeds whose turn has come and that nobody holds, longest-waiting first."""
        return self.active().filter(next_fetch_at__lte=now, leased_until__lt=now).order_by("next_fetch_at", "id")

    def lease(self, feed_ids: list[int], *, now: datetime, due_only: bool = True) -> list[Feed]:
        """Hold these feeds for FETCH_LEASE and return the ones that we got; others have the rest."""
        free = self.filter(pk__in=feed_ids, leased_until__lt=now, enabled=True)
        if due_only:
            free = free.filter(next_fetch_at__lte=now).exclude(outcome=Feed.Outcome.GONE)
        with transaction.atomic():
            rows = free.select_for_update(skip_locked=True, of=("self",))  # SQLite locks the whole database
            mine = list(rows.select_related("source").order_by("next_fetch_at", "id"))
            Feed.objects.filter(pk__in=[feed.pk for feed in mine]).update(leased_until=now + FETCH_LEASE)
        return mine


LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Feed(CatalogueRow):
    """One address of an outlet, with the state of polling it."""

    class Outcome(models.TextChoices):
        """How the last fetch ended; the values of IngestError.outcome stand among them."""

        NEVER = "never", _("not fetched yet")
        OK = "ok", _("new answer")
        UNCHANGED = "unchanged", _("nothing new")
        EMPTY = "empty", _("an empty feed")
        DEFERRED = "deferred", _("waiting for its turn at a busy host")
        DNS = "dns", _("name not found")
        CONNECTION = "connection", _("no connection")
        TLS = "tls", _("certificate not valid")
        TIMEOUT = "timeout", _("too slow")
        HTTP_ERROR = "http_error", _("the server refused")
        GONE = "gone", _("ended by the outlet")
        REFUSED = "refused", _("address not on the public internet")
        TOO_LARGE = "too_large", _("too large")
        BAD_RESPONSE = "bad_response", _("unreadable answer")
        HTML_PAGE = "html_page", _("a web page, no feed")
        NOT_A_FEED = "not_a_feed", _("no feed")
        PARSE_LIMIT = "parse_limit", _("reading it took too much")
        ERROR = "error", _("error")

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="feeds")
    slug = models.SlugField(max_length=80, blank=True, help_text="its row in the catalogue")
    url = models.URLField("address", max_length=1000, unique=True, help_text="as first given")
    current_url = models.URLField("address now", max_length=1000, help_text="after permanent moves")
    title = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=10, blank=True)
    covers = models.CharField(max_length=100, blank=True, help_text="country codes, regional, world")
    all_relevant = models.BooleanField("everything in it counts", default=False)
    category_topics = models.JSONField(default=dict, blank=True, help_text="feed category: topic slug")
    enabled = models.BooleanField(default=True)
    note = models.TextField(blank=True)

    outcome = models.CharField(max_length=15, choices=Outcome, default=Outcome.NEVER, db_index=True)
    status = models.PositiveSmallIntegerField(default=0, help_text="HTTP status, 0 when there was none")
    message = models.CharField(max_length=500, blank=True)
    suggestion = models.URLField("feed that the page advertises", max_length=1000, blank=True)
    failures = models.FloatField(default=0)
    etag = models.CharField(max_length=500, blank=True)
    last_modified = models.CharField(max_length=200, blank=True)
    body_hash = models.CharField(max_length=64, blank=True)
    validated_since = models.PositiveSmallIntegerField("304s in a row", default=0)
    moved_url = models.URLField("permanent move seen", max_length=1000, blank=True)
    moved_seen = models.PositiveSmallIntegerField(default=0)
    interval = models.DurationField(default=timedelta(minutes=30))
    rhythm = models.DurationField("mean gap between items", null=True, blank=True)
    asked_interval = models.DurationField(
        default=timedelta(), help_text="<ttl> or sy:updatePeriod of the last full answer: not asked more often"
    )
    next_fetch_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(default=LONG_AGO)
    last_fetched_at = models.DateTimeField(null=True, blank=True)
    last_success_at = models.DateTimeField(null=True, blank=True)
    last_item_at = models.DateTimeField("newest item", null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    articles_count = models.PositiveIntegerField(default=0)
    reported = models.JSONField("what editors were told", default=list, blank=True, help_text="kinds of findings")
    reported_at = models.DateTimeField("editors were told", null=True, blank=True)

    objects = FeedQuerySet.as_manager()

    class Meta:
        ordering = ["source__name", "url"]
        constraints = [models.CheckConstraint(name="feed_has_url", condition=~Q(url=""))]
        indexes = [
            models.Index(fields=["next_fetch_at"], condition=Q(enabled=True), name="feed_due"),
            models.Index(fields=["current_url"], name="feed_current_url"),
        ]

    def __str__(self) -> str:
        return self.title or self.url

    @property
    def failing(self) -> bool:
        """Whether the last try ended in a fault of the feed."""
        good = {"never", "ok", "unchanged", "empty", "deferred"}
        return self.outcome not in good

    def request(self, *, unconditional: bool = False) -> FeedRequest:
        """What the fetcher needs to know."""
        return FeedRequest(
            feed_id=self.pk,
            url=self.current_url or self.url,
            etag=self.etag,
            last_modified=self.last_modified,
            body_hash=self.body_hash,
            unconditional=unconditional,
        )

    def hints(self) -> SourceHints:
        """The priors that this feed and its outlet bring to the tagger; ``source`` must be loaded."""
        covers = tuple(self.covers.split())
        home = self.source.base_country
        if home not in CORE:
            named = [code for code in covers if code in CORE]
            home = named[0] if len(named) == 1 and len(covers) == 1 else ""
        return SourceHints(
            language=self.language,
            country=home,
            covers=covers,
            all_relevant=self.all_relevant,
            category_topics=self.category_topics,
        )

    def catalogue_key(self) -> str:
        return self.slug or self.url


class FetchEvent(models.Model):
    """One try to read a feed."""

    KEPT = 30  # for each feed

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=15, choices=Feed.Outcome)
    status = models.PositiveSmallIntegerField(default=0)
    bytes = models.PositiveIntegerField(default=0)
    milliseconds = models.PositiveIntegerField(default=0)
    new_items = models.PositiveIntegerField(default=0)
    updated_items = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(F("feed").asc(), F("at").desc(), name="fetchevent_feed_at"),
            models.Index(F("at").desc(), name="fetchevent_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.outcome}"
