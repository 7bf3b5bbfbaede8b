"""The outlets beside a list: those of a country, or those that report most on a topic."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.db.models import Count, QuerySet
from django.utils import timezone

from articles.models import Source
from articles.publish import rows
from articles.publish.beside import DAYS, KEPT

OUTLETS = 12


def outlets_in(code: str) -> dict[str, Any]:
    """The outlets whose newsroom is in the country."""
    found = [rows.outlet(source) for source in Source.objects.public().filter(base_country=code)]
    return {"list": [(who, 0) for who in found], "based": True}


def outlets_on(tags: QuerySet[Any], name: str) -> dict[str, Any]:
    """The outlets with most reports of the last days that carry the tag."""
    counted = cache.get(f"outlets-{name}")
    if counted is None:
        recent = tags.filter(at__gte=timezone.now() - DAYS, article__relevant=True, article__hidden=False)
        best = Source.objects.public().filter(articles__in=recent.values("article_id"))
        counted = list(best.annotate(n=Count("articles")).order_by("-n", "name")[:OUTLETS])
        cache.set(f"outlets-{name}", counted, KEPT)
    return {"list": [(rows.outlet(source), source.n) for source in counted], "based": False}
