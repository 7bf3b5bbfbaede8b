"""The one worker of ``bin/run``: threads for all queues, and beat as one more thread instead of a process."""

from __future__ import annotations

from typing import Any

from celery.beat import EmbeddedService
from celery.signals import worker_ready, worker_shutting_down
from django.conf import settings

from aggregator.celery import app

OPTIONS = [
    "--pool", "threads", "--concurrency", "3", "--queues", "fetch,group,deliver,curate", "--loglevel", "info",
    "--without-gossip", "--without-mingle", "--without-heartbeat",
]  # fmt: skip


def main() -> None:
    """Work until SIGTERM."""
    name = "beat-sample" if settings.SAMPLE_EDITION else "beat-real"
    beat: Any = EmbeddedService(app, thread=True, schedule_filename=str(settings.DATA_DIR / name))
    worker_ready.connect(lambda **_: beat.start(), weak=False)
    worker_shutting_down.connect(lambda **_: beat.service.stop(), weak=False)
    app.worker_main(["worker", *OPTIONS])


if __name__ == "__main__":
    main()
