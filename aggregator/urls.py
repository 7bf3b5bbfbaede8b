"""Addresses: pages in three languages, then what has no language."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

admin.autodiscover()
urlpatterns = [
    path(settings.ADMIN_PATH, include("readers.urls")),
    path(settings.ADMIN_PATH, admin.site.urls),
    path("", include("articles.publish.machine_urls")),
    *i18n_patterns(path("", include("articles.publish.urls")), prefix_default_language=False),
]
handler404 = "articles.publish.views.errors.not_found"
handler500 = "articles.publish.views.errors.server_error"
