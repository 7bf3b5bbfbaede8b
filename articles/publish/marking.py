"""The words of a question marked in what it found, and how well a report fits it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from articles.finding import Phrase, Question, kept, runs

WORD = re.compile(r"\w+(?:['’ʻʼ`´ʹ′]\w+)*")
IN_TITLE, IN_SUMMARY, AS_IT_STANDS = 4, 1, 2  # what one clause is worth
SUMMARY_CHARS = 600  # of a summary that count


def marked(question: Question, text: str) -> SafeString:
    """The text, escaped, with what the question asks for between ``<mark>`` and ``</mark>``."""
    phrases = [phrase for clause in question.wanted for phrase in clause.any_of]
    spans = sorted({span for phrase in phrases for span in found_in(phrase, text)})
    out, end = [], 0
    for start, stop in spans:
        if start < end:
            continue
        out += [escape(text[end:start]), "<mark>", escape(text[start:stop]), "</mark>"]
        end = stop
    return mark_safe("".join([*out, escape(text[end:])]))  # noqa: S308 every part is escaped  # nosec B308 B703


def found_in(phrase: Phrase, text: str) -> Iterator[tuple[int, int]]:
    """Where the phrase stands in the text, as beginnings and ends."""
    words = list(forms(text))
    size = len(phrase.words)
    for place in range(len(words) - size + 1):
        some = words[place : place + size]
        if all(word[0] == wanted for word, wanted in zip(some[:-1], phrase.words[:-1], strict=True)):
            last, wanted = some[-1][0], phrase.words[-1]
            if last == wanted or (phrase.beginning and last.startswith(wanted)):
                yield some[0][1], some[-1][2]


def forms(text: str) -> Iterator[tuple[str, int, int]]:
    """The words of a text in the form in which they are kept, with their places; Chinese pair by pair."""
    for word in WORD.finditer(text):
        start = word.start()
        for run in runs(word.group()):
            found = kept(run)
            alone = len(found) <= 1
            for number, form in enumerate(found):
                first = start if alone else start + number
                yield form, first, (start + len(run) if alone else min(first + 2, start + len(run)))
            start += len(run)


def fit(question: Question, told: tuple[str, str]) -> int:
    """How well title and summary fit: a clause in the title counts most, and more when it stands there as asked."""
    title = [form for form, _, _ in forms(told[0])]
    summary = {form for form, _, _ in forms(told[1][:SUMMARY_CHARS])}
    points = 0
    for clause in question.wanted:
        exact = any(phrase.words[-1] in title for phrase in clause.any_of)
        begun = exact or any(form.startswith(p.words[-1]) for p in clause.any_of if p.beginning for form in title)
        points += IN_TITLE * begun + AS_IT_STANDS * exact
        points += IN_SUMMARY * any(phrase.words[-1] in summary for phrase in clause.any_of)
    return points
