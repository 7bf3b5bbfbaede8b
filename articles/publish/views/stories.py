"""One story, and one report of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation

from articles.models import Article, Source, Story, StoryCountry, StoryEntity, StoryTopic
from articles.models.source import Perspective
from articles.publish import rows

REPORTS = 200  # shown at most


def story_detail(request: HttpRequest, story_id: int, slug: str = "") -> HttpResponseBase:
    """Every report of one event; another slug, or the id of a merged story, leads to its address."""
    story = get_object_or_404(Story.objects.select_related("merged_into", "lead__source", "earlier"), pk=story_id)
    if story.merged_into:
        return redirect(story.merged_into, permanent=True)
    if story.hidden or not story.article_count:
        return render(request, "404.html", status=404)
    if slug != (story.slug or "-"):
        return redirect(story, permanent=True)
    language = translation.get_language() or "en"
    shown = story.articles.filter(hidden=False, relevant=True, source__in=Source.objects.public())
    found = list(shown.select_related("source").prefetch_related("revisions").order_by("at", "pk")[:REPORTS])
    lines = rows.lines(found)
    copies: dict[int, list[rows.Line]] = {}
    for line in lines:
        if line.article.copy_of_id:
            copies.setdefault(line.article.copy_of_id, []).append(line)
    ids = {article.pk for article in found}
    reports = [
        {"line": line, "copies": copies.get(line.article.pk, []), "revisions": line.article.revisions.all()[:3]}
        for line in lines
        if line.article.copy_of_id not in ids
    ]
    context = {
        "story": story,
        "card": rows.card(story, language=language, now=timezone.localtime()),
        "page_title": story.headline or story.title,
        "reports": order(reports, request.GET.get("order", "")),
        "ordered": request.GET.get("order", "time"),
        "sides": side_table(story, lines),
        "countries": StoryCountry.objects.filter(story=story).select_related("country").order_by("-weight"),
        "topics": StoryTopic.objects.filter(story=story).select_related("topic").order_by("-weight"),
        "entities": StoryEntity.objects.filter(story=story).select_related("entity").order_by("-weight"),
        "first": timezone.localtime(story.first_at),
        "last": timezone.localtime(story.last_at),
    }
    return render(request, "articles/story_detail.html", context)


def order(reports: list[dict[str, Any]], by: str) -> list[dict[str, Any]]:
    """By time (as they come), by side in the fixed order, or by language."""
    places = {side: place for place, side in enumerate(Perspective.values)}
    if by == "side":
        return sorted(reports, key=lambda report: places[report["line"].article.source.perspective])
    if by == "language":
        return sorted(reports, key=lambda report: report["line"].article.language)
    return reports


def side_table(story: Story, lines: list[rows.Line]) -> list[dict[str, Any]]:
    """Who tells it, and who of the five does not."""
    first: dict[str, rows.Line] = {}
    for line in lines:
        first.setdefault(line.article.source.perspective, line)
    drawn = {side.key: side for side in rows.bar(story.marks).sides}
    wanted = [
        side for side in Perspective.values if side in drawn or side in {"kz", "kg", "tj", "tm", "uz", "ru", "cn"}
    ]
    return [
        {
            "name": Perspective(side).label,
            "colour": rows.COLOURS[side],
            "count": drawn[side].count if side in drawn else 0,
            "state": story.marks.get(side, [0, 0])[0],
            "first": first.get(side),
        }
        for side in wanted
    ]


def article_detail(request: HttpRequest, article_id: int) -> HttpResponse:
    """One report's record: extract, outlet, why it is tagged so, its edits, the link out."""
    found = Article.objects.filter(hidden=False, source__in=Source.objects.public()).with_tags()
    article = get_object_or_404(found.select_related("source", "feed", "story"), pk=article_id)
    context = {
        "article": article,
        "line": rows.lines([article])[0],
        "page_title": article.title[:200] or article.url,
        "revisions": article.revisions.all(),
        "at": timezone.localtime(article.at),
        "fetched": timezone.localtime(article.fetched_at),
    }
    return render(request, "articles/article_detail.html", context)
