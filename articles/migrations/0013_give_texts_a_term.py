"""Texts that are stored already stay for as long as new ones."""

from datetime import timedelta

from django.db import migrations
from django.utils import timezone


def give(apps, schema_editor):
    texts = apps.get_model("articles", "ArticleText").objects.filter(kept_until__isnull=True).exclude(text="")
    texts.update(kept_until=timezone.now() + timedelta(days=90))


class Migration(migrations.Migration):
    dependencies = [("articles", "0012_list_changes_and_terms")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
