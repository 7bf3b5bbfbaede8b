"""One story, and one report of it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from articles.models import Article, Entity, Source, Story, StoryEntity
from articles.publish import rows, story_parts, when
from articles.publish.names import language_name, names
from articles.publish.views.page import page

REPORTS = 300  # shown at most
RELATED = 4


@page("order")
def story_detail(request: HttpRequest, story_id: int, slug: str = "") -> HttpResponseBase:
    """Every report of one event; another slug, or the id of a merged story, leads to its address."""
    story = get_object_or_404(Story.objects.select_related("merged_into", "lead__source", "earlier"), pk=story_id)
    if story.merged_into:
        return redirect(story.merged_into, permanent=True)
    if story.hidden or not story.article_count:
        raise Http404("not shown")
    if slug != (story.slug or "-"):
        return redirect(story, permanent=True)
    about = rows.facets_of([story.pk], entities=True)[story.pk]
    shown = story.articles.filter(hidden=False, relevant=True, source__in=Source.objects.public())
    articles = list(shown.select_related("source").prefetch_related("revisions").order_by("at", "pk")[:REPORTS])
    reports = story_parts.reports(articles)
    head, _others = rows.headlines(story)
    order = request.GET.get("order", "time")
    context = {
        "page_title": head.title,
        "story": story,
        "head": head,
        "card": rows.card(story, about, now=timezone.localtime(), large=True),
        "order": order if order in story_parts.ORDERS else "time",
        "groups": story_parts.ordered(reports, order),
        "sides": story_parts.sides(story, articles),
        "tongues": story_parts.tongues(story, articles),
        "hours": story_parts.hours(articles),
        "points": story_parts.points(story),
        "score": round(sum(value for _, value in story.points), 1),
        "first": when.full(story.first_at),
        "last": when.full(story.last_at),
        "first_at": when.machine(story.first_at),
        "lasted": when.span(story.first_at, story.last_at),
        "zone": when.place(),
        "entities": entities(about.entities),
        "earlier": story_parts.brief(story.earlier) if story.earlier else None,
        "related": related(story, about),
    }
    return render(request, "articles/story_detail.html", context)


def entities(keys: list[str]) -> list[Entity]:
    """People, places and bodies in it, in their order."""
    found = Entity.objects.in_bulk([int(key) for key in keys])
    return [found[int(key)] for key in keys if int(key) in found]


def related(story: Story, about: rows.Facets) -> list[dict[str, Any]]:
    """Other stories about the same people and places, the newest first."""
    if not about.entities:
        return []
    shared = StoryEntity.objects.filter(entity_id__in=about.entities[:3]).exclude(story_id=story.pk)
    ids = shared.order_by("-last_at", "-story_id").values_list("story_id", flat=True)[: RELATED * 4]
    best = [pk for pk in dict.fromkeys(ids) if pk != story.earlier_id][:RELATED]
    found = Story.objects.published().in_bulk(best)
    return [story_parts.brief(found[pk]) for pk in best if pk in found]


@page()
def article_detail(request: HttpRequest, article_id: int) -> HttpResponse:
    """One report's record: extract, outlet, why it is tagged so, its edits, the link out."""
    found = Article.objects.filter(hidden=False, source__in=Source.objects.public()).with_tags()
    article = get_object_or_404(found.select_related("source", "feed", "story"), pk=article_id)
    line = rows.lines([article])[0]
    known = names()
    context = {
        "page_title": line.head.title,
        "article": article,
        "line": line,
        "head": line.head,
        "title": article.title or article.url,
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
