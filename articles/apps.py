"""The domain app of the project."""

from django.apps import AppConfig
from django.db.models.signals import post_delete


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = "News"

    def ready(self) -> None:
        from articles.store.statistics import mark_deleted

        post_delete.connect(mark_deleted, sender="articles.Article", dispatch_uid="figures by day")
