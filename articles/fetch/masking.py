"""Hide user names, passwords and keys of addresses before anybody sees them."""

from __future__ import annotations

import re
from urllib.parse import unquote_plus, urlsplit, urlunsplit

MASK = "***"

# Names of query fields that carry a secret, as a word of the name ("api_key", "X-Auth-Token") or all of it.
SECRET_NAME = re.compile(
    r"(?:^|[^a-z])(?:api|app|access|auth|consumer|client|private|user)?[^a-z]?"
    r"(?:keys?|tokens?|secret|auth|authorization|password|passwd|passphrase|pass|pwd|pw|sign|signature|sig|hmac|"
    r"session|sessionid|sid|jwt|credentials?|user|username|login|email)(?:$|[^a-z])",
)
# A value of 24 or more letters and digits, both of them, reads like a key whatever its name is.
SECRET_VALUE = re.compile(r"(?=[\w.~+/=-]*[A-Za-z])(?=[\w.~+/=-]*\d)[\w.~+/=]{24,}")
USERINFO = re.compile(r"(?<=//)[^/?#\s]*@")


def mask_address(url: str) -> str:
    """Return the address with user, password and keys replaced by ``***``; any text is taken, none raises."""
    try:
        parts = urlsplit(url)
    except ValueError:  # not an address: nothing but the user part can be told
        return USERINFO.sub(f"{MASK}@", url)
    host = parts.netloc.rpartition("@")
    netloc = f"{MASK}@{host[2]}" if host[1] else parts.netloc
    return urlunsplit((parts.scheme, netloc, parts.path, _mask_fields(parts.query), _mask_fields(parts.fragment)))


def mask_text(text: str) -> str:
    """Mask every http(s) address inside a text, such as a message for the log."""
    return re.sub(r"https?://[^\s\"'<>]+", lambda found: mask_address(found[0]), text)


def _mask_fields(query: str) -> str:
    return "&".join(_mask_field(field) for field in query.split("&"))


def _mask_field(field: str) -> str:
    name, equals, value = field.partition("=")
    if equals and value and (SECRET_NAME.search(unquote_plus(name).lower()) or SECRET_VALUE.fullmatch(value)):
        return f"{name}={MASK}"
    return field
