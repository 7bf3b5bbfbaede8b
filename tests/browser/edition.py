"""Fill the database of the environment with the sample edition, through the real pipeline: ``python -m`` it."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from articles.sample.edition import load_edition
from articles.sample.records import Edition, SampleEvent, SampleReport
from articles.sample.server import serve

AGE = timedelta(minutes=65)  # of the edition at the last look, so that headlines have been changed by then
HOSTILE = "odd-hostile-titles"  # the event whose reports try to break the layout
OVERRIDE = "\N{RIGHT-TO-LEFT OVERRIDE}"
HOSTILE_TITLES = {  # of which feed
    "silk-en": "Rogun gate </a><script>alert(1)</script><b>opened</b> & closed <img src=x onerror=alert(1)>",
    "wire-en": "Rogun gate opened " + "and opened again in Tajikistan " * 160,
    "radio-en": f"Rogun gate {OVERRIDE}denepo again{OVERRIDE} in Tajikistan",
    "rights-en": "Rogun" + "gateopenedintajikistan" * 40,
}


def main() -> None:
    """Set the database up and read every invented feed twice: at the start, and when an hour has passed."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aggregator.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load_catalogue", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["admin"])
    clock = [datetime.now(UTC) - AGE]
    server, address = serve(edition=with_hostile_titles(load_edition()), started_at=clock[0], clock=lambda: clock[0])
    call_command("load_sample", port=int(address.rpartition(":")[2]), verbosity=0)
    call_command("fetch", all=True)
    clock[0] += AGE
    call_command("fetch", all=True)
    server.shutdown()
    server.server_close()


def with_hostile_titles(edition: Edition) -> Edition:
    """The edition and one event more, whose headlines are what a page must bear."""
    reports = tuple(
        SampleReport(
            id=f"hostile-{feed}", event=HOSTILE, feed=feed, language="en", offset=-timedelta(hours=1),
            title=title, summary="The Rogun gate opened in Tajikistan.",
        )
        for feed, title in HOSTILE_TITLES.items()
    )  # fmt: skip
    return replace(edition, events=(*edition.events, SampleEvent(id=HOSTILE, reports=reports, countries=("TJ",))))


if __name__ == "__main__":
    main()
