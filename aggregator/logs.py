"""Logs: the same keys everywhere, as text or as JSON lines; passwords and keys in addresses are masked."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

from aggregator.env import BadSetting
from articles.fetch.masking import mask_text

KEYS = ("source_id", "feed_id", "article_id", "story_id", "url", "outcome", "seconds", "count")


def extras(record: logging.LogRecord) -> dict[str, Any]:
    """The known keys that this record carries."""
    return {key: getattr(record, key) for key in KEYS if hasattr(record, key)}


class TextFormatter(logging.Formatter):
    """``06:12:44 info articles.tasks: message key=value``."""

    def format(self, record: logging.LogRecord) -> str:
        words = " ".join(f"{key}={value}" for key, value in extras(record).items())
        line = f"{self.formatTime(record, '%H:%M:%S')} {record.levelname.lower()} {record.name}: {record.getMessage()}"
        if words:
            line += f" {words}"
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return mask_text(line)


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **extras(record),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return mask_text(json.dumps(line, ensure_ascii=False, default=str))


def send_errors_to(dsn: str) -> None:
    """Send errors to Sentry too, masked as in the logs and without anything about the reader who met them.

    Raises: BadSetting when the package is not installed or does not take the address.
    """
    try:
        import sentry_sdk
    except ImportError:
        raise BadSetting("SENTRY_DSN", "needs the package sentry-sdk: pip install sentry-sdk") from None
    try:
        sentry_sdk.init(dsn, send_default_pii=False, max_request_body_size="never", before_send=_mask_event)
    except Exception as error:
        raise BadSetting("SENTRY_DSN", f"sentry-sdk does not take it ({error})") from None


def _mask_event(event: Any, hint: Any) -> Any:
    return json.loads(mask_text(json.dumps(event, default=str)))
