"""Every kind of page in Chromium: nothing in the console, nothing beyond the window, nothing that axe-core finds."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Edition
from tests.browser.places import PLACES, STATUS, choose

WIDTHS = (360, 768, 1280)
THEMES = ("light", "dark")
PREFIXES = ("", "/fr", "/ru")
SIZES = [(width, theme) for width in WIDTHS for theme in THEMES]
# What sticks out to the right of the window, or to its left, without a part around it that scrolls.
BEYOND = """() => {
  const wide = document.documentElement.clientWidth;
  const held = (node) => {
    for (let at = node.parentElement; at; at = at.parentElement)
      if (getComputedStyle(at).overflowX !== 'visible') return true;
    return false;
  };
  return [...document.body.querySelectorAll('*')].filter((node) => {
    const box = node.getBoundingClientRect();
    return box.width > 0 && (box.right > wide + 0.5 || box.left < -0.5) && !held(node);
  }).map((node) => node.tagName + '.' + node.getAttribute('class') + ': ' + node.textContent.slice(0, 60)).concat(
    document.documentElement.scrollWidth > wide ? ['the page scrolls sideways'] : []);
}"""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chosen(edition: Edition) -> dict[str, str]:
    return choose(edition)


@pytest.mark.parametrize("kind", PLACES)
def test_every_kind_of_page_is_sound(page: Page, edition: Edition, chosen: dict[str, str], kind: str) -> None:
    """In three languages at three widths in both themes; axe looks once in the light and once in the dark."""
    path = PLACES[kind].format(**chosen)
    first = list(PLACES).index(kind)
    said: list[str] = []
    listen(page, edition, said)
    for turn, prefix in enumerate(PREFIXES):
        answer = page.goto(prefix + path)
        assert answer is not None
        assert answer.status == STATUS.get(kind, 200), f"{prefix}{path}"
        for width, theme in SIZES:
            show(page, width, theme)
            said += [f"{prefix}{path} at {width}, {theme}: {found}" for found in page.evaluate(BEYOND)]
        look = (first + turn) % len(PREFIXES)
        if look < len(THEMES):  # it takes a second: each kind in two of the languages, each time at another width
            show(page, WIDTHS[(first + first // 3 + turn) % len(WIDTHS)], THEMES[look])
            said += [f"{prefix}{path}, {THEMES[look]}: {found}" for found in axe(page)]
    assert not said, f"{kind}:\n" + "\n".join(said)


def listen(page: Page, edition: Edition, said: list[str]) -> None:
    """Note what the console says and which requests leave the site; a page that is meant to fail may say so."""
    page.on("console", lambda told: said.append(told.text) if "status of 40" not in told.text else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: said.append(f"asks for {request.url}") if beyond(request.url, edition) else None)


def show(page: Page, width: int, theme: str) -> None:
    """Give the window another width and the reader another theme."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")


def beyond(url: str, edition: Edition) -> bool:
    """Whether a request leaves the site."""
    return not url.startswith((edition.address + "/", "data:"))


def axe(page: Page) -> list[str]:
    """What axe-core finds with all its default rules, one line for each element."""
    found = Axe().run(page).response["violations"]
    return [
        f"{rule['id']} ({rule['help']}): {node['html'][:160]} {node['failureSummary'][-200:]}"
        for rule in found
        for node in rule["nodes"][:3]
    ]
