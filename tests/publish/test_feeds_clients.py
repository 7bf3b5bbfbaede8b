"""Feeds as real programs take them: the commands of docs/subscribing.md, run against a live server."""

from __future__ import annotations

import email.policy
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from articles.models import Story
from tests.conftest import missing
from tests.publish.newsroom import NOW, Newsroom
from tests.publish.test_api_clients import EXAMPLE, commands
from tests.servers import free_port

TITLES = ["Event & <0> ә", "Event & <1> ә", "Event & <2> ә"]


@pytest.fixture
def news(newsroom: Newsroom) -> None:
    for title in TITLES:
        newsroom.story(newsroom.article(title, summary=""))


def run(program: str, live: str, home: Path) -> str:
    """Run the commands of the page that use a program, as a reader with a home of his own would."""
    if not shutil.which(program):
        missing(f"{program} is not installed")
    [lines] = [found for found in commands("subscribing.md") if f"\n{program} " in f"\n{found}"]
    return shell(lines.replace(EXAMPLE, live), home)


def shell(lines: str, home: Path) -> str:
    home.mkdir(exist_ok=True)
    env = {"HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "XDG_CONFIG_HOME": str(home / "config")}
    done = subprocess.run(
        ["bash", "-euc", lines], cwd=home, env=env, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, f"{lines}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


def kept_by_newsboat(home: Path) -> list[tuple[str, str]]:
    """Title and guid of what it keeps."""
    with sqlite3.connect(home / ".newsboat" / "cache.db") as cache:
        return [(str(t), str(g)) for t, g in cache.execute("SELECT title, guid FROM rss_item ORDER BY title")]


@pytest.mark.newsboat
def test_newsboat_reads_the_feed_and_takes_nothing_twice(live: str, news: None, tmp_path: Path) -> None:
    run("newsboat", live, tmp_path)
    first = kept_by_newsboat(tmp_path)
    assert [title for title, _ in first] == TITLES
    assert len({guid for _, guid in first}) == 3
    shell("newsboat -x reload", tmp_path)
    assert kept_by_newsboat(tmp_path) == first
    shell(f"curl -sSfO {live}/feeds.opml; newsboat -i feeds.opml", tmp_path)
    assert f"{live}/topics/energy/feed.atom" in (tmp_path / ".newsboat" / "urls").read_text()


class Mailbox:
    """A mail server's handler that keeps what it gets."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        parser = BytesParser(EmailMessage, policy=email.policy.default)
        self.mails.append(parser.parsebytes(envelope.original_content or b""))
        return "250 kept"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    handler, port = Mailbox(), free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, port
    controller.stop()


def test_rss2email_mails_each_new_event_once(
    live: str, news: None, newsroom: Newsroom, tmp_path: Path, mailbox: tuple[Mailbox, int]
) -> None:
    box, port = mailbox
    run("r2e", live, tmp_path)
    [config] = tmp_path.rglob("rss2email.cfg")
    settings = {"email-protocol": "smtp", "smtp-server": "127.0.0.1", "smtp-port": str(port)}
    text = config.read_text()
    for name, value in settings.items():
        text = re.sub(rf"^{name} = .*$", f"{name} = {value}", text, flags=re.MULTILINE)
    config.write_text(text)
    shell("r2e run", tmp_path)
    assert box.mails == []
    story = newsroom.story(newsroom.article("Жаңа оқиға & more", at=NOW))
    shell("r2e run; r2e run", tmp_path)
    [mail] = box.mails
    assert mail["Subject"] == "Жаңа оқиға & more"
    body = mail.get_body()
    assert body is not None
    assert live + story.get_absolute_url() in body.get_content()
    newsroom.add(story, newsroom.article("The same side again", "kazinform"))
    shell("r2e run", tmp_path)
    assert len(box.mails) == 1


def test_curl_gets_nothing_where_nothing_changed(live: str, news: None, newsroom: Newsroom, tmp_path: Path) -> None:
    run("curl", live, tmp_path)
    assert (tmp_path / "feed.json").read_text().count("tag:") == 3
    (tmp_path / "feed.json").write_text("kept")
    run("curl", live, tmp_path)
    assert (tmp_path / "feed.json").read_text() == "kept"
    newsroom.add(Story.objects.get(title=TITLES[0]), newsroom.article("Another side", "tass"))
    run("curl", live, tmp_path)
    assert "Another side" in (tmp_path / "feed.json").read_text()
