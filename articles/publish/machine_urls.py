"""Addresses without a language: health, API, robots, site map."""

from django.urls import include, path, re_path

from articles.publish import api, machine
from articles.publish.api.problems import no_such_address

urlpatterns = [
    path("healthz", machine.healthz),
    path("readyz", machine.readyz),
    path("metrics", machine.metrics),
    path("robots.txt", machine.robots),
    path("llms.txt", machine.llms),
    path("sitemap.xml", machine.sitemap),
    path("feeds.opml", machine.feeds_opml),
    path(api.PREFIX, include(api.patterns())),
    re_path(r"^api/", no_such_address),
]
