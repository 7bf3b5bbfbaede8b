"""Mark every day that has articles, so that the figures of an older database are made in the background."""

from datetime import timedelta

from django.db import migrations
from django.utils import timezone


def mark(apps, schema_editor):
    Article, ChangedDay = apps.get_model("articles", "Article"), apps.get_model("articles", "ChangedDay")
    times = Article.objects.order_by("at").values_list("at", flat=True)
    first, last = times.first(), times.last()
    if first is None:
        return
    day, end, now = timezone.localtime(first).date(), timezone.localtime(last).date(), timezone.now()
    ChangedDay.objects.bulk_create(
        [ChangedDay(day=day + timedelta(days=n), at=now) for n in range((end - day).days + 1)], batch_size=500
    )


class Migration(migrations.Migration):
    dependencies = [("articles", "0004_statistics")]
    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
