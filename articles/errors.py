"""Expected faults of feeds, each with the outcome that the admin filters by and a sentence for people."""

from __future__ import annotations

from datetime import timedelta


class IngestError(Exception):
    """A fault of a feed, not of ours: recorded on its row, never raised past the pipeline.

    ``outcome`` is a value of ``Feed.Outcome``. ``weight`` is how much the fault lengthens the wait
    (hard 1, soft ½, temporary DNS ¼). ``retry_after`` is what the server asked for.
    """

    outcome = "error"
    weight = 1.0

    def __init__(
        self,
        message: str,
        *,
        status: int = 0,
        retry_after: timedelta = timedelta(),
        permanent_url: str = "",
        suggestion: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.retry_after = retry_after
        self.permanent_url = permanent_url
        self.suggestion = suggestion  # for example the feed that an HTML page advertises
        self.milliseconds = 0  # that the exchange took


class Deferred(IngestError):
    """Over the host's budget of requests: another turn soon, no fault."""

    outcome = "deferred"
    weight = 0.0


class Refused(IngestError):
    """The address is not on the public internet, or not http(s)."""

    outcome = "refused"


class DnsError(IngestError):
    """The name has no address; ``temporary`` when the resolver itself failed."""

    outcome = "dns"

    def __init__(self, message: str, *, temporary: bool = False) -> None:
        super().__init__(message)
        if temporary:
            self.weight = 0.25


class ConnectError(IngestError):
    """No connection, or it broke."""

    outcome = "connection"
    weight = 0.5


class TlsError(IngestError):
    """The certificate is wrong or the handshake failed."""

    outcome = "tls"


class FetchTimeout(IngestError):
    """The whole exchange took longer than its deadline."""

    outcome = "timeout"
    weight = 0.5


class HttpError(IngestError):
    """A status that is neither 200 nor 304."""

    outcome = "http_error"

    def __init__(self, message: str, *, status: int, retry_after: timedelta = timedelta()) -> None:
        super().__init__(message, status=status, retry_after=retry_after)
        if status in (408, 425, 429) or status >= 500:
            self.weight = 0.5


class Gone(IngestError):
    """410: the feed has ended."""

    outcome = "gone"


class TooLarge(IngestError):
    """More bytes than the limit, counted after inflating."""

    outcome = "too_large"


class BadResponse(IngestError):
    """HTTP that cannot be read: bad compression, endless redirects, huge headers."""

    outcome = "bad_response"


class HtmlPage(IngestError):
    """A web page where a feed was; ``suggestion`` holds the feed that it advertises."""

    outcome = "html_page"


class NotAFeed(IngestError):
    """The document is no feed that we read."""

    outcome = "not_a_feed"


class ParseTimeout(IngestError):
    """Reading the document took too long or too much memory; the reader was ended."""

    outcome = "parse_limit"
