"""The domain app of the project."""

from django.apps import AppConfig
from django.db.models.signals import post_delete, pre_delete


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = "News"

    def ready(self) -> None:
        from articles.store.deletions import note_story, refresh_its_lists
        from articles.store.statistics import mark_deleted

        post_delete.connect(mark_deleted, sender="articles.Article", dispatch_uid="figures by day")
        pre_delete.connect(note_story, sender="articles.Article", dispatch_uid="stories of what goes")
        post_delete.connect(refresh_its_lists, sender="articles.Article", dispatch_uid="stories of what went")
