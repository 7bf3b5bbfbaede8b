"""The reports of the moving window: how rare each feature is in it, and which reports share the rare ones."""

from __future__ import annotations

import json
import math
from array import array
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from articles.group.copies import KEYS
from articles.group.features import CONCEPT, COUNTRY, ENTITY, KIND_MASK, NAME, TOPIC, Item

PRIOR_FILE = Path(__file__).with_name("rarity_prior.json")
PRIOR_REPORTS = 400.0  # how many reports of the window the prior weighs as much as
POSTING_TAIL = 256  # latest reports looked at for one feature: bounds the work that a flood can cause
TOUCHES = 1_500  # entries of posting lists read for one newcomer
CANDIDATES = 12  # reports compared in full

Prior = Mapping[int, float]


@lru_cache(maxsize=1)
def shipped_prior() -> Prior:
    """Return feature → share of reports that carry it, as counted in public texts (rarity_prior.json)."""
    return {int(key): value for key, value in json.loads(PRIOR_FILE.read_text("utf-8")).items()}


class Weights(dict[int, float]):
    """The squared rarity of each feature, worked out when it is asked for.

    Rarity is the logarithm of how few reports carry a feature (inverse document frequency).
    """

    def __init__(self, counts: Mapping[int, int], prior: Prior, reports: int) -> None:
        super().__init__()
        self._counts = counts
        self._prior = prior
        self._size = math.log(reports + PRIOR_REPORTS)

    def __missing__(self, feature: int) -> float:
        carry = self._counts.get(feature, 0) + PRIOR_REPORTS * self._prior.get(feature, 0.0) + 1.0
        rarity = self._size - math.log(carry)
        self[feature] = weight = rarity * rarity
        return weight


class Window:
    """Reports by slot (a number that only grows), with document frequencies and posting lists."""

    def __init__(self, prior: Prior) -> None:
        self.items: OrderedDict[int, Item] = OrderedDict()
        self._prior = prior
        self._counts: dict[int, int] = {}
        self._postings: dict[int, array[int]] = {}
        self._copies: dict[int, array[int]] = {}
        self._next = 0

    def weights(self) -> Weights:
        """The weight of each feature while the window stands still."""
        return Weights(self._counts, self._prior, len(self.items))

    def add(self, item: Item) -> int:
        """Take a report into the window; return its slot."""
        slot = self._next
        self._next += 1
        self.items[slot] = item
        for feature in item.features:
            self._counts[feature] = self._counts.get(feature, 0) + 1
        for key in _keys(item):
            self._postings.setdefault(key, array("I")).append(slot)
        for value in item.sketch[:KEYS]:
            self._copies.setdefault(value, array("I")).append(slot)
        return slot

    def remove(self, slot: int) -> Item:
        """Forget a report; return it."""
        item = self.items.pop(slot)
        for feature in item.features:
            if (count := self._counts[feature] - 1) > 0:
                self._counts[feature] = count
            else:
                del self._counts[feature]
        for key in _keys(item):
            _drop(self._postings, key, slot)
        for value in item.sketch[:KEYS]:
            _drop(self._copies, value, slot)
        return item

    def copies(self, item: Item) -> Iterable[int]:
        """Return the slots that may hold the same text, earliest first."""
        slots: set[int] = set()
        for value in item.sketch[:KEYS]:
            slots.update(self._copies.get(value, ())[:POSTING_TAIL])
        return sorted(slots)[:CANDIDATES]

    def candidates(self, item: Item) -> list[int]:
        """Return the slots that share most rare features with a report, best first, at most CANDIDATES."""
        scores: dict[int, float] = {}
        lists = [posting for key in _keys(item) if (posting := self._postings.get(key))]
        left = TOUCHES
        for posting in sorted(lists, key=len):
            weight = math.log((len(self.items) + PRIOR_REPORTS) / (len(posting) + 1.0))
            for slot in posting[-POSTING_TAIL:]:
                scores[slot] = scores.get(slot, 0.0) + weight
            left -= min(len(posting), POSTING_TAIL)
            if left <= 0:
                break
        least = sorted(scores.values())[-CANDIDATES:][:1]
        best = [(-score, slot) for slot, score in scores.items() if score >= least[0]]
        return [slot for _, slot in sorted(best)[:CANDIDATES]]


def _keys(item: Item) -> list[int]:
    """Return the features that a report is found by, with pairs of who or where and what: alone both are frequent."""
    subjects = [f for f in item.features if f & KIND_MASK in (ENTITY, COUNTRY)][:8]
    actions = [f for f in item.features if f & KIND_MASK in (CONCEPT, TOPIC, NAME)][:12]
    pairs = {(one * 31 + other) & 0xFFFFFFFF for one in subjects for other in actions}
    return [*item.features, *sorted(pairs)]


def _drop(lists: dict[int, array[int]], key: int, slot: int) -> None:
    """Take a slot out of a list, where it mostly stands first, and the list away when it is empty."""
    slots = lists[key]
    slots.remove(slot)
    if not slots:
        del lists[key]
