"""The front page: the day's stories of all five countries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article, ArticleRevision, Entity, Story
from articles.models.source import CORE, Perspective
from articles.publish import rows, schema, volumes, when
from articles.publish.edition import edition
from articles.publish.facets import Facets, facets_of
from articles.publish.headlines import headline, headlines
from articles.publish.lists import ListQuery, articles, either, stories, told_in
from articles.publish.names import Named, names
from articles.publish.reader import Reader, given, reader_of
from articles.publish.views.page import feed_context, page

POOL = 150  # stories from which every part of the page is taken
QUIET = 40  # stories that stand on it when the last hours brought too few
UNDER, SECONDS, ALSO, EACH, ONE_SIDED, NEWEST, TOPICS = 2, 3, 6, 4, 3, 20, 14
TODAY = timedelta(hours=36)  # how far back the front page looks
LEADERS = 6  # on which silence is counted
About = dict[int, Facets]


@page("language")
def front(request: HttpRequest) -> HttpResponse:
    """Eight queries cold: pool, its facets, names, outlets, newest reports, edits, volumes, people and places."""
    now, reader = timezone.now(), reader_of(request)
    query = ListQuery.read(given(request))
    pool = leading_pool(query, now)
    about = facets_of([story.pk for story in pool], entities=True)
    newest, telling = reports(query, pool[0] if pool else None, reader)
    context = {
        "front": True,
        "page_title": _("Central Asia, reported from every side"),
        **top_of(pool, about, reader, telling),
        "columns": columns(pool, about, reader),
        "one_sided": rows.cards([s for s in pool if s.one_sided][:ONE_SIDED], about, reader=reader, silence=False),
        "newest": rows.lines(newest),
        "topics": topics(pool, about, reader),
        "map": country_map(volumes.of_the_five()),
        "edits": edits(now),
        "silent": silent(pool[:LEADERS]),
        "named": named(pool, about),
        **when_made(now),
        "stories": len(pool),
        "more_stories": len(pool) == POOL,
        "outlets": edition().outlets,
        "schema": schema.packed(schema.site()),
        "description": _(
            "One event is one story: every outlet that reports it stands beside the others, with its side."
        ),
        **feed_context(request, reader.tail.removeprefix("?")),
    }
    return render(request, "articles/front.html", context)


def reports(query: ListQuery, leader: Story | None, reader: Reader) -> tuple[list[Article], Article | None]:
    """The newest reports, and the report whose headline stands at the top of the page: one query."""
    language = headlines(leader, reader)[0].language if leader else ""
    wanted = leader.titles.get(language, {}).get("article") if leader else None
    newest = articles(query).order_by("-at", "-pk").values("pk")[:NEWEST]
    found = articles(ListQuery()).filter(Q(pk__in=newest) | Q(pk=wanted)).select_related("source")
    listed = sorted(found, key=lambda article: (article.at, article.pk), reverse=True)
    return listed[:NEWEST], next((article for article in listed if article.pk == wanted), None)


def top_of(pool: Sequence[Story], about: About, reader: Reader, telling: Article | None) -> dict[str, Any]:
    """The leading story, those below and beside it, and those after them."""
    lead = rows.cards(pool[:1], about, reader=reader, large=True)
    others = rows.cards(pool[1 : 1 + UNDER + SECONDS + ALSO], about, reader=reader)
    return {
        "lead": rows.with_deck(lead[0], telling) if lead else None,
        "seconds": others[:SECONDS],
        "under": others[SECONDS : SECONDS + UNDER],
        "also": others[SECONDS + UNDER :],
    }


def when_made(now: datetime) -> dict[str, str]:
    """The day, and the time at which this page was made."""
    return {
        "today": when.long_day(timezone.localdate()),
        "made": when.machine(now),
        "made_at": when.clock(now),
        "zone": when.place(),
    }


def leading_pool(query: ListQuery, now: datetime) -> list[Story]:
    """The best stories of the last hours and what editors pinned; on a quiet day simply the best."""
    since = now - TODAY
    listed, languages = replace(query, language=""), query.language
    fresh = told_in(stories(replace(listed, since=since)), languages).order_by("-rank", "-pk").values("pk")[:POOL]
    anyway = told_in(stories(listed), languages).order_by("-rank", "-pk").values("pk")[:QUIET]
    shown = Story.objects.published().select_related("lead__source")
    found = either(shown, Q(pk__in=fresh), Q(pk__in=anyway), Q(pinned_until__gt=now))
    held = {story.pk for story in found if story.pinned_until and story.pinned_until > now}
    today = [story for story in found if story.last_at >= since or story.pk in held]
    pool = today if len(today) >= 1 + UNDER + SECONDS + ALSO else found
    return sorted(pool, key=lambda story: (story.pk not in held, -story.rank, -story.pk))


def columns(pool: Sequence[Story], about: About, reader: Reader) -> list[dict[str, Any]]:
    """The five side by side, each with its best stories, two weeks of volume and the total of seven days."""
    daily = volumes.of_the_five()
    five = [country for country in names().core if country.key in daily]
    chosen = shared_out(pool, about, [country.key for country in five])
    return [
        {
            **country_volume(country, daily),
            "cards": rows.cards(
                chosen[country.key], about, reader=replace(reader, within=f"countries/{country.slug}"), silence=False
            ),
        }
        for country in five
    ]


def country_volume(country: Named, daily: Mapping[str, Sequence[int]]) -> dict[str, Any]:
    """One of the five with its own name for itself and its volume."""
    return {
        "country": country,
        "native": country.names.get(NATIVE[country.key], ""),
        "native_language": NATIVE[country.key],
        "week": sum(daily[country.key][-volumes.WEEK :]),
        "spark": volumes.spark(daily[country.key]),
    }


def shared_out(pool: Sequence[Story], about: About, codes: Sequence[str]) -> dict[str, list[Story]]:
    """EACH stories for each country, none twice: those of which it is the first country, then others that name it.

    What stands at the top of the page comes only where there is nothing else.
    """
    top = {story.pk for story in pool[: 1 + UNDER + SECONDS]}
    chosen: dict[str, list[Story]] = {code: [] for code in codes}
    taken: set[int] = set()
    for first, above in ((True, False), (False, False), (True, True), (False, True)):
        for story in pool:
            places = about[story.pk].countries
            for code in places[:1] if first else places:
                room = code in chosen and len(chosen[code]) < EACH
                if room and story.pk not in taken and (story.pk in top) == above:
                    chosen[code].append(story)
                    taken.add(story.pk)
    return {code: sorted(found, key=lambda story: -story.rank) for code, found in chosen.items()}


NATIVE = dict(zip(CORE, ("kk", "ky", "tg", "tk", "uz"), strict=True))


def topics(pool: Sequence[Story], about: About, reader: Reader) -> list[dict[str, Any]]:
    """Topics by stories of the day, each with its best one that no topic before it shows."""
    found: dict[str, list[Story]] = {}
    for story in pool:
        for key in about[story.pk].topics:
            found.setdefault(key, []).append(story)
    known, told, shown = names().topics, [], set()
    for key in sorted((key for key in found if key in known), key=lambda key: -len(found[key]))[:TOPICS]:
        best = next((story for story in found[key] if story.pk not in shown), found[key][0])
        shown.add(best.pk)
        link = best.get_absolute_url() + replace(reader, within=f"topics/{known[key].slug}").story_tail
        head = headlines(best, reader)[0]
        told.append({"topic": known[key], "count": len(found[key]), "head": head, "url": link})
    return told


def country_map(daily: Mapping[str, Sequence[int]], current: str = "") -> dict[str, Any]:
    """The five shaded by the reports of seven days; ``daily`` as volumes.of_the_five gives it."""
    week = {code: sum(days[-volumes.WEEK :]) for code, days in daily.items()}
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
            before = headline(revision.title, article.language)
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


def named(pool: Sequence[Story], about: About) -> list[tuple[Entity, int]]:
    """People, places and bodies in most stories of the day."""
    counted: Counter[str] = Counter()
    for story in pool:
        counted.update(about[story.pk].entities)
    best = [(int(key), count) for key, count in counted.most_common(10) if count > 1]
    entities = Entity.objects.in_bulk([key for key, _ in best])
    return [(entities[key], count) for key, count in best if key in entities]
