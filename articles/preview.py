"""What a change of the rules would do to stored reports, before it is made."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db import transaction

from articles.curation import Refused
from articles.lexicon import InForce, current_lexicon, read_lexicon, term_rows
from articles.models import Article
from articles.records import Tags
from articles.retagging import stored_entry, tag_stored
from articles.tag.language import detect
from articles.tag.lexicon import EntityFacts, Lexicon, compile_lexicon
from articles.tag.matcher import find_hits
from articles.tag.rules import LexiconError, Term

READ = 3000  # newest reports
PATIENCE = 5.0  # seconds
SHOWN = 30
MOST = 0.4  # share of the reports of its language that a term may match
FEW = 30  # reports of a language below which no share is taken


@dataclass(frozen=True, slots=True)
class Change:
    """One report that would be tagged otherwise."""

    article: Article
    gains: tuple[str, ...]
    loses: tuple[str, ...]


@dataclass(slots=True)
class Trial:
    """What was found."""

    read: int = 0
    matched: int = 0
    changes: list[Change] = field(default_factory=list)
    complete: bool = True  # False: the time was over before all were read
    shares: dict[str, float] = field(default_factory=dict)  # language → share of its reports that match

    @property
    def gains(self) -> int:
        return sum(bool(change.gains) for change in self.changes)

    @property
    def loses(self) -> int:
        return sum(bool(change.loses) for change in self.changes)

    @property
    def shown(self) -> list[Change]:
        return self.changes[:SHOWN]


def trial(apply: Callable[[], object], *, patience: float = PATIENCE) -> Trial:
    """Apply a change of terms, take it back, and tag the newest reports that it touches with both lexicons.

    Raises: Refused when the change cannot be compiled or would match more than MOST; nothing stays changed.
    """
    before, rows = current_lexicon(), set(term_rows())
    try:
        with transaction.atomic():
            apply()
            changed = rows ^ set(term_rows())
            after = read_lexicon()
            transaction.set_rollback(True)
    except LexiconError as error:
        raise Refused(f"This cannot be matched: {error}") from error
    until = time.monotonic() + patience  # compiling the rules comes before and takes about as long each time
    found = Trial()
    touched = list(matching(changed, before.lexicon, found, until=until))
    refuse_too_much(found)
    for article in touched:
        if time.monotonic() > until:
            found.complete = False
            break
        compare(article, before, after, found)
    return found


def matching(changed: Iterable[Term], lexicon: Lexicon, found: Trial, *, until: float) -> Iterable[Article]:
    """The newest reports in which a changed term stands; counts what was read into ``found``."""
    small = only(changed, lexicon)
    totals: dict[str, int] = {}
    hits: dict[str, int] = {}
    articles = Article.objects.filter(hidden=False).select_related("source", "feed__source", "body")
    for article in articles.order_by("-at", "-pk")[:READ].iterator(chunk_size=500):
        if time.monotonic() > until:
            found.complete = False
            break
        found.read += 1
        totals[article.language] = totals.get(article.language, 0) + 1
        if small is not None and holds(article, small):
            hits[article.language] = hits.get(article.language, 0) + 1
            yield article
    found.matched = sum(hits.values())
    found.shares = {key: count / totals[key] for key, count in hits.items() if totals[key] >= FEW}


def refuse_flood(term: Term, *, patience: float) -> None:
    """Raises Refused when one term would match more than MOST of a language, by what can be read in ``patience``."""
    found = Trial()
    for _ in matching([term], compile_lexicon([]), found, until=time.monotonic() + patience):
        pass
    refuse_too_much(found)


def only(terms: Iterable[Term], lexicon: Lexicon) -> Lexicon | None:
    """A lexicon of these terms alone, all of one made-up owner; None when there are none."""
    plain = [Term("off_topic", "life", term.text, term.language, kind=term.kind, case=term.case) for term in terms]
    return compile_lexicon(plain, countries=dict(lexicon.tiers), entities=(EntityFacts("-"),)) if plain else None


def holds(article: Article, lexicon: Lexicon) -> bool:
    """Whether one of the terms stands in a report."""
    entry = stored_entry(article)
    body = (entry.summary or entry.text)[:3000]
    language, script = detect(entry.title[:600], body, article.language)
    return bool(find_hits(entry.title[:600], body, lexicon, language=language, script=script))


def refuse_too_much(found: Trial) -> None:
    """Raises Refused with the figure when a language would be flooded."""
    worst = max(found.shares.items(), key=lambda pair: pair[1], default=("", 0.0))
    if worst[1] > MOST:
        raise Refused(
            f"This would match {worst[1]:.0%} of the newest reports in “{worst[0]}”; at most {MOST:.0%} are allowed. "
            "Choose a longer phrase or ask for other words beside it."
        )


def compare(article: Article, before: InForce, after: InForce, found: Trial) -> None:
    """Note what a report would gain and lose."""
    old, new = keys(tag_stored(article, before)), keys(tag_stored(article, after))
    if old != new:
        found.changes.append(Change(article, tuple(sorted(new - old)), tuple(sorted(old - new))))


def keys(tags: Tags) -> set[str]:
    """All tags of a report as words."""
    found = {tag.key for group in (tags.countries, tags.topics, tags.entities) for tag in group}
    return found | ({"relevant"} if tags.relevant else set())
