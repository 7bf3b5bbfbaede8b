"""What the address says of the reader: the languages that he reads and the list that he came from.

No cookie and no account: links carry it on, so that a page depends on nothing but its address and can be kept by it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest

CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,8})?")
LIST = re.compile(r"(countries|topics|entities|archive)(/[a-z0-9-]{1,80}){1,3}")
MOST = 15  # languages that one reader reads


@dataclass(frozen=True, slots=True)
class Reader:
    """Languages in his order (none: all), and the path of a list without slashes around it ("": the front page)."""

    languages: tuple[str, ...] = ()
    within: str = ""

    @property
    def tail(self) -> str:
        """What every link to a list carries on."""
        return f"?{urlencode({'language': ' '.join(self.languages)})}" if self.languages else ""

    @property
    def story_tail(self) -> str:
        """What a link to a story carries on."""
        fields = {"in": self.within, "language": " ".join(self.languages)}
        told = urlencode({name: value for name, value in fields.items() if value}, safe="/")
        return f"?{told}" if told else ""


NOBODY = Reader()


def reader_of(request: HttpRequest, *, on_list: bool = False) -> Reader:
    """Read the address; on a list of stories, the list itself is where the reader will have come from."""
    within = bare(request.path).strip("/") if on_list else request.GET.get("in", "")
    within = within if LIST.fullmatch(within) else ""
    return Reader(languages_of(" ".join(request.GET.getlist("language"))), within)


def given(request: HttpRequest) -> dict[str, str]:
    """The query, a name that stands more than once (boxes of a form) as one value with spaces: ``kk ru``."""
    return {name: " ".join(dict.fromkeys(map(str, values))) for name, values in request.GET.lists()}


def languages_of(text: str) -> tuple[str, ...]:
    """The codes in ``kk ru``, each once; what is no code is left out."""
    return tuple(dict.fromkeys(code for code in text.split() if CODE.fullmatch(code)))[:MOST]


def bare(path: str) -> str:
    """The path without the language of the interface: always one slash at its beginning."""
    for code, _ in settings.LANGUAGES:
        if code != settings.LANGUAGE_CODE and (path == f"/{code}" or path.startswith(f"/{code}/")):
            path = path[len(code) + 1 :]
            break
    return "/" + path.lstrip("/")
