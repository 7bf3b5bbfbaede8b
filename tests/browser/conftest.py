"""One filled edition, one Chromium and one window for all tests of this folder; all end with the folder."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from aggregator.edition import free_port, web
from tests.stack import Stack


class Edition:
    """The running site with the sample edition in it."""

    def __init__(self, address: str) -> None:
        self.address = address

    def get(self, path: str) -> tuple[int, str]:
        """Status and body of a page, asked for without a browser."""
        connection = http.client.HTTPConnection(self.address.removeprefix("http://"), timeout=30)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer.status, body

    def items(self, path: str) -> list[dict[str, Any]]:
        """The items of one answer of the API."""
        status, body = self.get(f"/api/v1/{path}")
        assert status == 200, body
        found: list[dict[str, Any]] = json.loads(body)["items"]
        return found


@pytest.fixture(scope="package")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edition]:
    """A site of its own, full of the sample edition; its pages do not change while the tests run."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    stack = site(tmp_path_factory.mktemp("edition"), address)
    try:
        filling = stack.start("tests.browser.edition")
        stack.wait(lambda: filling.poll() is not None, seconds=240)
        assert filling.returncode == 0, stack.logs()
        stack.start(*web("127.0.0.1", port)[2:])
        running = Edition(address)
        stack.wait(lambda: answers(running), seconds=60)
        yield running
    finally:
        stack.end()


def site(folder: Path, address: str) -> Stack:
    """The program with a database of its own that reads invented feeds from loopback without waiting for turns."""
    return Stack(folder, SITE_URL=address, SAMPLE_EDITION="1", FETCH_ALLOW_NETWORKS="127.0.0.1/32")


def answers(running: Edition) -> bool:
    """Whether the web server has come up."""
    try:
        return running.get("/healthz")[0] == 200
    except OSError:
        time.sleep(0.1)
        return False


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    """Debian's Chromium; it ends with this folder, since its event loop forbids Django's ORM meanwhile."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(scope="package")
def window(browser: Browser, edition: Edition) -> Iterator[BrowserContext]:
    """A context whose cache all tests share."""
    context = browser.new_context(base_url=edition.address, viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture
def page(window: BrowserContext) -> Iterator[Page]:
    """A tab of its own, 1280 px wide."""
    opened = window.new_page()
    yield opened
    opened.close()
