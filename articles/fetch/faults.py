"""Turn what aiohttp raises into the outcomes that editors read."""

from __future__ import annotations

import socket

import aiohttp
from aiohttp import http_exceptions

from articles.errors import BadResponse, ConnectError, DnsError, IngestError, Refused, TlsError
from articles.fetch.connection import NOT_ALLOWED
from articles.fetch.masking import mask_text

# getaddrinfo's way to say that the name server failed, not the name.
TEMPORARY = (socket.EAI_AGAIN, socket.EAI_FAIL, socket.EAI_MEMORY, socket.EAI_SYSTEM)


def translate(error: Exception) -> IngestError:
    """Return the outcome of a fault that aiohttp reported; whatever is not known better is a broken connection."""
    match error:
        case aiohttp.ClientConnectorDNSError():
            return _dns_error(error.os_error, error.host)
        case aiohttp.ClientConnectorCertificateError():
            return TlsError(f"the certificate is not valid: {_reason(error.certificate_error)}")
        case aiohttp.ClientSSLError():
            return TlsError(f"no secure connection could be made: {_reason(error)}")
        case aiohttp.ClientConnectorError() if error.os_error.errno == NOT_ALLOWED:
            return Refused(f"the address {error.host} is not on the public internet ({error.os_error.strerror})")
        case aiohttp.InvalidURL():
            return Refused("the address cannot be read as an http(s) address")
        case aiohttp.ClientConnectorError():
            return ConnectError(f"no connection to {error.host}: {_reason(error.os_error)}")
        case aiohttp.ServerDisconnectedError():
            return ConnectError("the server closed the connection without a full answer")
        case aiohttp.ClientPayloadError():
            return _payload_error(error)
        case aiohttp.ClientResponseError():
            return BadResponse(f"the answer is not readable as HTTP: {_reason(error)}")
        case _:
            return ConnectError(f"the connection broke: {_reason(error)}")


def _dns_error(error: OSError, host: str) -> DnsError:
    if error.errno in TEMPORARY:
        return DnsError(f"the name servers did not answer for {host}", temporary=True)
    return DnsError(f"the name {host} has no address")


def _payload_error(error: aiohttp.ClientPayloadError) -> IngestError:
    cause = error.__cause__
    if isinstance(cause, http_exceptions.HttpProcessingError) and "Not enough data" not in cause.message:
        return BadResponse(f"the body is not readable as HTTP: {_reason(cause)}")
    return ConnectError("the connection broke off in the middle of the answer")


def _reason(error: BaseException) -> str:
    """One line for people: no addresses with secrets, no controls, not long."""
    text = getattr(error, "strerror", None) or getattr(error, "message", None) or str(error) or type(error).__name__
    said = " ".join(str(text).partition(": b'")[0].split())  # what aiohttp adds there are the server's own bytes
    return mask_text(said)[:200]
