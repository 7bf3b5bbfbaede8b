"""Stage 7: story facts to an order, and to who is missing. Pure, published, explained under every story."""

from articles.rank.score import Score, score
from articles.rank.sides import Group, Missing, missing_groups, one_sided

__all__ = ["Group", "Missing", "Score", "missing_groups", "one_sided", "score"]
