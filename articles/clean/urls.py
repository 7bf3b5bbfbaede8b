"""One address for one page: only http and https, without tracking, AMP, mobile hosts, fragments and redirectors.

The rules are data (``link_rules.json``); what is no rule there stays as the outlet wrote it.
"""

from __future__ import annotations

import ipaddress
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

import idna

MAX_URL = 2_000  # characters; a longer address is none that a browser of every reader takes
MAX_HOPS = 3  # redirectors inside redirectors
RULES: dict[str, Any] = json.loads(Path(__file__).with_name("link_rules.json").read_text("utf-8"))

_NAMES = frozenset(RULES["tracking"]["names"])
_PREFIXES = tuple(RULES["tracking"]["prefixes"])
_PAIRS = {name: frozenset(values) for name, values in RULES["tracking"]["pairs"].items()}
_CACHE = re.compile(RULES["caches"]["path"])
_REDIRECTORS = [(re.compile(r["host"]), re.compile(r["path"]), r["names"]) for r in RULES["redirectors"]]
_UNWANTED = re.compile(
    "[\x00-\x20\x7f-\xa0\xad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff]"
)
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")  # RFC 3986, 2.3
_SAFE_PATH = "/:@!$&()*+,;=%~-._"  # RFC 3986 allows the apostrophe too; escaped it is safe in any attribute
_SAFE_QUERY = _SAFE_PATH + "?"
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,62})?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,62})?)*")
_ENCODED_AMPERSAND = re.compile(r"&(?:amp;)+")
_BARE_HOST = re.compile(r"www\.[^\s/]+\.[^\s/]+", re.IGNORECASE)


def canonical_url(url: str, base: str = "") -> str:
    """Return the canonical address of a page, "" when it is none that may be stored.

    ``base`` is what a relative address is resolved against. Applying it twice changes nothing. The order of the query,
    the trailing slash and ``www.`` stay: they may mean something.
    """
    address = _absolute(url, base)
    for _ in range(MAX_HOPS):
        parts = _split(address)
        if parts is None:
            return ""
        inner = _inside(parts)
        if not inner:
            break
        address = inner
    return _joined(address)


def _absolute(url: str, base: str) -> str:
    # Browsers drop tabs and line breaks anywhere in an address, so "java\tscript:" must not survive by them either.
    url = _ENCODED_AMPERSAND.sub("&", re.sub("[\t\r\n]", "", url.strip())[: MAX_URL * 2])
    if not url:
        return ""  # joined to a base it would be the base
    if _BARE_HOST.match(url):
        url = f"https://{url}"
    try:
        return urljoin(base, url) if base else (f"https:{url}" if url.startswith("//") else url)
    except ValueError:
        return ""


def _split(address: str) -> SplitResult | None:
    """The parts of an http(s) address with a host that can exist, else None."""
    try:
        parts = urlsplit(_UNWANTED.sub(lambda match: quote(match[0], errors="ignore"), address.strip()))
        host, port = _ascii_host(parts.hostname or ""), parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    shown = "" if port in (None, 80 if parts.scheme == "http" else 443) else f":{port}"
    return parts._replace(netloc=f"[{host}]{shown}" if ":" in host else f"{host}{shown}")


@lru_cache(maxsize=4096)
def _ascii_host(host: str) -> str:
    """The host in lower case, as punycode where it is not ASCII; "" when it cannot be one."""
    host = host.rstrip(".").lower()
    if ":" in host:
        return str(ipaddress.IPv6Address(host))
    if not host.isascii():
        try:
            host = idna.encode(unquote(host), uts46=True).decode("ascii")
        except UnicodeError:
            return ""
    return host if _HOST.fullmatch(host) else ""


def _inside(parts: SplitResult) -> str:
    """The address that a redirector or an AMP cache carries, "" when it is neither."""
    host = parts.hostname or ""
    if host in RULES["caches"]["hosts"] or host.endswith(tuple(RULES["caches"]["host_suffixes"])):
        match = _CACHE.match(parts.path)
        if match:
            query = f"?{parts.query}" if parts.query else ""
            return f"{'https' if match[1] else 'http'}://{match[2]}{match[3] or '/'}{query}"
    for host_rule, path_rule, names in _REDIRECTORS:
        if host_rule.search(host) and path_rule.search(parts.path):
            values = dict(reversed([_pair(piece) for piece in parts.query.split("&")]))
            inner = next((unquote(values[name]) for name in names if values.get(name)), "")
            if inner.lower().startswith(("http://", "https://")):
                return inner
    return ""


def _pair(piece: str) -> tuple[str, str]:
    name, _, value = piece.partition("=")
    return unquote(name).lower(), value


def _joined(address: str) -> str:
    parts = _split(address)
    if parts is None:
        return ""
    path = _plain_path(_normal(parts.path, _SAFE_PATH))
    query = "&".join(_normal(piece, _SAFE_QUERY) for piece in parts.query.split("&") if piece and not _tracks(piece))
    route = parts.fragment if parts.fragment.startswith("!") else ""  # "#!/…" names a page, other fragments a place
    url = f"{parts.scheme}://{_plain_host(parts.netloc)}{path}"
    url += f"?{query}" if query else ""
    url += f"#{_normal(route, _SAFE_QUERY)}" if route else ""
    return url if len(url) <= MAX_URL else ""


def _tracks(piece: str) -> bool:
    name, value = _pair(piece)
    return name in _NAMES or name.startswith(_PREFIXES) or unquote(value).lower() in _PAIRS.get(name, ())


def _plain_host(netloc: str) -> str:
    """The desktop host: what a mobile or AMP prefix hides, as long as a whole domain stays behind it."""
    if netloc.startswith("[") or netloc in RULES["hosts"]["keep"]:
        return netloc
    for prefix in RULES["hosts"]["prefixes"]:
        if netloc.startswith(prefix) and "." in netloc[len(prefix) :]:
            return _plain_host(netloc[len(prefix) :])
    for inner in RULES["hosts"]["inner"]:
        head, found, tail = netloc.partition(inner)
        if found and "." in tail:
            return _plain_host(f"{head}.{tail}")
    return netloc


def _plain_path(path: str) -> str:
    """The path without dot segments and AMP's additions; never empty."""
    if "/." in path:
        path = urljoin("http://h/", "/" + path.lstrip("/"))[len("http://h") :]
    changed = True
    while changed:
        changed = False
        for suffix in RULES["paths"]["suffixes"]:
            if path.endswith(suffix) and len(path) > len(suffix):
                path, changed = path[: -len(suffix)] + ("/" if suffix.endswith("/") else _ending(suffix)), True
        for prefix in RULES["paths"]["prefixes"]:
            if path.startswith(prefix) and len(path) > len(prefix):
                path, changed = "/" + path[len(prefix) :], True
    return path or "/"


def _ending(suffix: str) -> str:
    return ".html" if suffix == ".amp.html" else ""


def _normal(text: str, safe: str) -> str:
    """One spelling of percent escapes: letters that need none plain, the others in capitals, broken ones escaped."""
    text = _BAD_ESCAPE.sub("%25", text)
    text = _ESCAPE.sub(_escape, text)
    return quote(text, safe=safe, errors="ignore")


def _escape(match: re.Match[str]) -> str:
    letter = chr(int(match[1], 16))
    return letter if letter in _UNRESERVED else match[0].upper()
