"""Topics: the addresses of our own feeds, and what is new at them."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.http import Http404
from django.urls import Resolver404, resolve
from django.utils import translation

from articles.publish.feeds import make
from articles.publish.feeds.make import Asked
from articles.publish.lists import BadQuery


class NotOurs(ValueError):
    """An address that is no topic of this hub; the message says why."""


def read(address: str) -> Asked:
    """The feed that a topic names, exactly as the feed names itself. Raises NotOurs."""
    if not address.startswith(f"{settings.SITE_URL}/"):
        raise NotOurs(f"hub.topic: this hub serves the feeds of {settings.SITE_URL} alone.")
    parts = urlsplit(address)
    path = parts.path.removeprefix(urlsplit(settings.SITE_URL).path)
    try:
        with translation.override(language_of(path)):
            found = resolve(path)
            given = dict(parse_qsl(parts.query, max_num_fields=30))
            asked: Asked = found.func.asked(path, given, **found.kwargs)  # type: ignore[attr-defined]
    except (Resolver404, Http404, AttributeError):
        raise NotOurs("hub.topic: there is no feed at this address.") from None
    except BadQuery as error:
        raise NotOurs(f"hub.topic: {error}") from None
    except ValueError:
        raise NotOurs("hub.topic: this address cannot be read.") from None
    if asked.query.cursor or not set(given) <= make.KNOWN:
        raise NotOurs("hub.topic: only the newest page of a feed is a topic.")
    if asked.own != address:
        raise NotOurs(f"hub.topic: use the address that the feed itself names: {asked.own}")
    return asked


def language_of(path: str) -> str:
    """The language of an address of ours."""
    return translation.get_language_from_path(path) or settings.LANGUAGE_CODE


def changed_at(asked: Asked) -> datetime:
    """The newest change of an entry of this feed: one index read."""
    return make.last_change(make.rows_of(asked))


def content(asked: Asked, *, since: datetime) -> tuple[str, bytes]:
    """Content type and document, without what did not change after ``since`` where the format allows it."""
    with translation.override(language_of(asked.path)):
        return make.RENDER[asked.kind].CONTENT_TYPE, make.content(asked, make.rows_of(asked), since=since)
