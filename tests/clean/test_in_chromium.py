"""Nothing foreign runs or shows as markup: every payload of tests/data, through a real feed, in a real Chromium.

The pages are opened without their content security policy, so that what would only be stopped by it is seen too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import BrowserContext, Dialog, Page, sync_playwright

from aggregator.edition import free_port, web
from tests.feed_server import FeedServer
from tests.stack import Stack

DATA = Path(__file__).parents[1] / "data" / "html"
PAYLOADS = [payload["markup"] for payload in json.loads((DATA / "payloads.json").read_text("utf-8"))]
SCHEMES = (
    "javascript:window.ran=1",
    "data:text/html,<script>window.ran=1</script>",
    "vbscript:x",
    "jAva\tscript:x",
    "",
)
SIGN_IN = """
from readers.models import User
from django.contrib.sessions.backends.db import SessionStore
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice
user = User.objects.create_superuser("editor@desk.example", "a long enough password")
device = TOTPDevice.objects.create(user=user, confirmed=True)
session = SessionStore()
session["_auth_user_id"] = str(user.pk)
session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
session["_auth_user_hash"] = user.get_session_auth_hash()
session[DEVICE_ID_SESSION_KEY] = device.persistent_id
session.save()
answer = session.session_key
"""
# What a page of ours never holds; returns what is wrong as words.
WRONG = r"""() => {
  const found = window.ran ? ['a payload ran'] : [];
  for (const node of document.querySelectorAll('*')) {
    for (const { name, value } of node.attributes) {
      if (name.startsWith('on')) found.push(`${node.tagName} ${name}`);
      if (/^\s*(javascript|vbscript|data):/i.test(value) && ['href', 'src', 'action'].includes(name))
        found.push(`${node.tagName} ${name}=${value}`);
    }
    if (/^(IFRAME|OBJECT|EMBED|MARQUEE|MATH|APPLET|BASE|FRAME|AUDIO|VIDEO|PORTAL)$/i.test(node.tagName))
      found.push(node.tagName);
    if (node.tagName === 'IMG' && new URL(node.src).origin !== location.origin) found.push(`IMG ${node.src}`);
    if (node.tagName === 'SCRIPT' && !node.src && !/json/.test(node.type)) found.push('inline SCRIPT');
  }
  const shown = document.body.innerText.match(/<[a-z/!?][^>]{0,40}/i);
  if (shown) found.push(`shows ${shown[0]}`);
  return found;
}"""
# A reader's program puts what a feed says into its own page as HTML.
SHOW_FEED = r"""(texts) => {
  const found = [];
  for (const text of texts) {
    const box = document.createElement('div');
    box.innerHTML = text;
    document.body.append(box);
    for (const node of box.querySelectorAll('*')) {
      if (!/^(P|A|BR|UL|LI|EM|STRONG|SPAN)$/.test(node.tagName)) found.push(`${node.tagName} in ${text}`);
      for (const { name } of node.attributes) if (name.startsWith('on')) found.push(`${name} in ${text}`);
      if (node.protocol && !/^https?:$/.test(node.protocol)) found.push(`${node.href} in ${text}`);
    }
    box.remove();
  }
  return window.ran ? [...found, 'a payload ran'] : found;
}"""

pytestmark = pytest.mark.browser


def feed_of_payloads() -> bytes:
    """An item for each payload, which stands in every field; written escaped, escaped twice and as CDATA by turns."""
    items = []
    for number, payload in enumerate(PAYLOADS):
        markup = "".join(c for c in payload if c in "\t\n" or " " <= c < "\ud800" or "\ue000" <= c < "\ufffe")
        wrapped = (escape(markup), escape(escape(markup)), f"<![CDATA[{markup.replace(']]>', '')}]]>")[number % 3]
        link = escape(SCHEMES[number % len(SCHEMES)]) or f"https://steppe.example/{number}?q={escape(markup)[:100]}"
        items.append(
            f"<item><title>Canal {number} {wrapped}</title><link>{link}</link><guid>{number}</guid>"
            f"<description>Water {number} {wrapped}</description><category>{wrapped}</category>"
            f"<content:encoded>Kazakhstan {wrapped} opens the canal again.</content:encoded>"
            f"<author>{wrapped}</author><dc:creator>{wrapped}</dc:creator></item>"
        )
    names = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    head = f"<title>{escape(PAYLOADS[0])}</title><description>{escape(PAYLOADS[1])}</description>"
    return f'<rss version="2.0" {names}><channel>{head}{"".join(items)}</channel></rss>'.encode()


class Site:
    """The running site, and what its database holds."""

    def __init__(self, address: str, told: dict[str, Any], session: str) -> None:
        self.address = address
        self.told = told
        self.session = session

    def get(self, path: str) -> bytes:
        """A document as a program gets it."""
        with urlopen(self.address + path, timeout=30) as answer:
            return bytes(answer.read())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site after one real fetch of the feed of payloads."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with FeedServer() as outlet:
        networks = f"127.0.0.1/32:{outlet.port}"
        stack = Stack(tmp_path_factory.mktemp("site"), SITE_URL=address, FETCH_ALLOW_NETWORKS=networks)
        stack.manage("migrate", "--verbosity", "0")
        stack.manage("load_catalogue", "--verbosity", "0")
        url = outlet.put("/feed", feed_of_payloads())
        outline = f'<outline text="Steppe Wire" xmlUrl="{url}"/>'
        stack.manage("import_opml", "-", stdin=f'<opml version="2.0"><body>{outline}</body></opml>')
        stack.manage("fetch", url)
    told = stack.ask(
        "found = Article.objects.filter(feed__url__startswith='http://127.0.0.1')\n"
        "answer = {'articles': list(found.values_list('pk', flat=True)), 'source': found[0].source.slug,"
        " 'stories': list(found.exclude(story=None).values_list('story_id', 'story__slug').distinct())[:10],"
        " 'feed': found[0].feed_id}"
    )
    session = stack.ask(SIGN_IN)
    try:
        stack.manage("collectstatic", "--noinput", "--verbosity", "0")
        stack.start(*web("127.0.0.1", port)[2:])
        running = Site(address, told, session)
        stack.wait(lambda: answers(running), seconds=60)
        yield running
    finally:
        stack.end()


def answers(running: Site) -> bool:
    """Whether the web server has come up."""
    try:
        return running.get("/healthz") == b"ok\n"
    except OSError:
        return False


@pytest.fixture(scope="module")
def window(chromium: str, site: Site) -> Iterator[BrowserContext]:
    """An editor's browser that minds no policy; it ends with this file, since its loop forbids Django's ORM."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = launched.new_context(base_url=site.address, bypass_csp=True)
        context.add_cookies([{"name": "sessionid", "value": site.session, "url": site.address}])
        yield context
        launched.close()


def look(window: BrowserContext, paths: list[str]) -> list[str]:
    """Open each page; return what is wrong on which."""
    said: list[str] = []
    page = window.new_page()

    def dismiss(dialog: Dialog) -> None:
        said.append(f"{page.url}: a dialog")
        dialog.dismiss()

    page.on("dialog", dismiss)
    page.on("request", lambda request: said.extend(foreign(page, request.url)))
    for path in paths:
        answer = page.goto(path, wait_until="load")
        if answer is None or answer.status != 200 or "/login" in page.url:
            said.append(f"{path}: status {answer and answer.status} at {page.url}")
        said += [f"{path}: {wrong}" for wrong in page.evaluate(WRONG)]
    page.close()
    return said


def foreign(page: Page, url: str) -> list[str]:
    """A request that leaves our site, in words."""
    return [] if url.startswith(("http://127.0.0.1:", "data:image/")) else [f"{page.url} asks for {url}"]


def test_every_payload_was_stored(site: Site) -> None:
    assert len(site.told["articles"]) == len(PAYLOADS) >= 60
    assert site.told["stories"]


def test_nothing_foreign_runs_or_shows_on_pages(site: Site, window: BrowserContext) -> None:
    outlet = f"/sources/{site.told['source']}/"
    paths = ["/", outlet, "/sources/", "/status/", f"/search/?source={site.told['source']}&q=canal", "/archive/"]
    paths = [path for path in paths if path != "/archive/"]
    paths += [f"/articles/{pk}/" for pk in site.told["articles"]]
    paths += [f"/stories/{pk}/{slug}/" for pk, slug in site.told["stories"]]
    assert look(window, paths) == []


def test_nothing_foreign_runs_or_shows_at_the_desk(site: Site, window: BrowserContext) -> None:
    told = site.told
    paths = ["/admin/", "/admin/articles/article/", "/admin/articles/article/?p=2", "/admin/articles/story/"]
    paths += [f"/admin/articles/feed/{told['feed']}/change/", "/admin/articles/source/"]
    paths += [f"/admin/articles/article/{pk}/change/" for pk in told["articles"][::8]]
    assert look(window, paths) == []


def test_nothing_foreign_runs_in_a_program_that_shows_our_feeds(site: Site, window: BrowserContext) -> None:
    page = window.new_page()
    page.goto("/about/")
    for kind in ("atom", "rss"):
        document = site.get(f"/sources/{site.told['source']}/feed.{kind}").decode()
        texts = page.evaluate(
            "(xml) => [...new DOMParser().parseFromString(xml, 'text/xml').querySelectorAll("
            "'title, summary, description, content, author, category')].map((node) => node.textContent)",
            document,
        )
        assert len(texts) > 40
        assert page.evaluate(SHOW_FEED, [text for text in texts if text]) == []
    items = json.loads(site.get(f"/sources/{site.told['source']}/feed.json"))["items"]
    texts = [item.get(name, "") for item in items for name in ("title", "summary", "content_html", "content_text")]
    assert page.evaluate(SHOW_FEED, texts) == []
    page.close()
