"""Actions on many rows: confirmed with their number, done at once when few, else in the background in steps."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from articles import article_decisions
from articles.curation import Refused
from articles.lexicon import forget_lexicon
from articles.models import Job, Lease
from articles.retagging import retag_articles

log = logging.getLogger(__name__)
AT_ONCE = 500  # rows that an editor waits for
MOST = 50_000  # rows of one job
STEP = 100  # rows in one transaction
HELD = timedelta(minutes=5)
DRAFTS_KEPT = timedelta(days=1)

Run = Callable[[Sequence[int], dict[str, Any], Any], int]


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be done to many rows."""

    words: str  # what it does to them, with {value}
    permission: str
    run: Run  # (ids, params, user) → how many were other afterwards; in the caller's transaction; raises Refused


def _tag(present: bool) -> Run:
    def run(ids: Sequence[int], params: dict[str, Any], user: Any) -> int:
        reason = params.get("reason", "")
        return article_decisions.set_tag(ids, params["kind"], params["key"], present=present, by=user, reason=reason)

    return run


ACTIONS = {
    "add_tag": Action("give {value} to", "articles.change_article", _tag(True)),
    "remove_tag": Action("take {value} from", "articles.change_article", _tag(False)),
    "set_language": Action(
        "set the language {value} for",
        "articles.change_article",
        lambda ids, params, user: article_decisions.set_language(ids, params["value"], by=user),
    ),
    "hide": Action(
        "hide ({value})",
        "articles.change_article",
        lambda ids, params, user: article_decisions.set_hidden(ids, True, by=user, reason=params["value"]),
    ),
    "show": Action(
        "show readers",
        "articles.change_article",
        lambda ids, params, user: article_decisions.set_hidden(ids, False, by=user),
    ),
    "relevant": Action(
        "count as relevant",
        "articles.change_article",
        lambda ids, params, user: article_decisions.set_relevant(ids, True, by=user),
    ),
    "irrelevant": Action(
        "count as not relevant",
        "articles.change_article",
        lambda ids, params, user: article_decisions.set_relevant(ids, False, by=user),
    ),
    "give_back": Action(
        "let the machine decide all tags of",
        "articles.change_article",
        lambda ids, params, user: article_decisions.give_back(ids, by=user),
    ),
    "retag": Action(
        "tag again by the present rules",
        "articles.change_article",
        lambda ids, params, user: retag_articles(ids, now=timezone.now()),
    ),
}


def draft(action: str, ids: Sequence[int], params: dict[str, Any], *, user: Any) -> Job:
    """Note what would be done; nothing is done before ``start``. Raises Refused for no row or more than MOST."""
    if not ids:
        raise Refused("Choose at least one row.")
    if len(ids) > MOST:
        raise Refused(f"These are more than {MOST:,} rows; narrow the list.")
    title = ACTIONS[action].words.format(value=params.get("value", ""))[:160]
    Job.objects.filter(confirmed_at=None, created_at__lt=timezone.now() - DRAFTS_KEPT).delete()
    return Job.objects.create(action=action, title=title, params=params, ids=list(ids), user=user)


def start(job: Job) -> bool:
    """Confirm a draft; whether it is done already. Above AT_ONCE rows a worker does it. Raises Refused."""
    from articles.tasks import run_job

    if not Job.objects.filter(pk=job.pk, confirmed_at=None).update(confirmed_at=timezone.now()):
        raise Refused("This was confirmed already.")
    if len(job.ids) > AT_ONCE:
        transaction.on_commit(lambda: run_job.delay(job.pk))
        return False
    work(job.pk)
    return True


def work(job_id: int) -> None:
    """Do what is left of a job, a step in a transaction each; a killed worker loses no step and repeats none."""
    with Lease.held(f"job-{job_id}", lasting=HELD) as mine:
        if not mine:
            return
        forget_lexicon()  # the rules may have changed a moment ago, in another process
        while step(job_id, now=timezone.now()):
            mine.keep()
    Lease.objects.filter(name=f"job-{job_id}").delete()


def step(job_id: int, *, now: datetime) -> bool:
    """Do the next STEP rows; whether there are more."""
    try:
        with transaction.atomic():
            job = Job.objects.select_for_update().select_related("user").get(pk=job_id)
            if job.finished_at is not None or job.confirmed_at is None:
                return False
            ids = job.ids[job.done : job.done + STEP]
            job.changed += ACTIONS[job.action].run(ids, job.params, job.user) if ids else 0
            job.done += len(ids)
            if job.done >= len(job.ids):
                job.finished_at = now
            job.save(update_fields=["done", "changed", "finished_at"])
    except Refused as refusal:
        Job.objects.filter(pk=job_id).update(finished_at=now, message=str(refusal)[:500])
        return False
    except Exception:
        log.exception("a job ended by a bug of ours", extra={"job_id": job_id})
        Job.objects.filter(pk=job_id).update(finished_at=now, message="An error of this site; it was logged.")
        raise
    return job.finished_at is None
