"""Watch the first fetches of ``bin/run``: a bar on a terminal, and whether any feed answers at all.

A process of its own, since the one that supervises all others should stay small. Ends with status 0 when the round is
over or news have come, with NOTHING_ANSWERS when no feed that was ever tried has answered.
"""

from __future__ import annotations

import argparse
import os
import shlex
import sys
import time

from django import setup
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone
from tqdm import tqdm

NOTHING_ANSWERS = 10
LOOK, LOOK_FOR_NEWS = 1.0, 5.0  # seconds between looks
LONGEST = 600.0  # seconds that a round is watched


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patience", type=float, default=25.0, help="seconds without any answer that are too long")
    parser.add_argument("--until-news", action="store_true", help="wait until a feed answers, however long")
    parser.add_argument("--no-fetch", action="store_true", help="nothing is fetched: there is no round to watch")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aggregator.settings")
    setup()
    if options.until_news:
        while not reached():
            pause(LOOK_FOR_NEWS)
        return 0
    hint_at_first_editor()
    return 0 if options.no_fetch else watch(options.patience)


def hint_at_first_editor() -> None:
    """Say how the desk is opened while nobody can; there is no default password."""
    if not get_user_model().objects.filter(is_staff=True).exists():
        command = f"DATA_DIR={shlex.quote(str(settings.DATA_DIR))} {sys.executable} manage.py createsuperuser"
        desk = f"{settings.SITE_URL}/{settings.ADMIN_PATH}"
        print(f"For the editors' desk at {desk} make an account: {command}", flush=True)


def watch(patience: float) -> int:
    """Show how many of the due feeds were tried, until all were or nothing has answered for ``patience`` seconds."""
    from articles.models import Feed

    fresh, started, begun = not reached(), timezone.now(), time.monotonic()
    due = Feed.objects.due(now=started).count()
    with tqdm(total=due, unit="feed", desc="first round", disable=not sys.stderr.isatty()) as bar:
        while True:
            tried = Feed.objects.filter(last_fetched_at__gte=started).count()
            bar.update(min(tried, due) - bar.n)
            waited = time.monotonic() - begun
            over = tried >= due or waited > LONGEST
            if fresh and (over or waited > patience) and not reached():
                return NOTHING_ANSWERS
            if over:
                return 0
            pause(LOOK)


def reached() -> bool:
    """Whether any feed has ever answered."""
    from articles.models import Feed

    return Feed.objects.filter(last_success_at__isnull=False).exists()


def pause(seconds: float) -> None:
    """Hold no connection while waiting: on SQLite it would hold back checkpoints."""
    connection.close()
    time.sleep(seconds)


if __name__ == "__main__":
    sys.exit(main())
