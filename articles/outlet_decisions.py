"""What editors decide about outlets and their feeds; each change is one decision with the fields before and after."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from articles import decisions
from articles.curation import Refused
from articles.importing import free_slug
from articles.models import Article, Decision, Feed, Source, SourceLabel, Suggestion
from articles.models.source import LONG_AGO, Ownership, Perspective
from articles.store.statistics import mark_outlets
from articles.store.stories import refresh_stories

MAX_ADDRESS = 1000
STORIES = 500  # refreshed at once when an outlet changes; older ones follow when they are next touched
SHOWN = frozenset({"hidden", "owner", "ownership", "perspective", "headline_only", "name"})
RESET: dict[str, Any] = {
    "outcome": Feed.Outcome.NEVER, "failures": 0, "etag": "", "last_modified": "", "body_hash": "", "moved_url": "",
    "moved_seen": 0, "message": "", "status": 0, "failing_since": None,
}  # fmt: skip


@transaction.atomic
def change(rows: Iterable[Any], action: str, *, by: Any, reason: str = "", public: bool = False, **values: Any) -> int:
    """Set fields of each row that has other values, with a decision each; return how many changed."""
    count = 0
    for row in rows:
        before, after = decisions.differences(decisions.snapshot(row, list(values)), decisions.as_json(values))
        if not after:
            continue
        type(row)._default_manager.filter(pk=row.pk).update(**values)
        decisions.record(by, action, row, before=before, after=after, reason=reason, public=public)
        row.refresh_from_db()
        decisions.follow(row)
        count += 1
    return count


def pause(feeds: Iterable[Feed], *, by: Any, reason: str = "") -> int:
    """Ask these feeds no more until somebody resumes them."""
    return change(feeds, "pause", by=by, reason=reason, enabled=False)


def resume(feeds: Iterable[Feed], *, by: Any, reason: str = "") -> int:
    """Ask these feeds again, at once."""
    feeds = list(feeds)
    changed = change(feeds, "resume", by=by, reason=reason, enabled=True)
    Feed.objects.filter(pk__in=[feed.pk for feed in feeds]).update(next_fetch_at=timezone.now())
    return changed


def reset(feeds: Iterable[Feed], *, by: Any, reason: str = "") -> int:
    """Forget failures, validators and moves of these feeds, and ask them at once."""
    feeds = list(feeds)
    changed = change(feeds, "reset", by=by, reason=reason, **RESET)
    Feed.objects.filter(pk__in=[f.pk for f in feeds]).update(next_fetch_at=timezone.now(), leased_until=LONG_AGO)
    return changed


def change_address(feed: Feed, address: str, *, by: Any, reason: str = "") -> None:
    """Ask the feed at another address from now on; what was stored stays. Raises Refused."""
    address = web_address(address)
    if Feed.objects.filter(current_url=address).exclude(pk=feed.pk).exists():
        raise Refused("Another feed has this address already.")
    change([feed], "address", by=by, reason=reason, current_url=address, suggestion="")
    Feed.objects.filter(pk=feed.pk).update(**RESET, next_fetch_at=timezone.now(), leased_until=LONG_AGO)


def web_address(text: str) -> str:
    """The http(s) address that somebody typed, the scheme added where it lacks. Raises Refused."""
    text = text.strip()
    text = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(text)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and "." in (parts.hostname or "")
        good = good or (parts.scheme in {"http", "https"} and parts.hostname in {"localhost"})
    except ValueError:
        good = False
    if not good or len(text) > MAX_ADDRESS or not text.isprintable() or " " in text:
        raise Refused("This is no web address; write one such as https://example.org/.")
    return text


def set_hidden(sources: Iterable[Source], hidden: bool, *, by: Any, reason: str = "") -> int:
    """Hide outlets with all their reports from readers, or show them again."""
    return change(sources, "hide" if hidden else "show", by=by, reason=reason, public=True, hidden=hidden)


def reviewed(sources: Iterable[Source], *, by: Any) -> int:
    """Note that an editor has looked at these outlets."""
    return change(sources, "review", by=by, needs_review=False)


def verify(labels: Iterable[SourceLabel], *, by: Any) -> int:
    """Note that somebody has checked these labels."""
    return change(labels, "verify", by=by, verified=True)


@decisions.after_change("source")
def follow_source(source: Source) -> None:
    """What an outlet is called, who owns it and whether it is shown stands in stories and figures."""
    recent = Article.objects.filter(source=source, story__isnull=False).order_by("-at")
    refresh_stories(set(recent.values_list("story_id", flat=True)[:STORIES]) - {None}, now=timezone.now())
    mark_outlets([source.pk], now=timezone.now())


@transaction.atomic
def merge_outlets(kept: Source, gone: Source, *, by: Any, reason: str = "") -> Decision:
    """Give the feeds and reports of one outlet to another; its address leads there. Raises Refused."""
    if kept.pk == gone.pk:
        raise Refused("An outlet cannot be merged with itself; choose another one.")
    if gone.merged_into_id or kept.merged_into_id:
        raise Refused("One of the two was merged into another outlet already.")
    feeds = list(gone.feeds.order_by("pk").values_list("pk", flat=True))
    fields = ("hidden", "merged_into")
    before = decisions.snapshot(gone, list(fields))
    twice = Article.objects.filter(source=kept, url_key__isnull=False).values("url_key")
    Article.objects.filter(source=gone, url_key__in=twice).update(url_key=None)  # both had it; each keeps its own
    Article.objects.filter(source=gone).update(source=kept)
    Feed.objects.filter(pk__in=feeds).update(source=kept)
    Source.objects.filter(pk=gone.pk).update(hidden=True, merged_into=kept)
    gone.refresh_from_db()
    decision = decisions.record(
        by,
        "merge",
        gone,
        before={**before, "feeds": feeds},
        after={**decisions.snapshot(gone, list(fields)), "feeds": feeds},
        reason=reason,
        public=True,
    )
    follow_source(kept)
    return decision


@decisions.undoes("source", "merge")
def undo_merge(decision: Decision, user: Any) -> None:
    """Give the feeds that came with the outlet, and what they brought, back to it."""
    gone = Source.objects.filter(pk=decision.target_id).select_related("merged_into").first()
    if gone is None or gone.merged_into is None:
        raise Refused("The outlet was not merged any more.")
    kept, feeds = gone.merged_into, decision.before["feeds"]
    Article.objects.filter(source=kept, feed_id__in=feeds).update(source=gone)
    Feed.objects.filter(source=kept, pk__in=feeds).update(source=gone)
    Source.objects.filter(pk=gone.pk).update(hidden=decision.before["hidden"], merged_into=None)
    follow_source(kept)
    follow_source(gone)


@dataclass(frozen=True, slots=True)
class Labels:
    """What an editor says of a new outlet, and where it is known from."""

    name: str
    owner: str
    ownership: str
    perspective: str
    base_country: str
    basis: str
    verified: bool


@transaction.atomic
def add_site(
    homepage: str, feeds: Collection[tuple[str, str, str]], labels: Labels, *, by: Any, everything: bool = False
) -> Source:
    """Take a new outlet in with its feeds (address, title, language); raises Refused.

    ``everything``: all items of its feeds count as relevant.
    """
    if not labels.name.strip():
        raise Refused("Give the outlet its name.")
    if labels.ownership not in Ownership.values or labels.perspective not in Perspective.values:
        raise Refused("Choose who owns it and from which side it speaks.")
    if not feeds:
        raise Refused("Tick at least one feed.")
    known = Feed.objects.filter(url__in=[url for url, _, _ in feeds]).values_list("url", flat=True)
    if known:
        raise Refused(f"This feed is known already: {known[0]}")
    slug = free_slug(labels.name, set(Source.objects.values_list("slug", flat=True)))
    source = Source.objects.create(
        slug=slug,
        name=labels.name.strip()[:200],
        homepage=homepage[:500],
        owner=labels.owner.strip()[:80] or f"own-{slug}"[:80],
        ownership=labels.ownership,
        perspective=labels.perspective,
        base_country=labels.base_country,
    )
    dossier = {"basis": labels.basis[:500], "as_of": timezone.localdate(), "verified": labels.verified}
    SourceLabel.objects.bulk_create(
        SourceLabel(source=source, name=name, **dossier) for name in SourceLabel.Name.values
    )
    for url, title, language in feeds:
        Feed.objects.create(
            source=source, url=url, current_url=url, title=title[:300], language=language, all_relevant=everything
        )
    decisions.record(by, decisions.ADD, source, before={}, after=decisions.snapshot(source), public=False)
    Suggestion.objects.filter(state=Suggestion.State.OPEN, url__in=[homepage, *[url for url, _, _ in feeds]]).update(
        state=Suggestion.State.TAKEN
    )
    return source
