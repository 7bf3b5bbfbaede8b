"""What editors decide about single reports: tags, language, relevance, hiding. One decision is kept for each report."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from articles import decisions
from articles.curation import Refused
from articles.models import Article, Country, Decision, Entity, ManualTag, Topic
from articles.publish.filters import LANGUAGES
from articles.retagging import retag_articles
from articles.store.statistics import mark_days
from articles.store.stories import refresh_stories

Words = dict[str, bool]  # "country:KZ" → set or taken away by an editor
KINDS = ManualTag.Kind


@transaction.atomic
def set_tag(
    ids: Collection[int], kind: str, key: str, *, present: bool, by: Any, reason: str = "", now: datetime | None = None
) -> int:
    """Give these reports a country, topic or entity, or take it away; return how many were other than that.

    Raises: Refused when there is no such country, topic or entity.
    """
    check_key(kind, key)
    return _say(ids, {f"{kind}:{key}": present}, "retag", by, reason, now)


@transaction.atomic
def set_language(ids: Collection[int], language: str, *, by: Any, reason: str = "", now: datetime | None = None) -> int:
    """Correct the language of these reports; raises Refused for a code that is no language of ours."""
    if language not in LANGUAGES:
        raise Refused(f"“{language[:20]}” is none of the languages: {', '.join(LANGUAGES)}.")
    return _say(ids, {f"{KINDS.LANGUAGE}:{language}": True}, "language", by, reason, now)


@transaction.atomic
def set_relevant(
    ids: Collection[int], relevant: bool, *, by: Any, reason: str = "", now: datetime | None = None
) -> int:
    """Say that these reports belong here, or do not."""
    return _say(ids, {f"{KINDS.RELEVANT}:": relevant}, "relevant" if relevant else "irrelevant", by, reason, now)


@transaction.atomic
def give_back(ids: Collection[int], *, by: Any, reason: str = "", now: datetime | None = None) -> int:
    """Let the machine decide all tags of these reports again."""
    return _say(ids, None, "retag", by, reason, now)


@transaction.atomic
def set_hidden(ids: Collection[int], hidden: bool, *, by: Any, reason: str = "", now: datetime | None = None) -> int:
    """Hide these reports from readers, which needs a reason, or show them again; return how many changed.

    Raises: Refused without a reason.
    """
    if hidden and not reason.strip():
        raise Refused("Say why; the reason is kept with the decision and shown to editors alone.")
    articles = list(Article.objects.filter(pk__in=ids).exclude(hidden=hidden).order_by("pk"))
    after = {"hidden": hidden, "hidden_reason": reason.strip()[:300] if hidden else ""}
    for article in articles:
        before = {"hidden": article.hidden, "hidden_reason": article.hidden_reason}
        article.hidden, article.hidden_reason = hidden, str(after["hidden_reason"])
        action = "hide" if hidden else "show"
        decisions.record(by, action, article, before=before, after=after, reason=reason, public=True)
    Article.objects.bulk_update(articles, ["hidden", "hidden_reason"])
    _follow(articles, now or timezone.now())
    return len(articles)


def check_key(kind: str, key: str) -> None:
    """Raises Refused when there is no such country, topic or entity."""
    there: Mapping[str, Callable[[], bool]] = {
        KINDS.COUNTRY: lambda: Country.objects.filter(pk=key).exists(),
        KINDS.TOPIC: lambda: Topic.objects.filter(slug=key, retired=False).exists(),
        KINDS.ENTITY: lambda: Entity.objects.filter(slug=key).exists(),
    }
    if kind not in there or not there[kind]():
        raise Refused(f"There is no {kind} “{key[:80]}”.")


def words_of(ids: Collection[int]) -> dict[int, Words]:
    """What editors have said of these reports until now."""
    found: dict[int, Words] = {pk: {} for pk in ids}
    for word in ManualTag.objects.filter(article_id__in=ids).order_by("pk"):
        found[word.article_id][f"{word.kind}:{word.key}"] = word.present
    return found


def _say(ids: Collection[int], said: Words | None, action: str, by: Any, reason: str, now: datetime | None) -> int:
    """Add an editor's words to these reports (None: take all away), record each decision, and tag them again."""
    rows = {article.pk: article for article in Article.objects.filter(pk__in=ids)}
    before = words_of(rows)
    changed = []
    for pk, article in rows.items():
        after = {} if said is None else {**_without_rivals(before[pk], said), **said}
        if after != before[pk]:
            decisions.record(
                by, action, article, before={"words": before[pk]}, after={"words": after}, reason=reason, public=True
            )
            _write(pk, after)
            changed.append(pk)
    retag_articles(changed, now=now or timezone.now())
    return len(changed)


def _without_rivals(words: Words, said: Words) -> Words:
    """A report has one language: a new one takes the place of the old."""
    if any(key.startswith(f"{KINDS.LANGUAGE}:") for key in said):
        return {key: present for key, present in words.items() if not key.startswith(f"{KINDS.LANGUAGE}:")}
    return words


def _write(article_id: int, words: Words) -> None:
    ManualTag.objects.filter(article_id=article_id).delete()
    ManualTag.objects.bulk_create(
        ManualTag(article_id=article_id, kind=name.partition(":")[0], key=name.partition(":")[2], present=present)
        for name, present in words.items()
    )


@decisions.undoes("article", "retag", "language", "relevant", "irrelevant")
def undo_words(decision: Decision, user: Any) -> None:
    """Take an editor's words back, as long as nobody said something else about the same since."""
    pk = int(decision.target_id)
    if not Article.objects.filter(pk=pk).exists():
        raise Refused("The report is not there any more.")
    before, after, now = decision.before["words"], decision.after["words"], words_of([pk])[pk]
    touched = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    other = [name for name in touched if now.get(name) != after.get(name)]
    if other:
        raise Refused(f"Somebody has decided otherwise since ({', '.join(other)}); undo the newer decision first.")
    words = {name: present for name, present in now.items() if name not in touched}
    words.update({name: before[name] for name in touched if name in before})
    _write(pk, words)
    retag_articles([pk], now=timezone.now())


@decisions.after_change("article")
def follow_article(article: Article) -> None:
    """A report was hidden or shown: its story and the figures of its day follow."""
    _follow([article], timezone.now())


def _follow(articles: Collection[Article], now: datetime) -> None:
    refresh_stories({article.story_id for article in articles if article.story_id}, now=now)
    mark_days([article.at for article in articles], now=now)
