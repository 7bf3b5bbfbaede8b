"""One story, and one report of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article, Story
from articles.publish import facets, rows, schema, story_parts, when
from articles.publish.addresses import absolute
from articles.publish.edition import edition
from articles.publish.headlines import headlines, isolated, whole_title
from articles.publish.hours import hours
from articles.publish.links import links, trail
from articles.publish.names import language_name, names
from articles.publish.query import BadQuery
from articles.publish.reader import Reader, reader_of
from articles.publish.silence import silence
from articles.publish.views.page import page
from articles.rank.score import HOURS_PER_POINT

REPORTS = 300  # shown at most


@page("order", "in")
def story_detail(request: HttpRequest, story_id: int, slug: str = "") -> HttpResponseBase:
    """Every report of one event; another slug, or the id of a merged story, leads to its address.

    Seven queries cold: the story, its reports, their edits, its facets with names, what is usual, the outlets that the
    site follows, and the stories around it.
    """
    story = get_object_or_404(Story.objects.select_related("merged_into", "lead__source"), pk=story_id)
    if story.merged_into:
        return redirect(story.merged_into, permanent=True)
    if story.hidden or not story.article_count:
        raise Http404("not shown")
    if slug != (story.slug or "-"):
        return redirect(story, permanent=True)
    shown = story.articles.published()
    articles = list(shown.select_related("source").prefetch_related("revisions").order_by("at", "pk")[:REPORTS])
    reader, about = reader_of(request), facets.about(story.pk)
    if "in" in request.GET and not reader.within:
        raise BadQuery(_("in: name a list of ours, such as countries/kazakhstan."))
    context = {
        **at_a_glance(story, about, reader),
        **told(story, articles, request.GET.dict()),
        **gaps(story, articles, about),
        **leads_to(story, about, reader),
        "tongues": story_parts.tongues(story, articles, reader),
        "hours": hours(articles),
        "points": story_parts.points(story),
        "score": round(sum(value for _, value in story.points), 1),
        "point_hours": f"{HOURS_PER_POINT:g}",
        "entities": about.entities,
        **for_machines(story, articles, about),
    }
    return render(request, "articles/story_detail.html", context)


def for_machines(story: Story, articles: list[Article], about: facets.About) -> dict[str, Any]:
    """What the page says in its head: data, picture, one line about the story."""
    picture = absolute(reverse("picture", args=[story.pk]))
    data = schema.story(
        isolated(story.headline or story.title),
        story.get_absolute_url(),
        rows.lines(article for article in articles if article.copy_of_id is None),
        about,
        first_at=when.machine(story.first_at),
        last_at=when.machine(story.last_at),
        picture=picture,
    )
    lead = story.lead
    outlets = ngettext("%(n)d outlet", "%(n)d outlets", story.source_count) % {"n": story.source_count}
    told = isolated(lead.extract) if lead else ""
    return {
        "schema": schema.packed(data),
        "picture": picture,
        "og_type": "article",
        "description": f"{outlets}. {told}",
    }


def at_a_glance(story: Story, about: facets.About, reader: Reader) -> dict[str, Any]:
    """Headline, bar, places, topics and times."""
    head, _others = headlines(story, reader)
    return {
        "page_title": head.title,
        "story": story,
        "head": head,
        "whole": whole_title(story, head),
        "card": rows.card(story, about.countries, about.topics, reader=reader, large=True, silence=False),
        "first": when.full(story.first_at),
        "last": when.full(story.last_at),
        "first_at": when.machine(story.first_at),
        "lasted": when.span(story.first_at, story.last_at),
        "zone": when.place(),
    }


def told(story: Story, articles: list[Article], given: Mapping[str, str]) -> dict[str, Any]:
    """The reports in the order that was asked for, and the links to the other orders."""
    names = {"time": _("by time"), "side": _("by side"), "language": _("by language")}
    order = given.get("order", "time")
    if order not in names:
        raise BadQuery(_("order: use time, side or language."))
    kept = {name: value for name, value in given.items() if name != "order"}
    reports = story_parts.reports(articles)
    return {
        "order": order,
        "orders": [
            (key, name, f"?{urlencode(kept if key == 'time' else {**kept, 'order': key}, safe='/')}")
            for key, name in names.items()
        ],
        "groups": story_parts.ordered(reports, order),
        "more_reports": max(story.article_count - len(articles), 0),
    }


def gaps(story: Story, articles: list[Article], about: facets.About) -> dict[str, Any]:
    """Who tells it, who does not, and what we cannot know."""
    places = [country.key for country in about.countries]
    missing = silence(articles, places, first_at=story.first_at, edition=edition())
    return {
        "sides": story_parts.sides(story, story_parts.first_lines(articles), missing.sides),
        "quiet": story_parts.quiet_sides(story, missing.sides),
        "absent": story_parts.absent_owners(missing.owners),
    }


def leads_to(story: Story, about: facets.About, reader: Reader) -> dict[str, Any]:
    """Other stories: before and after it, like it, and beside it in the list that the reader came from."""
    came_from = trail(reader, story, about)
    kept = reader if came_from.name else replace(reader, within="")
    alone = replace(reader, within="")
    found = links(story, about, came_from.query)
    return {
        "trail": came_from,
        "previous": story_parts.brief(found.previous, kept) if found.previous else None,
        "next": story_parts.brief(found.next, kept) if found.next else None,
        "earlier": story_parts.brief(found.earlier, alone) if found.earlier else None,
        "later": [story_parts.brief(other, alone) for other in found.later],
        "related": [story_parts.brief(other, alone) for other in found.related],
    }


@page()
def article_detail(request: HttpRequest, article_id: int) -> HttpResponse:
    """One report's record: extract, outlet, why it is tagged so, its edits, the link out."""
    found = Article.objects.shown().with_tags()
    article = get_object_or_404(found.select_related("source", "feed", "story"), pk=article_id)
    line = rows.lines([article])[0]
    known = names()
    context = {
        "page_title": line.head.title,
        "article": article,
        "line": line,
        "head": line.head,
        "title": isolated(article.title or article.url),
        "countries": [(known.countries.get(tag.country_id), tag) for tag in article.country_tags.all()],
        "topics": [(known.topics.get(str(tag.topic_id)), tag) for tag in article.topic_tags.all()],
        "entities": [(tag.entity, tag) for tag in article.entity_tags.all()],
        "story": story_parts.brief(article.story) if article.story and shows(article.story) else None,
        "edits": story_parts.edits(article),
        "published": when.full(article.published_at) if article.published_at else "",
        "fetched": when.full(article.fetched_at),
        "language": language_name(article.language),
        "zone": when.place(),
        "noindex": True,
    }
    return render(request, "articles/article_detail.html", context)


def shows(story: Story) -> bool:
    """Whether readers may see it."""
    return not story.hidden and bool(story.article_count)
