"""The shipped catalogue, compiled once for all tests of tagging."""

from __future__ import annotations

import pytest

from articles.tag.catalogue import load_catalogue_lexicon
from articles.tag.lexicon import Lexicon


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return load_catalogue_lexicon()
