"""The admin of Django with our own site class: the editors' desk."""

from django.contrib.admin.apps import SimpleAdminConfig


class DeskConfig(SimpleAdminConfig):
    """Its pages are found by aggregator/urls.py: a worker has no use for them, and they take some memory."""

    default_site = "articles.desk.Desk"
