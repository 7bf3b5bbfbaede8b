"""Addresses as they are given to us and as redirects give them."""

from __future__ import annotations

import re

from multidict import CIMultiDictProxy
from yarl import URL

from articles.errors import BadResponse, Refused

MAX_LENGTH = 4000  # letters of an address; redirects that grow without end stop here
# What an HTTP library could cut a request apart with, or a person misread.
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\]")
_HOST = re.compile(r"[a-z0-9_.:-]+", re.IGNORECASE)


def read_address(url: str) -> URL:
    """Return an http(s) address as it will be asked, without its fragment.

    Raises:
        Refused: it is of another kind, has no host, a scope id, or cannot be read.
    """
    try:
        read = URL(url.strip()).with_fragment(None)
        _ = read.host, read.port, read.user, read.password  # each is decoded when it is looked at
    except ValueError as error:  # UnicodeError of names is one too
        raise Refused("the address cannot be read") from error
    if read.scheme not in ("http", "https"):
        raise Refused(f"only http and https addresses are fetched, not {read.scheme[:20] or 'this'!r}")
    if len(url) > MAX_LENGTH:
        raise Refused(f"the address is longer than {MAX_LENGTH} letters")
    host = read.raw_host or ""
    if not host.strip("."):
        raise Refused("the address has no host")
    if "%" in host:
        raise Refused("the address names an interface of this machine (scope id)")
    if not _HOST.fullmatch(host) or _FORBIDDEN.search(str(read)):
        raise Refused("the address has characters that no address may have")
    return read


def read_location(location: str, *, base: URL) -> URL:
    """Return where a redirect points.

    User and password that the redirect itself brings are left out; those of ``base`` stay at its own origin.

    Raises:
        Refused: as ``read_address``.
        BadResponse: it cannot be read.
    """
    # Servers send the bytes of their own encoding; aiohttp keeps what is no UTF-8 as surrogates.
    text = location.encode("utf-8", "surrogateescape").decode("utf-8", "replace").strip()
    try:
        target = base.join(URL(text))
    except ValueError as error:
        raise BadResponse("the server redirects to an address that cannot be read") from error
    read = read_address(str(target))
    same_origin = read.origin() == base.with_user(None).origin()
    return read.with_user(base.user).with_password(base.password) if same_origin and base.user else read.with_user(None)


def to_text(headers: CIMultiDictProxy[str]) -> dict[str, str]:
    """Headers by lower-case name, repeated ones joined; whatever is no text replaced."""
    found: dict[str, str] = {}
    for name, value in headers.items():
        clean = value.encode("utf-8", "surrogateescape").decode("utf-8", "replace").replace("\x00", "")
        key = name.lower()
        found[key] = f"{found[key]}, {clean}" if key in found else clean
    return found
