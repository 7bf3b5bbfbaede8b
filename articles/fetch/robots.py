"""robots.txt (RFC 9309), asked before an article's page is fetched; feeds are made to be polled."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from yarl import URL

from articles.errors import Deferred, Gone, HttpError, IngestError
from articles.fetch.http import Client
from articles.fetch.locations import read_address

KEPT = timedelta(hours=24)  # how long an answer is believed (RFC 9309, 2.4)
KEPT_FAULT = timedelta(hours=1)  # how long a host without a readable answer is left alone
MOST_HOSTS = 1000  # whose rules are remembered
MOST_BYTES = 512 * 1024  # of a robots.txt (RFC 9309, 2.5: at least 500 KiB)
MOST_RULES = 5000  # of one robots.txt that are looked at


@dataclass(frozen=True, slots=True)
class Rule:
    """Whether addresses that begin so may be fetched; ``*`` in the pattern stands for anything, ``$`` for the end."""

    pattern: str
    allow: bool

    def matches(self, path: str) -> bool:
        """Whether the pattern covers a path; the time is linear in both, whatever the pattern."""
        start, *pieces = self.pattern.removesuffix("$").split("*")
        if not path.startswith(start):
            return False
        at = len(start)
        last = pieces.pop() if pieces and self.pattern.endswith("$") else None
        for piece in pieces:
            found = path.find(piece, at)
            if found < 0:
                return False
            at = found + len(piece)
        if last is not None:
            return path.endswith(last) and len(path) - len(last) >= at
        return not self.pattern.endswith("$") or at == len(path)


@dataclass(frozen=True, slots=True)
class Rules:
    """What one robots.txt says to us."""

    rules: tuple[Rule, ...] = ()
    until: datetime | None = None  # how long this is believed

    def allow(self, url: URL) -> bool:
        """Whether an address may be fetched: the longest rule decides, and of two equally long the one that allows."""
        path = url.raw_path_qs
        matching = [rule for rule in self.rules if rule.matches(path)]
        return max(matching, key=lambda rule: (len(rule.pattern), rule.allow)).allow if matching else True


NOTHING_ALLOWED = (Rule("/", allow=False),)


def parse_robots(text: str, *, agent: str) -> tuple[Rule, ...]:
    """Return the rules for a product token (the word before ``/`` of a User-Agent), else those for everybody."""
    ours: list[Rule] = []
    everybody: list[Rule] = []
    named = False
    agents: set[str] = set()
    open_group = False  # whether the last line named an agent, so that another name joins the same group
    for line in text.lstrip("\ufeff").splitlines():
        field, colon, value = line.partition("#")[0].partition(":")
        field, value = field.strip().lower(), value.strip()
        if colon and field == "user-agent":
            agents = (agents if open_group else set()) | {value.partition("/")[0].strip().lower()}
            named, open_group = named or agent.lower() in agents, True
        elif colon and field in ("allow", "disallow"):
            open_group = False
            rule = _rule(value, allow=field == "allow")
            if rule and len(ours) + len(everybody) < MOST_RULES:
                ours += [rule] * (agent.lower() in agents)
                everybody += [rule] * ("*" in agents)
    return tuple(ours if named else everybody)


def _rule(pattern: str, *, allow: bool) -> Rule | None:
    """A rule with its pattern spelled as addresses are; None for one that says nothing."""
    if not pattern.startswith(("/", "*", "$")) or len(pattern) > 2000:
        return None
    try:
        spelled = URL(f"http://host{pattern}" if pattern.startswith("/") else f"http://host/{pattern}").raw_path_qs
    except ValueError:
        return None
    return Rule(spelled if pattern.startswith("/") else spelled[1:], allow)


class Robots:
    """The rules of hosts, fetched by the client when they are first needed and kept for a while."""

    def __init__(self, client: Client, *, agent: str) -> None:
        self._client = client
        self._agent = agent
        self._known: OrderedDict[URL, Rules] = OrderedDict()

    async def allow(self, url: str, *, now: datetime) -> bool:
        """Whether an address may be fetched.

        Raises:
            Deferred: the host is busy; the question comes again later.
            Refused: it is no http(s) address.
        """
        address = read_address(url)
        origin = address.origin()
        rules = self._known.get(origin)
        if rules is None or rules.until is None or rules.until <= now:
            rules = await self._ask(origin, now)
            self._known[origin] = rules
        self._known.move_to_end(origin)
        if len(self._known) > MOST_HOSTS:
            self._known.popitem(last=False)
        return rules.allow(address)

    async def _ask(self, origin: URL, now: datetime) -> Rules:
        try:
            answer = await self._client.get(str(origin / "robots.txt"), accept="text/plain", max_bytes=MOST_BYTES)
        except Deferred:
            raise
        except IngestError as error:
            # 2.3.1.3: no such file means no rules. 2.3.1.4: a host that cannot be asked forbids everything for now.
            no_such_file = isinstance(error, Gone) or (isinstance(error, HttpError) and 400 <= error.status < 500)
            if no_such_file and error.status != 429:
                return Rules((), now + KEPT)
            return Rules(NOTHING_ALLOWED, now + KEPT_FAULT)
        return Rules(parse_robots(answer.body.decode("utf-8", "replace"), agent=self._agent), now + KEPT)
