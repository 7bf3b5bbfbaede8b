"""Names that recur in the articles and are in no list, with the articles: what editors may accept as entities."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from articles.folding import skeleton
from articles.lexicon import InForce, current_lexicon
from articles.models import Article, Source
from articles.retagging import steps
from articles.tag.names import Name, names_in

AROUND = timedelta(days=14)
LEAST_ARTICLES, LEAST_OUTLETS = 4, 2
STEP = 500  # articles read at a time
OFFERED = 100
ENDING = 3  # letters by which two forms of one name may differ at their ends
STEM = 4  # letters that they must share

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewName:
    """A name that is in no list."""

    name: str  # as it is written most
    spellings: tuple[tuple[str, str], ...]  # (language, spelling), the commonest first
    articles: tuple[int, ...]  # ids, the newest first
    outlets: int


@dataclass(slots=True)
class _Seen:
    written: Counter[tuple[str, str]] = field(default_factory=Counter)
    articles: set[int] = field(default_factory=set)
    outlets: set[int] = field(default_factory=set)
    inside: bool = False  # stood within a sentence at least once, so that its capital is its own

    def join(self, other: _Seen) -> None:
        self.written += other.written
        self.articles |= other.articles
        self.outlets |= other.outlets
        self.inside = self.inside or other.inside


def find_new_names(*, now: datetime, around: timedelta = AROUND, lexicon: InForce | None = None) -> list[NewName]:
    """Return the names of the last days that recur in articles of several outlets, those in most articles first.

    One name in several scripts and cases counts once. Reads articles in small steps and writes nothing.
    """
    lexicon = lexicon or current_lexicon()
    recent = Article.objects.filter(at__gt=now - around, at__lte=now, hidden=False, relevant=True, copy_of=None)
    seen: dict[Key, _Seen] = defaultdict(_Seen)
    for ids in steps(recent, size=STEP):
        for article in Article.objects.filter(pk__in=ids).only(
            "pk", "source_id", "title", "summary", "language", "script"
        ):
            _read(article, lexicon, seen)
    for outlet in Source.objects.values_list("name", flat=True):
        seen.pop(tuple(skeleton(outlet).split()), None)
    recurring = {
        key: found
        for key, found in _joined(seen).items()
        if found.inside and len(found.articles) >= LEAST_ARTICLES and len(found.outlets) >= LEAST_OUTLETS
    }
    offered = [_offer(found) for key, found in recurring.items() if not _part_of_another(key, recurring)]
    return sorted(offered, key=lambda new: (-len(new.articles), new.name))[:OFFERED]


def _read(article: Article, lexicon: InForce, seen: dict[Key, _Seen]) -> None:
    found: Iterable[Name] = names_in(
        article.title, article.summary, lexicon.lexicon, language=article.language, script=article.script
    )
    for name in found:
        entry = seen[name.key]
        entry.written[article.language, name.written] += 1
        entry.articles.add(article.pk)
        entry.outlets.add(article.source_id)
        entry.inside = entry.inside or not name.opens


def _part_of_another(key: Key, recurring: dict[Key, _Seen]) -> bool:
    """Whether "Salamatov" always, or "Minister Bektur Salamatov" sometimes, stands for "Bektur Salamatov"."""
    articles = recurring[key].articles
    for other, found in recurring.items():
        if len(other) > len(key) and other[-len(key) :] == key and articles <= found.articles:
            return True
        if len(other) < len(key) and key[-len(other) :] == other and articles < found.articles:
            return True
    return False


def _joined(seen: dict[Key, _Seen]) -> dict[Key, _Seen]:
    """Put the forms of one name together: Иванов, Иванова, Ivanov."""
    groups: dict[Key, list[tuple[Key, _Seen]]] = defaultdict(list)
    for key in sorted(seen, key=lambda key: (sum(map(len, key)), key)):  # the shortest form first
        near = groups[tuple(word[:STEM] for word in key)]
        for other, kept in near:
            if _forms_of_one(other, key):
                kept.join(seen[key])
                break
        else:
            near.append((key, seen[key]))
    return {key: found for near in groups.values() for key, found in near}


def _forms_of_one(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether every word begins as the other's does, but for an ending."""
    for a, b in zip(short, long, strict=True):
        shared = max(STEM, min(len(a), len(b)) - 1)
        if abs(len(a) - len(b)) > ENDING or a[:shared] != b[:shared]:
            return False
    return True


def _offer(found: _Seen) -> NewName:
    common = [written for written, _ in sorted(found.written.items(), key=lambda item: (-item[1], item[0]))]
    return NewName(
        name=common[0][1],
        spellings=tuple(common),
        articles=tuple(sorted(found.articles, reverse=True)),
        outlets=len(found.outlets),
    )
