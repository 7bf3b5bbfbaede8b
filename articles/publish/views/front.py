"""The front page: the day's stories of all five countries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import ArticleRevision, Entity, Story
from articles.models.source import CORE, Perspective
from articles.publish import rows, volumes, when
from articles.publish.edition import edition
from articles.publish.lists import ListQuery, articles, stories
from articles.publish.names import names
from articles.publish.views.page import feed_context, page

POOL = 150  # stories from which every part of the page is taken
UNDER, SECONDS, ALSO, EACH, ONE_SIDED, NEWEST, TOPICS = 2, 4, 6, 4, 3, 20, 14
TODAY = timedelta(hours=36)  # how far back the front page looks
LEADERS = 6  # on which silence is counted
Facets = dict[int, rows.Facets]


@page()
def front(request: HttpRequest) -> HttpResponse:
    """Eight queries cold: pool, its facets, names, outlets, newest reports, edits, volumes, people and places."""
    now = timezone.now()
    pool = leading_pool(now)
    about = rows.facets_of([story.pk for story in pool], entities=True)
    top = 1 + UNDER + SECONDS + ALSO
    top_cards = rows.cards(pool[1:top], about)
    context = {
        "front": True,
        "page_title": _("Central Asia, reported from every side"),
        "lead": rows.card(pool[0], about[pool[0].pk], now=timezone.localtime(), large=True) if pool else None,
        "seconds": top_cards[:SECONDS],
        "under": top_cards[SECONDS : SECONDS + UNDER],
        "also": top_cards[SECONDS + UNDER :],
        "columns": columns(pool, about),
        "one_sided": rows.cards([s for s in pool if s.one_sided][:ONE_SIDED], about, silence=False),
        "newest": rows.lines(articles(ListQuery()).select_related("source").order_by("-at", "-pk")[:NEWEST]),
        "topics": topics(pool, about),
        "map": country_map(),
        "edits": edits(now),
        "silent": silent(pool[:LEADERS]),
        "named": named(pool, about),
        "today": when.long_day(timezone.localdate()),
        "made": when.machine(now),
        "made_at": when.clock(now),
        "zone": when.place(),
        "stories": len(pool),
        "more_stories": len(pool) == POOL,
        "outlets": edition().outlets,
        **feed_context(request),
    }
    return render(request, "articles/front.html", context)


def leading_pool(now: datetime) -> list[Story]:
    """The best stories of the last hours and what editors pinned; on a quiet day simply the best."""
    best = stories(ListQuery(since=now - TODAY)).order_by("-rank", "-pk").values("pk")[:POOL]
    pinned = Q(pinned_until__gt=now)
    shown = Story.objects.published().select_related("lead__source")
    found = list(shown.filter(Q(pk__in=best) | pinned))
    if len(found) < 1 + UNDER + SECONDS + ALSO:
        found = list(shown.filter(Q(pk__in=stories(ListQuery()).order_by("-rank", "-pk").values("pk")[:40]) | pinned))
    held = {story.pk for story in found if story.pinned_until and story.pinned_until > now}
    return sorted(found, key=lambda story: (story.pk not in held, -story.rank, -story.pk))


def columns(pool: Sequence[Story], about: Facets) -> list[dict[str, Any]]:
    """The five side by side, each with its best stories, two weeks of volume and the total of seven days."""
    daily = volumes.of_the_five()
    return [
        {
            "country": country,
            "native": country.names.get(NATIVE[country.key], ""),
            "native_language": NATIVE[country.key],
            "week": sum(daily[country.key][-volumes.WEEK :]),
            "spark": volumes.spark(daily[country.key]),
            "cards": rows.cards(
                [story for story in pool if country.key in about[story.pk].countries][:EACH], about, silence=False
            ),
        }
        for country in names().core
        if country.key in daily
    ]


NATIVE = dict(zip(CORE, ("kk", "ky", "tg", "tk", "uz"), strict=True))


def topics(pool: Sequence[Story], about: Facets) -> list[dict[str, Any]]:
    """Topics by stories of the day, each with its best one."""
    found: dict[str, list[Story]] = {}
    for story in pool:
        for key in about[story.pk].topics:
            found.setdefault(key, []).append(story)
    known = names().topics
    ordered = sorted((key for key in found if key in known), key=lambda key: -len(found[key]))
    return [
        {
            "topic": known[key],
            "count": len(found[key]),
            "head": rows.headlines(found[key][0])[0],
            "story": found[key][0],
        }
        for key in ordered[:TOPICS]
    ]


def country_map(current: str = "") -> dict[str, Any]:
    """The five shaded by the reports of seven days."""
    week = {code: sum(days[-volumes.WEEK :]) for code, days in volumes.of_the_five().items()}
    shades = volumes.steps(week)
    return {
        country.key: {
            "name": country.name,
            "url": country.url,
            "count": week[country.key],
            "step": shades[country.key],
            "current": country.key == current,
        }
        for country in names().core
        if country.key in week
    }


def edits(now: datetime) -> list[dict[str, Any]]:
    """Headlines that outlets changed in the last day: before, after, who."""
    seen = ArticleRevision.objects.filter(seen_at__gte=now - timedelta(days=1), article__hidden=False)
    found = []
    for revision in seen.select_related("article__source")[:12]:
        article = revision.article
        if revision.title and revision.title != article.title and not article.source.hidden and article.relevant:
            line = rows.line(article, rows.outlet(article.source))
            before = rows.headline(revision.title, article.language)
            found.append({"before": before, "line": line, "time": when.short(revision.seen_at, now=now)})
    return found[:3]


def silent(leaders: Sequence[Story]) -> list[tuple[str, int]]:
    """Sides that are missing in most of the leading stories, although the site follows outlets of them."""
    followed = edition().marks
    missing: Counter[str] = Counter()
    for story in leaders:
        missing.update(side for side in followed if side not in story.marks and side not in {"unknown", "regional"})
    least = max(2, len(leaders) // 2)
    return [(str(Perspective(side).label), count) for side, count in missing.most_common(4) if count >= least]


def named(pool: Sequence[Story], about: Facets) -> list[tuple[Entity, int]]:
    """People, places and bodies in most stories of the day."""
    counted: Counter[str] = Counter()
    for story in pool:
        counted.update(about[story.pk].entities)
    best = [(int(key), count) for key, count in counted.most_common(10) if count > 1]
    entities = Entity.objects.in_bulk([key for key, _ in best])
    return [(entities[key], count) for key, count in best if key in entities]
