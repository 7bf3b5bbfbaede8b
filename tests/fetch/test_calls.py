"""Calls to subscribers: posted as told, no redirect followed, little read, each fault for itself."""

from __future__ import annotations

from collections.abc import Callable

from articles.errors import FetchTimeout, IngestError, Refused, TooLarge
from articles.fetch.calls import Call, Reply, call_many
from articles.fetch.settings import FetchSettings
from tests.hostile_server import HostileServer, Repeat, reply

SettingsFor = Callable[..., FetchSettings]


def call(settings: FetchSettings, *calls: Call) -> dict[int, Reply | IngestError]:
    return {call.key: told for call, told in call_many(iter(calls), settings)}


def test_a_call_is_posted_as_told(server: HostileServer, settings_for: SettingsFor) -> None:
    url = server.play("/callback", [reply(b"thanks", status="202 Accepted")])
    headers = {"Content-Type": "application/atom+xml", "Link": "<https://x.example>; rel=hub"}
    assert call(settings_for(server), Call(1, f"{url}?a=b%20c", b"<feed/>", headers)) == {1: Reply(202)}
    [sent] = server.requests
    assert (sent.method, sent.target) == ("POST", "/callback?a=b%20c")
    assert sent.headers["content-type"] == "application/atom+xml"
    assert sent.headers["content-length"] == "7"
    assert sent.headers["user-agent"] == "Orta/1.0 (+http://orta.example/)"


def test_an_answer_is_read_up_to_its_limit(server: HostileServer, settings_for: SettingsFor) -> None:
    whole, long = server.serve("/whole", b"x" * 1024), server.serve("/long", b"x" * 1025)
    told = call(settings_for(server), Call(1, whole, max_bytes=1024), Call(2, long, max_bytes=1024))
    assert told[1] == Reply(200, b"x" * 1024)
    assert isinstance(told[2], TooLarge)


def test_no_redirect_is_followed(server: HostileServer, settings_for: SettingsFor) -> None:
    url = server.play("/away", [reply(status="307 Temporary Redirect", headers={"Location": "/here"})])
    assert call(settings_for(server), Call(1, url, b"x")) == {1: Reply(307)}
    assert len(server.requests) == 1


def test_each_fault_stays_alone(server: HostileServer, settings_for: SettingsFor) -> None:
    drip = server.play("/drip", [b"HTTP/1.1 200 OK\r\n", Repeat(b"X: y\r\n", pause=0.05)])
    good = server.serve("/good", b"yes")
    calls = [Call(1, drip, b""), Call(2, "https://10.0.0.1/", b""), Call(3, "gopher://x/", b""), Call(4, good)]
    told = call(settings_for(server, deadline=1), *calls)
    assert isinstance(told[1], FetchTimeout)
    assert isinstance(told[2], Refused)
    assert isinstance(told[3], Refused)
    assert told[4] == Reply(200)


def test_many_more_calls_than_places_all_end(server: HostileServer, settings_for: SettingsFor) -> None:
    url = server.serve("/good", b"yes")
    calls = (Call(number, url, b"news") for number in range(50))
    assert {told for _, told in call_many(calls, settings_for(server), concurrency=5)} == {Reply(200)}
