"""robots.txt is obeyed as RFC 9309 says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from articles.errors import Refused
from articles.fetch.http import Client
from articles.fetch.robots import Robots, Rules, parse_robots
from articles.fetch.settings import FetchSettings
from tests.hostile_server import Act, HostileServer, reply

SettingsFor = Callable[..., FetchSettings]
NOW = datetime(2025, 6, 2, 12, tzinfo=UTC)

TEXT = """\ufeff# for all
User-agent: *
Disallow: /private
Allow: /private/open
Disallow: /*.pdf$
Disallow: /search?*sort=

User-agent: Googlebot
User-agent: Orta
Disallow: /not-for-orta
Crawl-delay: 10

user-agent: OtherBot
Disallow: /

User-agent: orta/2.0
Disallow: /also-not
"""


def allowed(text: str, path: str, *, agent: str = "orta") -> bool:
    return Rules(parse_robots(text, agent=agent)).allow(URL(f"http://a.example{path}"))


@pytest.mark.parametrize(
    ("path", "may"),
    [
        ("/", True),
        ("/private", False),
        ("/private/x", False),
        ("/private/open/x", True),
        ("/files/report.pdf", False),
        ("/files/report.pdf?x=1", True),
        ("/search?q=oil", True),
        ("/search?q=oil&sort=date", False),
        ("/not-for-orta", True),
    ],
)
def test_everybody_s_rules_hold_for_who_is_not_named(path: str, may: bool) -> None:
    assert allowed(TEXT, path, agent="somebody") is may


@pytest.mark.parametrize(("path", "may"), [("/private", True), ("/not-for-orta", False), ("/also-not", False)])
def test_all_groups_that_name_us_hold_and_no_other(path: str, may: bool) -> None:
    assert allowed(TEXT, path) is may


@pytest.mark.parametrize(
    ("rule", "path", "may"),
    [
        ("Disallow:", "/x", True),
        ("Disallow: /", "/x", False),
        ("Disallow: x", "/x", True),
        ("Disallow: /a\nAllow: /a", "/a", True),
        ("Disallow: *", "/x", False),
        ("Disallow: /$", "/", False),
        ("Disallow: /$", "/x", True),
        ("Disallow: /a*b*c$", "/a-b-c", False),
        ("Disallow: /a*b*c$", "/a-b-c-d", True),
        ("Disallow: /a*bc*bc$", "/abc", True),
        ("Disallow: /новости", "/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/1", False),
        ("Disallow: /%7Ejoe", "/~joe", False),
        ("Disallow: /x # why", "/x", False),
        ("DISALLOW:/x", "/x", False),
        ("Disallow /x", "/x", True),
    ],
)
def test_patterns_are_matched_as_the_standard_says(rule: str, path: str, may: bool) -> None:
    assert allowed(f"User-agent: *\n{rule}", path) is may


def test_rules_before_any_agent_say_nothing() -> None:
    assert allowed("Disallow: /\nUser-agent: x\nDisallow: /", "/x")


@given(st.text(max_size=300), st.text("/ab*$?%", max_size=30))
def test_any_text_is_read_without_a_fault(text: str, path: str) -> None:
    assert allowed(f"User-agent: *\nDisallow: {path}\n{text}", "/ab") in (True, False)


def test_a_pattern_of_stars_takes_no_time() -> None:
    assert allowed("User-agent: *\nDisallow: /" + "*a" * 900 + "b", "/" + "a" * 3000)


def ask(server: HostileServer, settings: FetchSettings, *times: datetime, path: str = "/private") -> list[bool]:
    async def run() -> list[bool]:
        async with Client(settings) as client:
            robots = Robots(client, agent="Orta")
            return [await robots.allow(server.url(path), now=at) for at in times]

    return asyncio.run(run())


def test_the_rules_of_a_host_are_fetched_once_a_day(server: HostileServer, settings_for: SettingsFor) -> None:
    server.serve("/robots.txt", b"User-agent: *\nDisallow: /private")
    late = NOW + timedelta(hours=25)
    assert ask(server, settings_for(server), NOW, NOW + timedelta(hours=23), late) == [False] * 3
    assert [request.target for request in server.requests] == ["/robots.txt"] * 2


@pytest.mark.parametrize(
    ("status", "may"),
    [("404 Not Found", True), ("403 Forbidden", True), ("410 Gone", True), ("429 Too Many", False),
     ("500 Fault", False), ("503 Unavailable", False)],
)  # fmt: skip
def test_no_file_means_no_rules_and_a_broken_host_is_left_alone(
    server: HostileServer, settings_for: SettingsFor, status: str, may: bool
) -> None:
    server.play("/robots.txt", [reply(status=status)])
    assert ask(server, settings_for(server), NOW) == [may]


@pytest.mark.parametrize("steps", [[Act.CLOSE], [reply(b"x" * 90_000)], [b"noise\r\n", Act.CLOSE]])
def test_a_hostile_robots_txt_harms_nobody(
    server: HostileServer, settings_for: SettingsFor, steps: list[bytes]
) -> None:
    server.play("/robots.txt", steps)
    assert ask(server, settings_for(server), NOW)[0] in (True, False)


def test_what_is_no_web_address_has_no_robots_txt(server: HostileServer, settings_for: SettingsFor) -> None:
    async def run() -> None:
        async with Client(settings_for(server)) as client:
            await Robots(client, agent="Orta").allow("ftp://a.example/", now=NOW)

    with pytest.raises(Refused):
        asyncio.run(run())
