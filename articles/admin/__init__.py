"""The editors' desk: every model, registered for the work that is done on it."""

from django.conf import settings
from django.contrib import admin

from articles.admin import articles, decisions, lexicon, sources, stories

__all__ = ["articles", "decisions", "lexicon", "sources", "stories"]

admin.site.site_header = admin.site.site_title = f"{settings.SITE_NAME}: the desk"
admin.site.index_title = "What needs a hand"
