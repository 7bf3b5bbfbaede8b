"""A topic gets a new address, is merged into another, or retires; the old row stays, for its address and its terms.

The tagger goes on knowing the topic by its old key, and what it finds is given to the topic that stands for it now.
"""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction

from articles import decisions, jobs
from articles.curation import Refused
from articles.models import ArticleTopic, Decision, Job, Topic

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
FIELDS = ["retired", "moved_to"]


@transaction.atomic
def rename(topic: Topic, slug: str, *, by: Any, reason: str = "") -> tuple[Topic, Job | None]:
    """Give a topic a new address; the old one redirects. Returns the topic that stands now. Raises Refused."""
    slug = slug.strip()
    if not SLUG.fullmatch(slug) or len(slug) > 50:
        raise Refused("An address holds small letters, digits and single hyphens, such as water-and-dams.")
    if Topic.objects.filter(slug=slug).exists():
        raise Refused(f"There is a topic at {slug} already.")
    _stands(topic)
    new = Topic.objects.create(slug=slug, titles=topic.titles, description=topic.description, position=topic.position)
    decisions.record(by, decisions.ADD, new, before={}, after=decisions.snapshot(new))
    return new, _move(topic, new, "rename", by, reason)


@transaction.atomic
def merge(topic: Topic, into: Topic, *, by: Any, reason: str = "") -> Job | None:
    """Let another topic stand for this one; its address redirects. Raises Refused."""
    if topic.pk == into.pk:
        raise Refused("A topic cannot be merged with itself; choose another one.")
    _stands(topic)
    _stands(into)
    return _move(topic, into, "merge", by, reason)


@transaction.atomic
def retire(topic: Topic, *, by: Any, reason: str = "") -> Job | None:
    """Tag nothing with this topic any more; its address stays. Raises Refused."""
    _stands(topic)
    return _move(topic, None, "retire", by, reason)


def _stands(topic: Topic) -> None:
    if topic.retired:
        raise Refused(f"{topic} is retired already.")


def _move(topic: Topic, into: Topic | None, action: str, by: Any, reason: str) -> Job | None:
    before = decisions.snapshot(topic, FIELDS)
    Topic.objects.filter(moved_to=topic).update(moved_to=into)
    topic.retired, topic.moved_to = True, into
    topic.save(update_fields=FIELDS)
    after = decisions.snapshot(topic, FIELDS)
    decisions.record(by, action, topic, before=before, after=after, reason=reason, public=True)
    return retag(topic, by=by)


@decisions.undoes("topic", "rename", "merge", "retire")
def undo_move(decision: Decision, user: Any) -> None:
    """Let a topic stand for itself again; the reports of the one that stood for it are tagged again."""
    topic = Topic.objects.filter(pk=decision.target_id).first()
    if topic is None or not topic.retired or topic.moved_to_id != decision.after.get("moved_to", None):
        raise Refused("The topic was moved again since; undo the newer decision first.")
    heir = topic.moved_to_id
    decisions.put(topic, decision.before)
    retag(topic, by=user, heir=heir)


def retag(topic: Topic, *, by: Any, heir: int | None = None) -> Job | None:
    """Tag the reports again that carry a topic which moved, or its ``heir``; None when there are none."""
    carried = [pk for pk in (topic.pk, topic.moved_to_id, heir) if pk]
    rows = ArticleTopic.objects.filter(topic__in=carried).order_by("-at")
    ids = list(dict.fromkeys(rows.values_list("article_id", flat=True)[: jobs.MOST]))
    if not ids:
        return None
    job = jobs.draft("retag", ids, {}, user=by)
    jobs.start(job)
    return job
