"""Addresses without a language: health, API, robots, site map."""

from django.urls import path, re_path

from articles.publish import json_api as api
from articles.publish import machine

urlpatterns = [
    path("healthz", machine.healthz),
    path("readyz", machine.readyz),
    path("metrics", machine.metrics),
    path("robots.txt", machine.robots),
    path("llms.txt", machine.llms),
    path("sitemap.xml", machine.sitemap),
    path("feeds.opml", machine.feeds_opml),
    path("api/v1/articles", api.article_list),
    path("api/v1/stories", api.story_list),
    path("api/v1/stories/<int:story_id>", api.story),
    path("api/v1/sources", api.sources),
    path("api/v1/countries", api.countries),
    path("api/v1/topics", api.topics),
    path("api/v1/entities", api.entities),
    path("api/v1/feeds", api.feeds),
    path("api/v1/openapi.json", api.openapi),
    path("api/v1/docs", api.docs, name="api-docs"),
    re_path(r"^api/(?P<rest>.*)$", api.missing),
]
