"""The outlets: who owns them, what they publish, how their feeds do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.health import findings, network_is_down
from articles.models import Article, ArticleRevision, Country, Feed, Source, SourceLabel
from articles.models.source import Ownership, Perspective
from articles.publish import rows, schema, volumes, when
from articles.publish.edition import edition
from articles.publish.headlines import headline
from articles.publish.marks import COLOURS
from articles.publish.names import Named, language_name
from articles.publish.views import page as pages
from articles.publish.views.lists import read_query, story_list

RECENT = timedelta(days=30)
KEPT = 300  # seconds
GOOD = {Feed.Outcome.OK, Feed.Outcome.UNCHANGED, Feed.Outcome.EMPTY}


@pages.page("perspective", "owner", "kind")
def sources(request: HttpRequest) -> HttpResponse:
    """All outlets by side, in the one order of sides."""
    chosen = {name: request.GET.get(name, "")[:40] for name in ("perspective", "owner", "kind")}
    found = Source.objects.public().order_by("name")
    for name, column in (("perspective", "perspective"), ("owner", "ownership"), ("kind", "kind")):
        if chosen[name]:
            found = found.filter(**{column: chosen[name]})
    sides: dict[str, list[dict[str, Any]]] = {side: [] for side in Perspective.values}
    for source in found.prefetch_related("feeds"):
        sides.setdefault(source.perspective, []).append(listed(source))
    context = {
        "page_title": _("The outlets and who owns them"),
        "sides": [
            {"name": Perspective(side).label, "key": side, "colour": COLOURS[side], "outlets": outlets}
            for side, outlets in sides.items()
            if outlets
        ],
        "chosen": chosen,
        "perspectives": Perspective.choices,
        "ownerships": Ownership.choices,
        "total": edition().outlets,
    }
    return render(request, "articles/sources.html", context)


def listed(source: Source) -> dict[str, Any]:
    """One row of the table."""
    feeds = source.feeds.all()
    codes = dict.fromkeys(feed.language for feed in feeds if feed.language)
    return {
        "outlet": rows.outlet(source),
        "kind": source.kind,
        "languages": ", ".join(language_name(code) for code in codes),
        "health": health(list(feeds)),
    }


def health(feeds: list[Feed]) -> str:
    """How the feeds of one outlet do, in a word: the best of them counts."""
    if not feeds:
        return _("no feed")
    if any(feed.outcome in GOOD for feed in feeds):
        return _("good")
    if all(feed.outcome in {Feed.Outcome.NEVER, Feed.Outcome.DEFERRED} for feed in feeds):
        return _("not read yet")
    return str(feeds[0].get_outcome_display())


@pages.page(lists=True)
def source(request: HttpRequest, slug: str) -> HttpResponse:
    """A dossier: owner, kind, side, each with its source; feeds; firsts; edits; then all its reports.

    Eight queries cold: the outlet, its feeds, its labels, its days, its firsts, its edits, its reports, the edition.
    """
    place = Country.objects.filter(code=OuterRef("base_country"))
    outlets = Source.objects.public().annotate(
        place_slug=Subquery(place.values("slug")[:1]), place_names=Subquery(place.values("names")[:1])
    )
    found = outlets.prefetch_related("feeds", "labels").filter(slug=slug).first()
    if found is None:
        heir = get_object_or_404(Source.objects.public(), absorbed__slug=slug)  # of an outlet that was merged away
        return redirect(heir, permanent=True)
    query = read_query(request, source=found.slug, kind="articles")
    return story_list(
        request,
        query,
        title=found.name,
        outlet=found,
        who=rows.outlet(found),
        facts=facts(found),
        based=place_of(found),
        outlet_feeds=[feed_row(feed) for feed in found.feeds.all()],
        edited=edited(found),
        firsts=firsts(found),
        chart=volumes.chart(volumes.by_day("source", found.pk)),
        schema=schema.packed(schema.outlet(found)),
    )


def place_of(found: Any) -> Named | None:
    """The country of its newsroom, as the query brought it."""
    return Named("country", found.base_country, found.place_slug, found.place_names) if found.place_slug else None


def facts(found: Source) -> list[dict[str, Any]]:
    """Owner, kind of owner and side, each with where we have it from, of what date, and whether it was verified."""
    labels = {label.name: label for label in found.labels.all()}
    told = (
        (SourceLabel.Name.OWNER, _("Owner"), found.owner),
        (SourceLabel.Name.OWNERSHIP, _("Kind of owner"), str(found.get_ownership_display())),
        (SourceLabel.Name.PERSPECTIVE, _("Side"), str(found.get_perspective_display())),
    )
    return [
        {
            "name": name,
            "value": value,
            "basis": label.basis if label else "",
            "as_of": when.brief_day(label.as_of, year=True) if label else "",
            "verified": bool(label and label.verified),
        }
        for key, name, value in told
        for label in (labels.get(key),)
    ]


def feed_row(feed: Feed) -> dict[str, Any]:
    """The health of one feed, without its address where that holds a key."""
    now = timezone.localtime()
    return {
        "language": language_name(feed.language),
        "outcome": str(feed.get_outcome_display()),
        "good": feed.outcome in GOOD,
        "fetched": when.short(feed.last_fetched_at, now=now) if feed.last_fetched_at else "",
        "newest": when.short(feed.last_item_at, now=now) if feed.last_item_at else "",
        "articles": feed.articles_count,
    }


def edited(found: Source) -> list[dict[str, Any]]:
    """Headlines that it changed after publication, the newest first."""
    recent = Article.objects.filter(source=found, hidden=False, relevant=True, at__gte=timezone.now() - RECENT)
    revisions = ArticleRevision.objects.filter(article__in=recent)
    who, now = rows.outlet(found), timezone.localtime()
    seen = revisions.exclude(title=F("article__title")).exclude(title="").select_related("article__source")[:5]
    return [
        {
            "before": headline(revision.title, revision.article.language),
            "line": rows.line(revision.article, who),
            "time": when.short(revision.seen_at, now=now),
        }
        for revision in seen
    ]


def firsts(found: Source) -> dict[str, int]:
    """Stories of the last days that it had with others, and in how many of them its report was the first."""
    name = f"firsts-{found.pk}"
    counted: dict[str, int] | None = cache.get(name)
    if counted is None:
        shared = Article.objects.published().filter(
            source=found, at__gte=timezone.now() - RECENT, story__source_count__gt=1
        )
        first = Count("story", distinct=True, filter=Q(at__lte=F("story__first_at")))
        counted = shared.order_by().aggregate(all=Count("story", distinct=True), first=first)
        counted["percent"] = round(100 * counted["first"] / counted["all"]) if counted["all"] else 0
        cache.set(name, counted, KEPT)
    return counted


@pages.page()
def status(request: HttpRequest) -> HttpResponse:
    """How the feeds do: whether our own network is the trouble, what needs a hand, then all by outcome."""
    found = Feed.objects.filter(source__in=Source.objects.public()).select_related("source")
    now = timezone.now()
    feeds = sorted(found, key=lambda feed: (not feed.failing, feed.source.name, feed.pk))
    counts: dict[str, int] = {}
    for feed in feeds:
        counts[str(feed.get_outcome_display())] = counts.get(str(feed.get_outcome_display()), 0) + 1
    last = max((feed.last_fetched_at for feed in feeds if feed.last_fetched_at), default=None)
    context = {
        "page_title": _("Health of the feeds"),
        "counts": sorted(counts.items(), key=lambda pair: -pair[1]),
        "total": len(feeds),
        "good": sum(feed.outcome in GOOD for feed in feeds),
        "our_network": network_is_down(now),
        "findings": [
            {"outlet": rows.outlet(finding.feed.source), "what": finding.what}
            for finding in findings([feed for feed in feeds if feed.enabled], now=now)
        ],
        "rows": [{"outlet": rows.outlet(feed.source), **feed_row(feed)} for feed in feeds],
        "last": when.full(last) if last else "",
        "zone": when.place(),
    }
    return render(request, "articles/status.html", context)
