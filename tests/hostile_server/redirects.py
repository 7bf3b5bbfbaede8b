"""Answers that send the fetcher elsewhere."""

from __future__ import annotations

from tests.hostile_server.rows import Row, good, redirect, status
from tests.hostile_server.server import Play, Request, Steps, reply

GOOD = "/answers/good"
MOVED = "301 Moved Permanently"
MOVED_308 = "308 Permanent Redirect"


def hops(count: int) -> Play:
    """Redirects so often to itself, then gives the feed."""

    def play(request: Request) -> Steps:
        path, _, query = request.target.partition("?")
        left = int(query.removeprefix("left=")) if query else count
        return redirect(f"{path}?left={left - 1}") if left > 0 else good()

    return play


def to_itself(request: Request) -> Steps:
    """The plainest loop."""
    return redirect(request.target)


def ping_pong(request: Request) -> Steps:
    """A loop of two."""
    return redirect("?" if request.target.endswith("?a") else "?a")


def growing(request: Request) -> Steps:
    """A loop that never shows the same address twice."""
    return redirect(f"{request.target}{'&' if '?' in request.target else '?'}more=more")


def cookie_gate(request: Request) -> Steps:
    """Sets a cookie and asks to come again with it, as some guards before state sites do."""
    if "gate=open" in request.headers.get("cookie", ""):
        return good()
    return redirect(request.target, set_cookie="gate=open; Path=/")


def absolute(path: str, line: str = "302 Found", userinfo: str = "", scheme: str = "http:") -> Play:
    """Redirects to a full address of this server."""
    return lambda request: redirect(f"{scheme}//{userinfo}{request.headers['host']}{path}", line)


def refuses_passwords(request: Request) -> Steps:
    """Who brings a password is told off."""
    return status("403 Forbidden") if "authorization" in request.headers else good()


def by_name(request: Request) -> Steps:
    """Redirects to the same port under a name that leads to loopback."""
    return redirect(f"http://localhost:{request.headers['host'].partition(':')[2]}{GOOD}")


FOLLOWED = (
    Row("moved-for-good", redirect(GOOD, MOVED), moved=GOOD),
    Row("moved-for-good-308", redirect(GOOD, MOVED_308), moved=GOOD),
    Row("moved-for-now", redirect(GOOD)),
    Row("moved-for-now-303", redirect(GOOD, "303 See Other")),
    Row("moved-for-now-307", redirect(GOOD, "307 Temporary Redirect")),
    Row("moved-in-two-steps", redirect("/answers/moved-for-good", MOVED_308), moved=GOOD),
    Row("moved-for-good-then-for-now", redirect("/answers/moved-for-now", MOVED)),
    Row("moved-for-now-then-for-good", redirect("/answers/moved-for-good")),
    Row("moved-to-a-full-address", absolute(GOOD, MOVED), moved=GOOD),
    Row("moved-without-scheme", absolute(GOOD, scheme="")),
    Row("moved-relatively", redirect("good")),
    Row("moved-with-dots", redirect("../../answers/./x/../good")),
    Row("moved-with-fragment", redirect(f"{GOOD}#top", MOVED), moved=GOOD),
    Row("moved-with-spaces-around", redirect(f"  {GOOD}  ")),
    Row("moved-with-a-body", [reply(b"x" * 5000, status="302 Found", headers={"Location": GOOD})]),
    Row("moved-in-cyrillic", redirect("/answers/good?страница=1")),
    Row("moved-in-windows-1251", redirect("/answers/good?\udcf1\udcf2\udcf0")),
    Row("moved-twice-in-one-answer", [reply(status="302 Found", headers={"Location": GOOD}).replace(
        b"\r\n\r\n", b"\r\nLocation: http://10.0.0.1/\r\n\r\n")]),
    Row("moved-with-a-password", absolute("/answers/refuses-passwords", userinfo="eve:secret@")),
    Row("refuses-passwords", refuses_passwords),
    Row("five-hops", hops(5)),
    Row("cookie-gate", cookie_gate),
    Row("moved-to-the-same-port-by-name", by_name),
)  # fmt: skip

ENDLESS = (
    Row("six-hops", hops(6), "bad_response"),
    Row("redirects-to-itself", to_itself, "bad_response"),
    Row("redirects-back-and-forth", ping_pong, "bad_response"),
    Row("redirects-and-grows", growing, "bad_response"),
    Row("redirects-to-nowhere", status(MOVED), "http_error", status=301),
    Row("redirects-to-nothing", redirect(""), "bad_response"),
    Row("redirects-to-a-long-address", redirect("/" + "a" * 6000), "refused"),
)

# Where no public server is; the port is one that the operator did not open.
FORBIDDEN = {
    "private-ten": "http://10.0.0.1/",
    "private-192": "http://192.168.1.1/",
    "private-172": "http://172.16.0.1/",
    "loopback-other-port": "http://127.0.0.1:1/",
    "loopback-whole-block": "http://127.8.8.8:1/",
    "loopback-short": "http://127.1:1/",
    "loopback-decimal": "http://2130706433:1/",
    "loopback-hex": "http://0x7f.0.0.1:1/",
    "loopback-hex-short": "http://0x7f.1:1/",
    "loopback-octal": "http://0177.0.0.1:1/",
    "loopback-fullwidth": "http://\uff11\uff12\uff17.0.0.1:1/",
    "loopback-dot": "http://127.0.0.1.:1/",
    "loopback-name": "http://localhost:1/",
    "unspecified": "http://0.0.0.0:1/",
    "unspecified-short": "http://0:1/",
    "carrier": "http://100.64.0.1/",
    "metadata": "http://169.254.169.254/latest/meta-data/",
    "multicast": "http://224.0.0.1/",
    "broadcast": "http://255.255.255.255/",
    "documentation": "http://192.0.2.1/",
    "protocol-block": "http://192.0.0.192/",
    "loopback-v6": "http://[::1]:1/",
    "unspecified-v6": "http://[::]:1/",
    "mapped": "http://[::ffff:127.0.0.1]:1/",
    "mapped-hex": "http://[::ffff:a00:1]/",
    "compatible": "http://[::127.0.0.1]:1/",
    "nat64": "http://[64:ff9b::127.0.0.1]:1/",
    "nat64-local": "http://[64:ff9b:1::10.0.0.1]/",
    "six-to-four": "http://[2002:7f00:1::]:1/",
    "teredo": "http://[2001:0:7f00:1:0:0:0:0]:1/",
    "unique-local": "http://[fd00::1]/",
    "site-local": "http://[fec0::1]/",
    "link-local": "http://[fe80::1]/",
    "link-local-scope": "http://[fe80::1%25lo]:1/",
    "multicast-v6": "http://[ff02::1]/",
    "file": "file:///etc/passwd",
    "ftp": "ftp://ftp.example.org/feed.xml",
    "gopher": "gopher://127.0.0.1:6379/_INFO",
    "data": "data:text/xml,<rss/>",
    "javascript": "javascript:alert(1)",
}
REFUSED = tuple(Row(f"sent-to-{name}", redirect(location), "refused") for name, location in FORBIDDEN.items())

UNREADABLE = (
    Row("sent-to-port-99999", redirect("http://127.0.0.1:99999/"), "bad_response"),
    Row("sent-to-half-an-address", redirect("http://[::1"), "bad_response"),
    Row("sent-to-a-space-in-the-host", redirect("http://exa mple.org/"), "refused"),
    Row("sent-to-backslashes", redirect("http:\\\\10.0.0.1\\x"), "http_error", status=404),
    Row("sent-to-no-host", redirect("http:///etc/passwd"), "http_error", status=404),
    Row("sent-to-a-name-that-is-none", redirect("http://nothing.invalid/"), "dns"),
    Row("sent-to-a-label-too-long", redirect(f"http://{'a' * 70}.example/"), "dns"),
    Row("sent-to-tls-that-is-none", absolute(GOOD, scheme="https:"), "tls"),
)

REDIRECTS = FOLLOWED + ENDLESS + REFUSED + UNREADABLE
