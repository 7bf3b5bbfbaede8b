"""Lists of lists: all countries, all topics."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from articles.models import Topic
from articles.publish import volumes
from articles.publish.names import names
from articles.publish.views.front import country_map, country_volume
from articles.publish.views.page import page


@page()
def countries(request: HttpRequest) -> HttpResponse:
    """The five with their volume, then neighbours and powers."""
    daily = volumes.of_the_five()
    five = [country_volume(country, daily) for country in names().core if country.key in daily]
    others = {
        _("Neighbours"): [found for found in names().countries.values() if found.tier == "neighbour"],
        _("Powers and partners"): [found for found in names().countries.values() if found.tier == "power"],
        _("Others"): [found for found in names().countries.values() if found.tier == "other"],
    }
    context = {"page_title": _("Countries"), "five": five, "others": others, "map": country_map(daily)}
    return render(request, "articles/countries.html", context)


@page()
def topics(request: HttpRequest) -> HttpResponse:
    """Every topic, what belongs to it, and its page in each of the five."""
    described = dict(Topic.objects.filter(retired=False).values_list("slug", "description"))
    found = [{"topic": topic, "text": described.get(topic.slug, "")} for topic in names().topics.values()]
    return render(
        request, "articles/topics.html", {"page_title": _("Topics"), "topics": found, "countries": names().core}
    )
