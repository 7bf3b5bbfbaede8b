"""Looks in the background for what an editor should decide, and keeps it as offers."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from articles.doubts import may_be_one, may_be_two
from articles.models import Article, Offer, Story
from articles.names import offer_names

RECENT = timedelta(days=2)
LOOKED_AT = 60  # newest stories
PATIENCE = 20.0  # seconds


def look(*, now: datetime, patience: float = PATIENCE) -> None:
    """Bring all offers up to date, within ``patience`` seconds for the stories."""
    offer_names(now=now)
    until = time.monotonic() + patience
    Offer.objects.filter(kind__in=(Offer.Kind.ONE, Offer.Kind.TWO), state=Offer.State.OPEN).filter(
        at__lt=now - RECENT
    ).delete()
    shown = Story.objects.filter(hidden=False, merged_into=None, article_count__gt=0, last_at__gte=now - RECENT)
    for story in shown.order_by("-last_at", "-pk")[:LOOKED_AT]:
        if time.monotonic() > until:
            break
        look_at(story, now=now)


def look_at(story: Story, *, now: datetime) -> None:
    """Offer what is doubtful about one story, and take back what is no more."""
    articles = list(Article.objects.filter(story=story).select_related("source", "body").order_by("at", "pk")[:100])
    part = may_be_two(articles)
    mine = Offer.objects.filter(story=story, state=Offer.State.OPEN)
    if part is None:
        mine.filter(kind=Offer.Kind.TWO).delete()
    else:
        why = [f"{len(part.articles)} of {len(articles)} reports stand apart (best link {part.score})", *part.why]
        put(Offer.Kind.TWO, f"{story.pk}", story, None, why, -part.score, now=now)
    alike = may_be_one(story, articles)[:2]
    mine.filter(kind=Offer.Kind.ONE).exclude(other__in=[each.story for each in alike]).delete()
    for each in alike:
        pair = sorted((story.pk, each.story.pk))
        put(Offer.Kind.ONE, f"{pair[0]}-{pair[1]}", story, each.story, list(each.why), each.score, now=now)


def put(kind: str, key: str, story: Story, other: Story | None, why: list[str], score: float, *, now: datetime) -> None:
    """Write one offer; what an editor declined stays declined."""
    text = f"{story} / {other}" if other else str(story)
    Offer.objects.update_or_create(
        kind=kind,
        key=key,
        defaults={"text": text[:300], "why": why, "score": score, "story": story, "other": other, "at": now},
    )
