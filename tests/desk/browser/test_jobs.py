"""Each job of the desk in Chromium against the running site, and what readers see afterwards.

The steps are counted as docs/curation.md counts them: what is typed or pressed after the page is open.
"""

from __future__ import annotations

import http.client
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from aggregator.edition import free_port, web
from tests.feed_server import FeedServer
from tests.stack import Stack

PASSWORD = "a long enough password"
SEED = f"""
from django.utils import timezone
from datetime import timedelta
import tests.publish.newsroom as place
place.NOW = timezone.now() - timedelta(minutes=5)
from readers.models import User
User.objects.create_superuser("chief@example.org", "{PASSWORD}")
room = place.Newsroom()
def story(*titles):
    made = [room.article(title, outlet) for title, outlet in zip(titles, ("vlast", "kazinform", "tass"))]
    kept = room.story(*made, now=timezone.now())
    return {{"story": kept.pk, "articles": [article.pk for article in made]}}
answer = {{
    "retag": story("Kazakhstan raises gas prices for Uzbekistan, the ministry of energy says"),
    "move": story("Road is closed", "Road was closed by snow"),
    "target": story("Snow closes the road in the mountains"),
    "one": story("Dam opens"),
    "two": story("A dam was opened"),
    "pin": story("Quiet news of the day"),
    "split": story("Two things at once", "Another thing"),
    "feed": Feed.objects.order_by("pk")[0].pk,
}}
"""
PAGE = b"""<!doctype html><title>Steppe Herald</title><link rel="alternate" type="application/rss+xml" href="/feed">"""
RSS = b"""<rss version="2.0"><channel><title>Steppe Herald</title><link>/</link><item><title>Kazakhstan and Uzbekistan
agree on water for the Syr Darya</title><link>/a</link></item></channel></rss>"""


@dataclass
class Desk:
    """The running site, its rows, and one signed-in page."""

    address: str
    rows: dict[str, Any]
    page: Page
    wrong: list[str] = field(default_factory=list)

    def until(self, holds: Callable[[], bool], *, seconds: float = 60) -> None:
        """Readers see it within a minute."""
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, "readers do not see it"
            time.sleep(0.5)

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def reader(self, path: str) -> tuple[int, str]:
        """What somebody without an account gets; a redirect gives its address."""
        connection = http.client.HTTPConnection(self.address.removeprefix("http://"), timeout=30)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer.status, answer.getheader("Location") or body


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, chromium: str) -> Iterator[Desk]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    stack = Stack(tmp_path_factory.mktemp("desk"), SITE_URL=address, FETCH_ALLOW_NETWORKS="127.0.0.1/32")
    try:
        for command in (("migrate", "-v0"), ("load_catalogue", "-v0"), ("collectstatic", "--noinput", "-v0")):
            stack.manage(*command)
        rows = stack.ask(SEED)
        stack.start(*web("127.0.0.1", port)[2:])
        stack.wait(lambda: up(address), seconds=60)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            running = Desk(address, rows, sign_in(browser, address))
            running.page.on("console", lambda said: running.wrong.append(said.text) if said.type == "error" else None)
            yield running
            browser.close()
    finally:
        stack.end()


def up(address: str) -> bool:
    try:
        connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=5)
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        time.sleep(0.1)
        return False


def sign_in(browser: Browser, address: str) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(20_000)
    page.goto(f"{address}/admin/")
    page.get_by_label("Address").fill("chief@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="What needs a hand").wait_for()
    return page


def story_page(desk: Desk, name: str) -> Page:
    return desk.open(f"/admin/articles/story/{desk.rows[name]['story']}/change/")


def test_retagging_takes_two_steps(desk: Desk) -> None:
    article = desk.rows["retag"]["articles"][0]
    page = desk.open(f"/admin/articles/article/{article}/change/")
    page.get_by_label("Add a country or topic").fill("water")
    page.keyboard.press("Enter")
    page.get_by_text("Tagged water.").wait_for()
    assert "/topics/water/" in desk.reader(f"/articles/{article}/")[1]
    desk.until(lambda: "Kazakhstan raises gas prices" in desk.reader("/topics/water/")[1])
    desk.until(lambda: "Kazakhstan raises gas prices" in desk.reader("/topics/water/feed.atom")[1])


def test_moving_a_report_takes_three_steps_at_most(desk: Desk) -> None:
    article, target = desk.rows["move"]["articles"][1], desk.rows["target"]["story"]
    page = desk.open(f"/admin/articles/article/{article}/change/")
    page.get_by_label("Search stories").fill("mountains")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name="Move here").first.click()
    page.get_by_text(f"Moved to story {target}.").wait_for()
    status, where = desk.reader(f"/stories/{target}/")
    assert "Road was closed by snow" in (desk.reader(where)[1] if status == 301 else where)


def test_merging_two_stories_takes_three_steps_at_most(desk: Desk) -> None:
    one, two = desk.rows["one"]["story"], desk.rows["two"]["story"]
    page = story_page(desk, "one")
    page.get_by_label("or number or address of a story").fill(str(two))
    page.get_by_role("button", name="Merge", exact=True).click()
    page.get_by_text("merged into this one").wait_for()
    status, where = desk.reader(f"/stories/{two}/")
    assert status == 301
    assert f"/stories/{one}/" in where


def test_splitting_and_undoing_it(desk: Desk) -> None:
    page = story_page(desk, "split")
    page.get_by_role("checkbox", name=re.compile("Another thing")).check()
    page.get_by_role("button", name="Split the ticked reports off").click()
    page.get_by_text("a story of their own now").wait_for()
    assert page.locator("ul.reports > li").count() == 1
    desk.open("/admin/articles/decision/").get_by_role("link").filter(
        has_text=re.compile("p.m.|a.m.|noon")
    ).first.click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("undone.").wait_for()
    assert story_page(desk, "split").locator("ul.reports > li").count() == 2


def test_pinning_takes_two_steps_and_readers_find_it_on_the_front_page(desk: Desk) -> None:
    page = story_page(desk, "pin")
    page.get_by_label("Pin until").press("Tab")
    page.get_by_role("button", name="Pin", exact=True).click()
    page.get_by_text("Pinned until").first.wait_for()
    desk.until(lambda: "Quiet news of the day" in desk.reader("/")[1])


def test_a_site_with_its_feeds_is_added_in_four_steps(desk: Desk) -> None:
    with FeedServer() as site:
        site.put("/", PAGE, Content_Type="text/html")
        site.put("/feed", RSS)
        page = desk.open("/admin/articles/source/add-site/")
        page.get_by_label("Address of the site or of a feed").fill(site.url("/"))
        page.get_by_role("button", name="Find its feeds").click()
        page.get_by_label("Kind of owner").select_option("independent")
        page.get_by_role("button", name="Add the outlet").click()
        page.get_by_text("was added with 1 feeds").wait_for()
    assert "Steppe Herald" in desk.reader("/sources/steppe-herald/")[1]


def test_pausing_a_feed_takes_one_step(desk: Desk) -> None:
    page = desk.open("/admin/articles/feed/")
    page.get_by_role("button", name="Pause").first.click()
    page.get_by_text("is paused").wait_for()
    assert page.get_by_role("button", name="Resume").count() == 1


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_the_screen_and_none_breaks_the_policy(desk: Desk, width: int) -> None:
    desk.page.set_viewport_size({"width": width, "height": 900})
    article = desk.rows["retag"]["articles"][0]
    paths = (
        "", "articles/story/", f"articles/story/{desk.rows['one']['story']}/change/", "articles/article/",
        f"articles/article/{article}/change/", "articles/source/", "articles/feed/",
        f"articles/feed/{desk.rows['feed']}/change/", "articles/term/add/", "articles/topic/", "articles/decision/",
        "articles/offer/", "articles/job/", "articles/suggestion/", "articles/source/opml/", "account/", "second-step/",
    )  # fmt: skip
    for path in paths:
        page = desk.open(f"/admin/{path}")
        if path != "articles/term/add/" and not path.endswith(("article/", "story/", "source/", "feed/", "decision/")):
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    assert desk.wrong == []
