"""The address of the hub: it takes wishes and answers at once; everything else happens later."""

from __future__ import annotations

import contextlib
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from kombu.exceptions import OperationalError

from articles import tasks
from articles.hub.requests import Rejected, accept, bad
from articles.publish.addresses import hub_address

MAX_BODY = 16 * 1024  # bytes of a request
FORM = "application/x-www-form-urlencoded"
ABOUT = (
    "This is a WebSub hub for the feeds of this site. Subscribe with a POST of hub.mode, hub.topic and hub.callback."
)


@csrf_exempt
def hub(request: HttpRequest) -> HttpResponse:
    """202 for a wish that will be verified; else a plain sentence that says what is wrong."""
    if not hub_address():
        return told(HTTPStatus.NOT_FOUND, "This site has no hub: it is not on the public internet.")
    if request.method != "POST":
        response = told(HTTPStatus.METHOD_NOT_ALLOWED, ABOUT)
        response["Allow"] = "POST"
        return response
    try:
        accept(read_form(request), address=request.META.get("REMOTE_ADDR", ""), now=timezone.now())
    except Rejected as error:
        response = told(error.status, str(error))
        if error.status == HTTPStatus.TOO_MANY_REQUESTS:
            response["Retry-After"] = "600"
        return response
    with contextlib.suppress(OperationalError):  # without a queue the next minute's look finds it
        tasks.verify_subscribers.delay()
    return told(HTTPStatus.ACCEPTED, "The callback will be asked to confirm.")


def read_form(request: HttpRequest) -> dict[str, str]:
    """The fields of the request; the first of those given twice. Raises Rejected."""
    if request.content_type != FORM:
        raise Rejected(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Send {FORM}.")
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > MAX_BODY:
        raise Rejected(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"At most {MAX_BODY} bytes.")
    try:
        return {name: str(values[0]) for name, values in request.POST.lists()}
    except (SuspiciousOperation, RequestDataTooBig, MultiPartParserError, UnicodeError):
        raise bad("This form cannot be read.") from None


def told(status: HTTPStatus, text: str) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
