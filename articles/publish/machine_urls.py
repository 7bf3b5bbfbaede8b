"""Addresses without a language: health, figures, site maps, OPML, the API."""

from django.urls import include, path, re_path

from articles.hub import views as hub
from articles.publish import api, health, metrics, opml, sitemaps
from articles.publish.api.problems import no_such_address
from articles.publish.api.surface import reading

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", metrics.metrics),
    path("robots.txt", sitemaps.robots),
    path("llms.txt", sitemaps.llms),
    path("sitemap.xml", sitemaps.index),
    path("sitemaps/pages.xml", sitemaps.pages),
    path("sitemaps/news.xml", sitemaps.news),
    path("sitemaps/stories-<int:part>.xml", sitemaps.stories),
    path("feeds.opml", opml.ours),
    path("outlets.opml", opml.outlets),
    path("outlets/<slug:slug>.opml", opml.outlets),
    path("outlets/topics/<slug:slug>.opml", opml.outlets_on),
    path("hub", hub.hub),
    path(api.PREFIX, include(api.patterns())),
    re_path(r"^api/", reading(no_such_address)),
]
