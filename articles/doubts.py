"""Where the machine doubts its own grouping: stories that may be one, a story that may be two, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from articles.group.concepts import shipped
from articles.group.features import Item, item
from articles.group.similarity import Comparer
from articles.group.window import Window, shipped_prior
from articles.models import Article, Story, StoryCountry, StoryEntity
from articles.reports import make_reports

AROUND = timedelta(days=3)
CANDIDATES = 40  # stories that are compared with one
EACH = 3  # reports of a story that are compared
COMPARED = 30  # reports of one story that are compared with each other
ONE_FROM = 0.4  # log-odds, mean of the pairs in a window so small that all seem more alike
TWO_BELOW = -2.0  # best link between two parts
OFFERED = 5
READABLE = 3  # letters; shorter features are consonants of names and halves of words
WORDS = 6


@dataclass(frozen=True, slots=True)
class Alike:
    """A story that may tell of the same event."""

    story: Story
    score: float
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Reports of a story that may tell of another event."""

    articles: tuple[int, ...]
    score: float  # of the best link to the rest
    why: tuple[str, ...]  # what the part shares that the rest lacks


def may_be_one(story: Story, articles: Sequence[Article]) -> list[Alike]:
    """Stories of these days that share people, places or countries and come close, most alike first."""
    mine = [article for article in articles if article.copy_of_id is None and not article.hidden][-EACH:]
    others = neighbours(story)
    if not mine or not others:
        return []
    samples = latest_reports([other.pk for other in others])
    items, window = read([*mine, *[article for found in samples.values() for article in found]])
    found = []
    for other in others:
        pairs = [(items[one.pk], items[two.pk]) for one in mine for two in samples.get(other.pk, ())]
        if pairs:
            scores = [Comparer(one, window).score(two) for one, two in pairs]
            mean = sum(scores) / len(scores)
            if mean >= ONE_FROM:
                found.append(Alike(other, round(mean, 1), shared_words(pairs, scores, window)))
    return sorted(found, key=lambda alike: -alike.score)[:OFFERED]


def neighbours(story: Story) -> list[Story]:
    """Stories within AROUND of this one that share an entity with it, else a country; bounded reads of lists."""
    times = (story.first_at - AROUND, story.last_at + AROUND)
    ids: list[int] = []
    for model, key in ((StoryEntity, "entity_id"), (StoryCountry, "country_id")):
        keys = list(model.objects.filter(story=story).values_list(key, flat=True)[:4])
        rows = model.objects.filter(**{f"{key}__in": keys}, last_at__range=times).exclude(story=story)
        ids += rows.order_by("-last_at", "-story_id").values_list("story_id", flat=True)[:CANDIDATES]
    chosen = list(dict.fromkeys(ids))[:CANDIDATES]
    return list(Story.objects.filter(pk__in=chosen, merged_into=None, article_count__gt=0))


def latest_reports(story_ids: list[int]) -> dict[int, list[Article]]:
    """Up to EACH original reports of each story."""
    found: dict[int, list[Article]] = {}
    rows = Article.objects.filter(story_id__in=story_ids, copy_of=None, hidden=False, relevant=True)
    for article in rows.select_related("source", "body").order_by("-at")[: CANDIDATES * 10]:
        kept = found.setdefault(article.story_id or 0, [])
        if len(kept) < EACH:
            kept.append(article)
    return found


def may_be_two(articles: Sequence[Article]) -> Part | None:
    """The part of a story's reports whose best link to the rest is weak, if there is one."""
    own = [article for article in articles if article.copy_of_id is None and not article.hidden and article.relevant]
    own = own[:COMPARED]
    if len(own) < 2:
        return None
    items, window = read(own)
    comparers = {pk: Comparer(each, window) for pk, each in items.items()}
    links = {
        (one.pk, two.pk): comparers[one.pk].score(items[two.pk]) for at, one in enumerate(own) for two in own[at + 1 :]
    }
    parts = [{article.pk} for article in own]
    score = 0.0
    for (one, two), score in sorted(links.items(), key=lambda link: -link[1]):  # noqa: B007 - the last one is wanted
        a, b = (next(part for part in parts if pk in part) for pk in (one, two))
        if a is b:
            continue
        if len(parts) == 2:
            break
        parts.remove(b)
        a |= b
    if score >= TWO_BELOW or len(parts) != 2:
        return None
    less = min(parts, key=lambda part: (len(part), -min(part)))
    rest = next(part for part in parts if part is not less)
    return Part(tuple(sorted(less)), round(score, 1), peculiar(less, rest, items))


def read(articles: Sequence[Article]) -> tuple[dict[int, Item], Window]:
    """The reports as the grouper sees them, in a window of their own."""
    window = Window(shipped_prior())
    items: dict[int, Item] = {}
    for report, article in make_reports(articles):
        items[article.pk] = item(report, shipped())
        window.add(items[article.pk])
    return items, window


def shared_words(pairs: list[tuple[Item, Item]], scores: list[float], window: Window) -> tuple[str, ...]:
    """What the most alike pair shares, rarest first."""
    one, two = pairs[scores.index(max(scores))]
    comparer = Comparer(one, window)
    comparer.score(two)
    words = (one.labels.get(feature) or two.labels.get(feature, "") for feature in comparer.shared(two))
    return tuple(dict.fromkeys(word for word in words if len(word) >= READABLE))[:WORDS]


def peculiar(part: set[int], rest: set[int], items: dict[int, Item]) -> tuple[str, ...]:
    """Words of the part that no report of the rest has."""
    others = {feature for pk in rest for feature in items[pk].features}
    words = (label for pk in sorted(part) for feature, label in items[pk].labels.items() if feature not in others)
    return tuple(dict.fromkeys(word for word in words if len(word) >= READABLE))[:WORDS]
