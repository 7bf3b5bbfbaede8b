"""What the client sends, what it keeps to itself, and where it connects."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from dataclasses import replace

import pytest

from articles.errors import DnsError, IngestError, Refused, TooLarge
from articles.fetch.addresses import parse_networks
from articles.fetch.http import Client
from articles.fetch.settings import FetchSettings
from articles.records import FeedRequest, Response
from tests.hostile_server import ETAG, FEED, HostileServer, Request, reply

SettingsFor = Callable[..., FetchSettings]
MODIFIED = "Mon, 02 Jun 2025 08:00:00 GMT"


def fetch(settings: FetchSettings, *requests: FeedRequest) -> list[Response]:
    """Fetch one after the other with one client."""

    async def run() -> list[Response]:
        async with Client(settings) as client:
            return [await client.fetch(request) for request in requests]

    return asyncio.run(run())


def get(settings: FetchSettings, url: str, *, max_bytes: int) -> Response:
    async def run() -> Response:
        async with Client(settings) as client:
            return await client.get(url, max_bytes=max_bytes)

    return asyncio.run(run())


def test_a_feed_is_asked_with_its_validators_and_who_we_are(server: HostileServer, settings_for: SettingsFor) -> None:
    url = server.serve("/feed", FEED, {"ETag": ETAG})
    [answer] = fetch(settings_for(server), FeedRequest(1, url, etag=ETAG, last_modified=MODIFIED))

    assert answer.unchanged
    sent = server.requests[-1].headers
    assert sent["if-none-match"] == ETAG
    assert sent["if-modified-since"] == MODIFIED
    assert sent["user-agent"] == "Orta/1.0 (+http://orta.example/)"
    assert sent["accept-encoding"] == "gzip, deflate, br"
    assert "application/atom+xml" in sent["accept"]
    assert not sent.keys() & {"cookie", "referer", "authorization"}


def test_an_unconditional_request_leaves_the_validators_out(server: HostileServer, settings_for: SettingsFor) -> None:
    url = server.serve("/feed", FEED, {"ETag": ETAG})
    known, read = fetch(
        settings_for(server), FeedRequest(1, url, etag=ETAG), FeedRequest(1, url, etag=ETAG, unconditional=True)
    )
    assert known.unchanged
    assert read.body == FEED


@pytest.mark.parametrize("etag", ['"a\r\nX-Evil: 1"', '"a\nb"', '"\x00"'])
def test_a_stored_validator_cannot_smuggle_headers(server: HostileServer, settings_for: SettingsFor, etag: str) -> None:
    url = server.serve("/feed", FEED)
    fetch(settings_for(server), FeedRequest(1, url, etag=etag))
    assert not server.requests[-1].headers.keys() & {"x-evil", "if-none-match"}


def test_headers_are_handed_on_by_lower_case_name(server: HostileServer, settings_for: SettingsFor) -> None:
    url = server.serve("/feed", FEED, {"ETag": ETAG, "Cache-Control": "max-age=60", "cache-control": "public"})
    [answer] = fetch(settings_for(server), FeedRequest(1, url))
    assert answer.headers["etag"] == ETAG
    assert answer.headers["cache-control"] == "max-age=60, public"


def test_cookies_are_not_kept_between_feeds(server: HostileServer, settings_for: SettingsFor) -> None:
    url = server.serve("/feed", FEED, {"Set-Cookie": "visitor=1; Path=/; Max-Age=9999"})
    fetch(settings_for(server), FeedRequest(1, url), FeedRequest(2, url))
    assert [request.headers.get("cookie") for request in server.requests] == [None, None]


def test_a_poisoned_connection_does_not_reach_the_next_feed(server: HostileServer, settings_for: SettingsFor) -> None:
    url = server.play("/feed", [reply(FEED) + reply(b"<rss>poison</rss>")])
    next_url = server.serve("/next", FEED)
    answers = fetch(settings_for(server), FeedRequest(1, url), FeedRequest(2, next_url), FeedRequest(2, next_url))
    assert [answer.body for answer in answers] == [FEED] * 3


def test_user_and_password_of_the_address_are_sent_to_its_own_origin_only(
    server: HostileServer, settings_for: SettingsFor
) -> None:
    with HostileServer() as other:
        target = other.serve("/feed", FEED)
        server.play("/away", [reply(status="302 Found", headers={"Location": target})])
        server.play("/near", [reply(status="302 Found", headers={"Location": "/feed"})])
        server.serve("/feed", FEED)
        networks = parse_networks([f"127.0.0.1/32:{server.port}", f"127.0.0.1/32:{other.port}"])
        settings = replace(settings_for(server), allow_networks=networks)
        fetch(
            settings,
            FeedRequest(1, f"http://eve:secret@{server.address}/away"),
            FeedRequest(1, f"http://eve:secret@{server.address}/near"),
        )
        assert ["authorization" in request.headers for request in server.requests] == [True, True, True]
        assert "authorization" not in other.requests[-1].headers


def test_a_proxy_of_the_environment_is_not_used(
    server: HostileServer, settings_for: SettingsFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, server.url("/proxy"))
    with pytest.raises(DnsError):
        fetch(settings_for(server), FeedRequest(1, "http://nothing.invalid/feed"))
    assert not server.requests


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0x7f.1", "2130706433", "0177.0.0.1", "0.0.0.0", "[::1]"]
)
def test_without_being_opened_loopback_is_refused_before_connecting(
    server: HostileServer, settings_for: SettingsFor, host: str
) -> None:
    settings = replace(settings_for(server), allow_networks=())
    with pytest.raises(Refused) as refusal:
        fetch(settings, FeedRequest(1, f"http://{host}:{server.port}/feed"))
    assert refusal.value.message
    assert not server.requests


def test_a_name_is_judged_by_the_address_that_is_connected_to_not_by_an_earlier_answer(
    server: HostileServer, settings_for: SettingsFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rebinding: whatever the resolver said before, the socket itself is checked."""
    answers = iter(["8.8.8.8", "127.0.0.1", "127.0.0.1", "127.0.0.1"])

    def rebinding(host: str, port: int, *_: object, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    assert socket.getaddrinfo("rebind.example", 80)[0][4][0] == "8.8.8.8"
    settings = replace(settings_for(server), allow_networks=())
    with pytest.raises(Refused):
        fetch(settings, FeedRequest(1, f"http://rebind.example:{server.port}/feed"))
    assert not server.requests


def test_a_name_with_a_scope_id_in_its_answer_is_refused(
    server: HostileServer, settings_for: SettingsFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    scoped = [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("fe80::1", server.port, 0, 1))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: scoped)
    settings = replace(settings_for(server), allow_networks=parse_networks(["fe80::/10"]))
    with pytest.raises(Refused):
        fetch(settings, FeedRequest(1, f"http://scoped.example:{server.port}/feed"))


@pytest.mark.parametrize(
    ("error", "temporary"),
    [(socket.EAI_AGAIN, True), (socket.EAI_FAIL, True), (socket.EAI_NONAME, False), (socket.EAI_NODATA, False)],
)
def test_a_failing_name_server_is_told_from_a_name_that_is_not_there(
    settings_for: SettingsFor, server: HostileServer, monkeypatch: pytest.MonkeyPatch, error: int, temporary: bool
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(error, "as the system says it")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(DnsError) as caught:
        fetch(settings_for(server), FeedRequest(1, "http://name.example/feed"))
    assert caught.value.weight == (0.25 if temporary else 1)


def test_nobody_listening_is_a_connection_error(settings_for: SettingsFor) -> None:
    with HostileServer() as gone:
        url, settings = gone.url("/feed"), settings_for(gone)
    with pytest.raises(IngestError) as caught:
        fetch(settings, FeedRequest(1, url))
    assert caught.value.outcome == "connection"


@pytest.mark.parametrize(
    "url",
    ["", "feed", "ftp://a.example/", "file:///etc/passwd", "http://", "http:///x", "http://a.example:99999/",
     "http://[::1", "http://[fe80::1%25lo]/", "http://[fe80::1%lo]/", "http://exa mple.org/", "http://a\x00b.example/",
     "http://a.example\\@10.0.0.1/", "javascript:alert(1)", "http://" + "a" * 9000, "//a.example/", "http://./",
     "http://a.example:http/", "http://xn--a/", "http://user:pass@/", "\u202ehttp://a.example/"],
)  # fmt: skip
def test_what_is_no_web_address_is_refused_or_unknown(
    server: HostileServer, settings_for: SettingsFor, url: str
) -> None:
    with pytest.raises(IngestError) as caught:
        fetch(settings_for(server), FeedRequest(1, url))
    assert caught.value.outcome in {"refused", "dns"}
    assert caught.value.message.isprintable()


def test_a_page_has_a_limit_of_its_own(server: HostileServer, settings_for: SettingsFor) -> None:
    url = server.serve("/page", b"<html>" + bytes(5000))
    assert len(get(settings_for(server), url, max_bytes=6000).body) == 5006
    with pytest.raises(TooLarge):
        get(settings_for(server), url, max_bytes=5000)


def test_addresses_in_any_script_are_asked_as_the_web_spells_them(
    server: HostileServer, settings_for: SettingsFor
) -> None:
    server.play("/%D0%BB%D0%B5%D0%BD%D1%82%D0%B0", lambda request: [reply(FEED)])
    [answer] = fetch(settings_for(server), FeedRequest(1, server.url("/лента?раздел=мир#верх")))
    assert answer.body == FEED
    assert server.requests[-1].target.startswith("/%D0%BB%D0%B5%D0%BD%D1%82%D0%B0?%D1%80")


def test_a_redirect_asks_for_its_turn_at_the_next_host(server: HostileServer, settings_for: SettingsFor) -> None:
    """The first host's place is given back before the next one's is taken."""
    taken: list[tuple[str, str]] = []

    class Witness:
        def acquire(self, host: str, now: float) -> float:
            taken.append(("take", host))
            return 0.0

        def release(self, host: str) -> None:
            taken.append(("give", host))

    def by_name(request: Request) -> list[bytes]:
        return [reply(status="302 Found", headers={"Location": f"http://nothing.invalid:{server.port}/feed"})]

    url = server.play("/away", by_name)

    async def run() -> None:
        # Opened for connecting, but the exemption from politeness needs every address of a host to be opened.
        settings = replace(settings_for(server), allow_networks=parse_networks([f"127.0.0.1/32:{server.port}"]))
        async with Client(settings, Witness()) as client:
            await client.fetch(FeedRequest(1, url))

    with pytest.raises(DnsError):
        asyncio.run(run())
    assert taken == [("take", "nothing.invalid"), ("give", "nothing.invalid")]
