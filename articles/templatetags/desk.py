"""The links in the head of the desk: what this person may open."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse

register = template.Library()
PLACES = (
    ("Stories", "story"),
    ("Reports", "article"),
    ("Outlets", "source"),
    ("Feeds", "feed"),
    ("Proposals", "suggestion"),
    ("Topics", "topic"),
    ("Terms", "term"),
    ("Names", "entity"),
    ("Decisions", "decision"),
    ("Jobs", "job"),
)


@register.simple_tag(takes_context=True)
def desk_links(context: dict[str, Any]) -> list[dict[str, Any]]:
    """Name, address and whether we are there, of each list that the person may see."""
    request = context["request"]
    links = [("Desk", reverse("admin:index"), "")]
    links += [
        (name, reverse(f"admin:articles_{model}_changelist"), model)
        for name, model in PLACES
        if request.user.has_perm(f"articles.view_{model}")
    ]
    return [
        {"name": name, "url": url, "here": request.path == url or bool(model and request.path.startswith(url))}
        for name, url, model in links
    ]
