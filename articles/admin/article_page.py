"""One report on the desk: its tags with their reasons, its story, what it said before, and everything to decide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from articles import article_decisions, curation
from articles.admin.finding import find_stories
from articles.admin.story_page import story_number
from articles.admin.tagging import offers, read_tag
from articles.curation import Refused
from articles.doubts import neighbours
from articles.models import Article, Decision, ManualTag
from articles.publish.filters import LANGUAGES

OFFERED = 8  # stories to move to
DECISIONS = 10
EDITS = 10


def article_page(request: HttpRequest, article_id: int) -> HttpResponse:
    """Show the report; a POST does one thing to it."""
    found = Article.objects.with_tags().select_related("story", "copy_of__source", "source", "feed")
    article = get_object_or_404(found, pk=article_id)
    may = request.user.has_perm("articles.change_article")
    if not (may or request.user.has_perm("articles.view_article")):
        raise PermissionDenied
    if request.method == "POST":
        if not may:
            raise PermissionDenied
        try:
            with transaction.atomic():
                messages.success(request, act(request, article))
            return redirect(request.get_full_path())
        except Refused as refusal:
            messages.error(request, str(refusal))
    return render(request, "admin/article.html", page_context(request, article, may=may))


def act(request: HttpRequest, article: Article) -> str:
    """Do what was asked and say what was done. Raises Refused."""
    do = ACTIONS.get(request.POST.get("do", "").partition(" ")[0])
    if do is None:
        raise Refused("Nothing is known of this action; nothing was done.")
    return do(request, article)


def page_context(request: HttpRequest, article: Article, *, may: bool) -> dict[str, Any]:
    """What the page shows."""
    query = request.GET.get("q", "").strip()[:300]
    stories = find_stories(query) if query else neighbours(article.story) if article.story and may else []
    return {
        **admin.site.each_context(request),
        "title": str(article),
        "article": article,
        "opts": Article._meta,
        "may": may,
        "groups": groups(article),
        "taken": ManualTag.objects.filter(article=article, present=False).exclude(kind=ManualTag.Kind.RELEVANT),
        "by_hand": article.manual_tags.exists(),
        "offers": offers() if may else [],
        "languages": LANGUAGES,
        "query": query,
        "stories": [story for story in stories if story.pk != article.story_id][:OFFERED],
        "edits": article.revisions.all()[:EDITS],
        "decisions": Decision.objects.filter(target="article", target_id=str(article.pk)).select_related("user")[
            :DECISIONS
        ],
    }


def groups(article: Article) -> list[tuple[str, list[tuple[str, str, Any]]]]:
    """Tags as (kind, [(key, name, row)])."""
    return [
        ("country", [(tag.key, tag.key, tag) for tag in article.country_tags.all()]),
        ("topic", [(tag.key, tag.topic.name, tag) for tag in article.topic_tags.all()]),
        ("entity", [(tag.key, tag.entity.name, tag) for tag in article.entity_tags.all()]),
    ]


def note(request: HttpRequest) -> dict[str, Any]:
    """Who decides, and why."""
    return {"by": request.user, "reason": request.POST.get("reason", "")}


def add(request: HttpRequest, article: Article) -> str:
    kind, key = read_tag(request.POST.get("tag", ""))
    changed = article_decisions.set_tag([article.pk], kind, key, present=True, **note(request))
    return f"Tagged {key}." if changed else f"It was tagged {key} by an editor already."


def take(request: HttpRequest, article: Article) -> str:
    kind, _, key = request.POST.get("do", "").partition(" ")[2].partition(":")
    article_decisions.set_tag([article.pk], kind, key, present=False, **note(request))
    return f"No longer tagged {key}."


def machine(request: HttpRequest, article: Article) -> str:
    article_decisions.give_back([article.pk], **note(request))
    return "The machine decides about it again."


def language(request: HttpRequest, article: Article) -> str:
    article_decisions.set_language([article.pk], request.POST.get("language", ""), **note(request))
    return "The language was corrected."


def relevant(request: HttpRequest, article: Article) -> str:
    article_decisions.set_relevant([article.pk], True, **note(request))
    return "It counts as relevant."


def irrelevant(request: HttpRequest, article: Article) -> str:
    article_decisions.set_relevant([article.pk], False, **note(request))
    return "It does not count as relevant any more; readers see it on no list."


def hide(request: HttpRequest, article: Article) -> str:
    article_decisions.set_hidden([article.pk], True, **note(request))
    return "Hidden from readers."


def show(request: HttpRequest, article: Article) -> str:
    article_decisions.set_hidden([article.pk], False, **note(request))
    return "Readers see it again."


def move(request: HttpRequest, article: Article) -> str:
    chosen = request.POST.get("do", "").partition(" ")[2] or request.POST.get("target", "")
    target = story_number(chosen)
    curation.move_article(article.pk, target, by=request.user.pk, reason=request.POST.get("reason", ""))
    return f"Moved to story {target}."


def own(request: HttpRequest, article: Article) -> str:
    curation.move_article(article.pk, None, by=request.user.pk, reason=request.POST.get("reason", ""))
    return "It is a story of its own now."


ACTIONS: dict[str, Callable[[HttpRequest, Article], str]] = {
    action.__name__: action for action in (add, take, machine, language, relevant, irrelevant, hide, show, move, own)
}
