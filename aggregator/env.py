"""Read settings from the environment; a bad value stops the start with one line that names the variable."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import dj_database_url

Value = TypeVar("Value")
TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


class BadSetting(SystemExit):
    """Ends the process with status 1 and one line on stderr."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")


def env_str(name: str, default: str = "") -> str:
    """The variable without surrounding blanks; an empty one counts as unset."""
    return os.environ.get(name, "").strip() or default


def env_bool(name: str, *, default: bool = False) -> bool:
    """1, true, yes, on or 0, false, no, off."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in TRUE:
        return True
    if value.strip().lower() in FALSE:
        return False
    raise BadSetting(name, f"{value!r} is neither on nor off; use 1 or 0")


def _number(name: str, default: Value, low: float, high: float, kind: Callable[[str], Value]) -> Value:
    value = env_str(name)
    if not value:
        return default
    try:
        number = kind(value)
    except ValueError:
        raise BadSetting(name, f"{value!r} is not a number") from None
    if not low <= number <= high:  # type: ignore[operator]
        raise BadSetting(name, f"{value} is outside {low:g} to {high:g}")
    return number


def env_int(name: str, default: int, *, low: int, high: int) -> int:
    """A whole number from ``low`` to ``high``."""
    return _number(name, default, low, high, int)


def env_float(name: str, default: float, *, low: float, high: float) -> float:
    """A number from ``low`` to ``high``."""
    return _number(name, default, low, high, float)


def env_list(name: str, default: str = "") -> list[str]:
    """Words divided by blanks."""
    return env_str(name, default).split()


def env_choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    """One of ``choices``."""
    value = env_str(name, default)
    if value not in choices:
        raise BadSetting(name, f"{value!r} is not one of: {', '.join(choices)}")
    return value


def env_networks(name: str, default: str = "") -> list[str]:
    """Addresses or ``network/bits``, each checked; returned as they were written."""
    words = env_list(name, default)
    for word in words:
        try:
            ipaddress.ip_network(word, strict=False)
        except ValueError as error:
            raise BadSetting(name, f"{word!r}: {error}") from None
    return words


def env_ports(name: str) -> list[str]:
    """``network/bits[:port]`` words, each checked; IPv6 networks with a port stand in brackets."""
    words = env_list(name)
    for word in words:
        network, port = word, ""
        if word.startswith("["):
            network, _, port = word[1:].partition("]")
            port = port.removeprefix(":")
        elif word.count(":") == 1:
            network, port = word.split(":")
        try:
            ipaddress.ip_network(network, strict=False)
            if port and not 1 <= int(port) <= 65535:
                raise ValueError(f"port {port} is outside 1 to 65535")
        except ValueError as error:
            raise BadSetting(name, f"{word!r} is not network/bits[:port]: {error}") from None
    return words


def env_url(name: str, default: str) -> str:
    """An http or https address without a final slash, query or fragment."""
    value = env_str(name, default).rstrip("/")
    try:
        parts = urlsplit(value)
        good = parts.scheme in {"http", "https"} and parts.hostname and not (parts.query or parts.fragment)
        good = good and (parts.port is None or parts.port > 0)
    except ValueError:
        good = False
    if not good:
        raise BadSetting(name, f"{value!r} is not an address such as https://news.example.org")
    return value


def env_time_zone(name: str, default: str) -> str:
    """A name of the IANA time zone database."""
    value = env_str(name, default)
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadSetting(name, f"{value!r} is not a time zone such as Asia/Almaty") from None
    return value


def env_dir(name: str, default: Path) -> Path:
    """A folder that is made when missing, for this user alone (mode 0700)."""
    path = Path(env_str(name, str(default))).expanduser().absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o700)
    except OSError as error:
        raise BadSetting(name, f"cannot use the folder {path}: {error.strerror}") from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise BadSetting(name, f"cannot write into the folder {path}")
    return path


def env_database(name: str, default: str) -> dict[str, Any]:
    """Django's settings of one database from ``sqlite:///path`` or ``postgres://user:password@host/name``."""
    value = env_str(name, default)
    scheme = value.partition("://")[0]
    if scheme not in {"sqlite", "postgres", "postgresql"}:
        raise BadSetting(name, "use sqlite:///file or postgres://user:password@host/name")
    try:
        config: dict[str, Any] = dict(dj_database_url.parse(value))
    except (ValueError, dj_database_url.ParseError, dj_database_url.UnknownSchemeError):
        raise BadSetting(name, "cannot be read; use sqlite:///file or postgres://user:password@host/name") from None
    if not config["NAME"]:
        raise BadSetting(name, "names no database")
    if scheme == "sqlite":
        # WAL lets readers go on while one process writes; IMMEDIATE makes writers wait for each other
        # instead of failing when a read turns into a write.
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;",
        }
    else:
        config["CONN_MAX_AGE"] = 60
        config["CONN_HEALTH_CHECKS"] = True
        config.setdefault("OPTIONS", {}).setdefault("connect_timeout", 10)
    return config


def env_redis(name: str) -> str:
    """``redis://`` or ``rediss://`` or ``unix://`` address, or nothing."""
    value = env_str(name)
    if value and urlsplit(value).scheme not in {"redis", "rediss", "unix"}:
        raise BadSetting(name, "use redis://host:port/number")
    return value


def env_email(name: str) -> dict[str, Any]:
    """Django's EMAIL_* settings from ``console:``, ``file:///folder`` or ``smtp[s|+tls]://user:password@host:port``."""
    value = env_str(name, "console:")
    parts = urlsplit(value)
    backend = "django.core.mail.backends."
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": backend + "console.EmailBackend"}
    if parts.scheme == "file" and parts.path:
        return {"EMAIL_BACKEND": backend + "filebased.EmailBackend", "EMAIL_FILE_PATH": parts.path}
    try:
        port = parts.port
    except ValueError:
        raise BadSetting(name, "the port is not a number") from None
    if parts.scheme not in {"smtp", "smtps", "smtp+tls"} or not parts.hostname:
        raise BadSetting(name, "use console:, file:///folder or smtp+tls://user:password@host:587")
    sender = parse_qs(parts.query).get("from", [""])[0]
    found = {
        "EMAIL_BACKEND": backend + "smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or {"smtp": 25, "smtps": 465, "smtp+tls": 587}[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_TIMEOUT": 20,
    }
    if sender:
        found["DEFAULT_FROM_EMAIL"] = found["SERVER_EMAIL"] = sender
    return found


def env_admin_path(name: str) -> str:
    """A path below the root, such as ``admin/``, with a final slash and without a first one."""
    value = env_str(name, "admin/").strip("/") + "/"
    if not all(part.replace("-", "").replace("_", "").isalnum() for part in value.rstrip("/").split("/")):
        raise BadSetting(name, f"{value!r} may hold letters, digits, - and _ between slashes")
    return value


def secret_key(name: str, kept: Path) -> str:
    """The variable, else the one that ``bin/run`` keeps in DATA_DIR; there is no default."""
    value = env_str(name)
    if not value and kept.is_file():
        value = kept.read_text().strip()
    if not value:
        raise BadSetting(name, "is required: set it to a long random text (bin/run makes one by itself)")
    return value
