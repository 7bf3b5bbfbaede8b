"""Reading by keyboard alone, and without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Edition
from tests.browser.places import PLACES, choose

pytestmark = pytest.mark.browser

KEYBOARD = ("front", "country", "story", "outlet", "subscribe", "status")
STORIES = ("front", "country", "topic", "archive", "search that finds")
HEADLINES = "main :is(h2, h3, h4) > a"
REACHABLE = "a[href], button, input:not([type='radio']:not(:checked)), select, textarea, summary, [tabindex='0']"
# Of a row of radio buttons Tab reaches the chosen one, and the arrows the others.
# Each element that gets the focus is remembered, and whether a reader sees that it has it.
WATCH = """() => {
  window.reached = new Set(); window.unseen = [];
  document.addEventListener('focusin', ({ target }) => {
    window.reached.add(target);
    const look = getComputedStyle(target);
    if (look.outlineStyle === 'none' || parseFloat(look.outlineWidth) < 2)
      window.unseen.push(target.outerHTML.slice(0, 120));
  });
}"""
MISSED = """(reachable) => [...document.querySelectorAll(reachable)]
  .filter((node) => node.checkVisibility({ visibilityProperty: true }) && !window.reached.has(node))
  .map((node) => node.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def chosen(edition: Edition) -> dict[str, str]:
    return choose(edition)


@pytest.mark.parametrize("kind", KEYBOARD)
def test_the_tab_key_reaches_everything_and_shows_where_it_is(page: Page, chosen: dict[str, str], kind: str) -> None:
    page.goto(PLACES[kind].format(**chosen))
    page.evaluate(WATCH)
    for _ in range(page.locator(REACHABLE).count()):
        page.keyboard.press("Tab")
    assert page.evaluate(MISSED, REACHABLE) == []
    assert page.evaluate("window.unseen") == []


def test_the_first_tab_skips_to_the_news(page: Page, edition: Edition) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    assert page.url == f"{edition.address}/#main"
    assert page.evaluate("document.activeElement.id") == "main"


def test_j_and_k_move_through_headlines_and_o_opens_one(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.href")
    page.keyboard.press("j")
    second = page.evaluate("document.activeElement.href")
    assert first != second
    assert "/stories/" in first
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.href") == first
    page.keyboard.press("o")
    page.wait_for_url(first)


def test_a_slash_begins_a_search_and_letters_typed_there_stay_letters(page: Page, edition: Edition) -> None:
    page.goto("/about/")
    page.keyboard.press("/")
    page.keyboard.type("jogcat?")
    assert page.evaluate("document.activeElement.value") == "jogcat?"
    page.keyboard.press("Enter")
    page.wait_for_url(f"{edition.address}/search/?q=jogcat%3F")


@pytest.mark.parametrize(
    ("key", "path"),
    [("h", "/"), ("c", "/countries/"), ("t", "/topics/"), ("s", "/sources/"), ("a", "/archive/")],
)
def test_g_and_a_letter_go_to_a_section_in_the_language_of_the_page(
    page: Page, edition: Edition, key: str, path: str
) -> None:
    page.goto("/fr/about/")
    page.keyboard.press("g")
    page.keyboard.press(key)
    page.wait_for_url(f"{edition.address}/fr{path}**" if key == "a" else f"{edition.address}/fr{path}")


def test_the_question_mark_shows_the_keys_and_escape_hides_them(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("?")
    assert page.locator("dialog#keys").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("dialog#keys").is_visible()


def test_without_javascript_the_same_stories_are_there(
    browser: Browser, page: Page, edition: Edition, chosen: dict[str, str]
) -> None:
    plain = browser.new_context(base_url=edition.address, java_script_enabled=False)
    bare = plain.new_page()
    for kind in STORIES:
        path = PLACES[kind].format(**chosen)
        page.goto(path)
        bare.goto(path)
        wanted = page.locator(HEADLINES).all_inner_texts()
        assert wanted, kind
        assert bare.locator(HEADLINES).all_inner_texts() == wanted, kind
    plain.close()


def test_without_javascript_a_search_finds(browser: Browser, edition: Edition) -> None:
    plain = browser.new_context(base_url=edition.address, java_script_enabled=False)
    bare = plain.new_page()
    bare.goto("/")
    bare.locator("#q").fill("rogun")
    bare.locator("#q").press("Enter")
    bare.wait_for_url(f"{edition.address}/search/?q=rogun")
    assert bare.locator(HEADLINES).count() > 0
    plain.close()
