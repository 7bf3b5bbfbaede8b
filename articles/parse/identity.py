"""Which items are one and the same: within one answer, and from one answer to the next.

The rule: two items are one when their guid is equal; without a guid, their link where no other item of the same answer
has it; else link and title; else title and content.

A link may stand alone in one answer and twice in the next, so an item without a guid is known under several keys. Keep
for each stored article all keys it was ever seen under; an item is known when any of its keys is, tried in their order;
then add the keys that are missing.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence

from articles.records import CleanEntry

KEY_CHARS = 34  # "g:" and 32 hexadecimal digits


def identities(entries: Sequence[CleanEntry]) -> list[str]:
    """Return for each entry of one answer its key; entries with equal keys are one item, the last one its newest.

    A key is "g:" (guid), "l:" (link), "t:" (link and title) or "c:" (title and content) and a hash, KEY_CHARS long.
    """
    return [keys[0] for keys in candidate_keys(entries)]


def candidate_keys(entries: Sequence[CleanEntry]) -> list[tuple[str, ...]]:
    """Return for each entry of one answer all keys under which a store may know it, the strongest first.

    An item with a guid has that key alone. Repeats of one item (equal link and title) do not make its link ambiguous.
    """
    titles: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if entry.link:
            titles[entry.link].add(entry.guid or entry.title)
    return [_keys(entry, alone=len(titles[entry.link]) == 1) for entry in entries]


def _keys(entry: CleanEntry, *, alone: bool) -> tuple[str, ...]:
    if entry.guid:
        return (_key("g", entry.guid),)
    if entry.link:
        with_title = _key("t", entry.link, entry.title or entry.text or entry.summary)
        return (_key("l", entry.link), with_title) if alone else (with_title,)
    return (_key("c", entry.title, entry.text or entry.summary),)


def _key(kind: str, *parts: str) -> str:
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()
    return f"{kind}:{digest[: KEY_CHARS - 2]}"
