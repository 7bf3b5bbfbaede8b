"""The Celery app and the beat schedule; what is due stands in the database, so a lost queue loses nothing."""

import os
from datetime import timedelta

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aggregator.settings")
app = Celery("aggregator")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "what is due?": {
        "task": "articles.tasks.poll_due_feeds",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 55},
    },
    "group": {"task": "articles.tasks.group_articles", "schedule": timedelta(minutes=1), "options": {"expires": 55}},
    "figures by day": {
        "task": "articles.tasks.keep_statistics",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 55},
    },
    "tell subscribers": {
        "task": "articles.tasks.announce_news",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 55},
    },
    "verify subscribers": {
        "task": "articles.tasks.verify_subscribers",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 55},
    },
    "resume jobs": {"task": "articles.tasks.resume_jobs", "schedule": timedelta(minutes=1), "options": {"expires": 55}},
    "what should an editor decide?": {
        "task": "articles.tasks.look_for_offers",
        "schedule": timedelta(minutes=10),
        "options": {"expires": 500},
    },
    "tell editors of dying feeds": {"task": "articles.tasks.report_feed_health", "schedule": timedelta(hours=1)},
    "do news flow?": {"task": "articles.tasks.look_whether_news_flow", "schedule": timedelta(minutes=10)},
    "let go of old text": {"task": "articles.tasks.retain", "schedule": crontab(hour="20", minute="30")},
}


@worker_ready.connect
def look_at_once(**_: object) -> None:
    """A worker that has just started does not wait for beat's next minute."""
    app.send_task("articles.tasks.poll_due_feeds")
