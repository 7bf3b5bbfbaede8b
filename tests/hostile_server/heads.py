"""Answers whose head is the trouble: statuses, broken HTTP, headers without end."""

from __future__ import annotations

from tests.hostile_server.rows import FEED, Row, good, head, status
from tests.hostile_server.server import Act, Repeat, Request, Steps, reply

FAR_DATE = "Fri, 31 Dec 2999 23:59:59 GMT"
A_YEAR = 366 * 24 * 3600


def cookie_counter(request: Request) -> Steps:
    """Who brings a cookie of an earlier answer is told off."""
    if "cookie" in request.headers:
        return status("403 Forbidden")
    return good(FEED, set_cookie="visitor=1; Path=/; Max-Age=99999")


STATUSES = (
    Row("no-content", [reply(status="204 No Content")], "http_error", status=204),
    Row("reset-content", [reply(status="205 Reset Content")], "http_error", status=205),
    Row("part-of-it", status("206 Partial Content", {"Content-Range": "bytes 0-9/500"}, FEED[:10]), "http_error",
        status=206),
    Row("many-choices", status("300 Multiple Choices"), "http_error", status=300),
    Row("use-proxy", status("305 Use Proxy", {"Location": "http://10.0.0.1/"}), "http_error", status=305),
    Row("bad-request", status("400 Bad Request", body=FEED), "http_error", status=400),
    Row("wants-a-password", status("401 Unauthorized", {"WWW-Authenticate": "Basic realm=x"}), "http_error",
        status=401),
    Row("wants-a-digest", status("401 Unauthorized", {"WWW-Authenticate": "Digest realm=x, nonce=y"}), "http_error",
        status=401),
    Row("wants-money", status("402 Payment Required"), "http_error", status=402),
    Row("forbidden", status("403 Forbidden", body=b"<html>Checking your browser</html>"), "http_error", status=403),
    Row("not-found", status("404 Not Found", body=FEED), "http_error", status=404),
    Row("proxy-password", status("407 Proxy Authentication Required"), "http_error", status=407),
    Row("request-timeout", status("408 Request Timeout"), "http_error", status=408),
    Row("gone", status("410 Gone"), "gone", status=410),
    Row("teapot", status("418 I'm a teapot"), "http_error", status=418),
    Row("too-early", status("425 Too Early"), "http_error", status=425),
    Row("too-many", status("429 Too Many Requests"), "http_error", status=429),
    Row("too-many-with-seconds", status("429 Too Many Requests", {"Retry-After": "120"}), "http_error", status=429,
        retry_after=120),
    Row("too-many-with-date", status("429 Too Many Requests", {"Retry-After": FAR_DATE}), "http_error", status=429,
        retry_after=A_YEAR),
    Row("too-many-with-past-date", status("429 Slow", {"Retry-After": "Thu, 01 Jan 1970 00:00:00 GMT"}),
        "http_error", status=429),
    Row("too-many-with-garbage", status("429 Slow", {"Retry-After": "soon\u00b2"}), "http_error", status=429),
    Row("too-many-with-negative", status("429 Slow", {"Retry-After": "-50"}), "http_error", status=429),
    Row("too-many-with-eternity", status("429 Slow", {"Retry-After": "9" * 5000}), "http_error", status=429,
        retry_after=A_YEAR),
    Row("legal-reasons", status("451 Unavailable For Legal Reasons"), "http_error", status=451),
    Row("fault", status("500 Internal Server Error"), "http_error", status=500),
    Row("bad-gateway", status("502 Bad Gateway"), "http_error", status=502),
    Row("maintenance-with-seconds", status("503 Service Unavailable", {"Retry-After": "3600"}), "http_error",
        status=503, retry_after=3600),
    Row("maintenance-with-date", status("503 Service Unavailable", {"Retry-After": FAR_DATE}), "http_error",
        status=503, retry_after=A_YEAR),
    Row("gateway-timeout", status("504 Gateway Timeout"), "http_error", status=504),
    Row("of-no-standard", status("520 Web Server Returned an Unknown Error"), "http_error", status=520),
    Row("beyond-all-numbers", status("999 Request Denied"), "http_error", status=999),
)  # fmt: skip

EARLY = (
    Row("continue-first", [b"HTTP/1.1 100 Continue\r\n\r\n", reply(FEED)]),
    Row("early-hints-first", [b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n", reply(FEED)]),
    Row("switches-protocols", [head(b"HTTP/1.1 101 Switching Protocols", b"Upgrade: h2c", b"Connection: Upgrade"),
        Act.CLOSE], "http_error", status=101),
)  # fmt: skip

BROKEN = (
    Row("no-http-at-all", [b"SSH-2.0-OpenSSH_9.2\r\n", Act.CLOSE], "bad_response"),
    Row("http-0.9", [FEED, Act.CLOSE], "bad_response"),
    Row("binary-noise", [bytes(range(256)) * 8, Act.CLOSE], "bad_response"),
    Row("http2-frames", [b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" + bytes(18), Act.CLOSE], "bad_response"),
    Row("radio", [head(b"ICY 200 OK", b"icy-name: Steppe FM"), FEED, Act.CLOSE], "bad_response"),
    Row("status-is-no-number", [head(b"HTTP/1.1 abc OK"), Act.CLOSE], "bad_response"),
    Row("status-is-negative", [head(b"HTTP/1.1 -200 OK"), Act.CLOSE], "bad_response"),
    Row("status-of-two-digits", [head(b"HTTP/1.1 20 OK"), Act.CLOSE], "bad_response"),
    Row("status-of-six-digits", [head(b"HTTP/1.1 200200 OK"), Act.CLOSE], "bad_response"),
    Row("version-is-a-lie", [head(b"HTTP/9.9 200 OK", b"Content-Length: 0"), Act.CLOSE], "bad_response"),
    Row("line-without-colon", [head(b"HTTP/1.1 200 OK", b"No colon here"), Act.CLOSE], "bad_response"),
    Row("space-before-colon", [head(b"HTTP/1.1 200 OK", b"Content-Length : 5"), b"abcde", Act.CLOSE],
        parsed="not_a_feed", body=b"abcde"),
    Row("header-without-name", [head(b"HTTP/1.1 200 OK", b": value"), Act.CLOSE], "bad_response"),
    Row("null-in-a-header", [head(b"HTTP/1.1 200 OK", b"X-A: a\x00b", b"Content-Length: 0"), Act.CLOSE],
        "bad_response"),
    Row("bare-carriage-return", [head(b"HTTP/1.1 200 OK", b"X-A: a\rX-B: b", b"Content-Length: 0"), Act.CLOSE],
        "bad_response"),
    Row("length-is-no-number", [head(b"HTTP/1.1 200 OK", b"Content-Length: many"), Act.CLOSE], "bad_response"),
    Row("length-is-negative", [head(b"HTTP/1.1 200 OK", b"Content-Length: -1"), Act.CLOSE], "bad_response"),
    Row("two-lengths", [head(b"HTTP/1.1 200 OK", b"Content-Length: 3", b"Content-Length: 5"), b"abcde", Act.CLOSE],
        "bad_response"),
    Row("length-and-chunks", [head(b"HTTP/1.1 200 OK", b"Content-Length: 3", b"Transfer-Encoding: chunked"),
        b"0\r\n\r\n", Act.CLOSE], "bad_response"),
    Row("long-status-line", [b"HTTP/1.1 200 " + b"O" * 20_000 + b"\r\n\r\n", Act.CLOSE], "bad_response"),
    Row("huge-header", [head(b"HTTP/1.1 200 OK", b"X-A: " + b"b" * 100_000), Act.CLOSE], "bad_response"),
    Row("huge-header-name", [head(b"HTTP/1.1 200 OK", b"X" * 100_000 + b": b"), Act.CLOSE], "bad_response"),
    Row("many-headers", [head(b"HTTP/1.1 200 OK", *(b"X-%d: y" % i for i in range(5_000))), Act.CLOSE],
        "bad_response"),
    Row("endless-headers", [b"HTTP/1.1 200 OK\r\n", Repeat(b"X-A: b\r\n" * 100)], "bad_response"),
    Row("endless-header", [b"HTTP/1.1 200 OK\r\nX-A: ", Repeat(b"b" * 8192)], "bad_response"),
    Row("endless-status", [b"HTTP/1.1 200 ", Repeat(b"O" * 8192)], "bad_response"),
)  # fmt: skip

MANNERS = (
    Row("sets-a-cookie", cookie_counter),
    Row("sets-broken-cookies", good(FEED, set_cookie="=;;=; \x7f; Path")),
    Row("header-in-cyrillic", good(FEED, x_powered_by="Степь")),
    Row("header-in-windows-1251", [reply(FEED, headers={"X-A": "\udccf\udcf0\udce8"})]),
    Row("closes-although-it-promised", [reply(FEED, headers={"Connection": "keep-alive"}), Act.CLOSE]),
    Row("stays-although-it-said-close", [reply(FEED, headers={"Connection": "close"}), Act.HANG]),
    Row("an-answer-too-many", [reply(FEED) + reply(b"<rss>poison</rss>")]),
    Row("bytes-after-the-answer", [reply(FEED) + b"GARBAGE" * 50], "bad_response"),
    Row("refreshes-by-header", good(FEED, refresh="0; url=http://10.0.0.1/")),
    Row("ranges-nobody-wanted", good(FEED, content_range="bytes 0-1/2", accept_ranges="bytes")),
)

HEADS = STATUSES + EARLY + BROKEN + MANNERS
