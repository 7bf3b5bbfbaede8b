"""Problem documents (RFC 9457): how every refusal under /api/ looks."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, JsonResponse

MEDIA_TYPE = "application/problem+json"


def problem(request: HttpRequest, status: int, detail: str) -> JsonResponse:
    """A problem document; ``detail`` says in one sentence what to do instead."""
    document = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": request.path,
    }
    return JsonResponse(document, status=status, content_type=MEDIA_TYPE)


def no_such_address(request: HttpRequest, rest: str = "") -> JsonResponse:
    """Whatever stands under /api/ and is none of ours."""
    return problem(request, 404, "There is nothing at this address; /api/v1/docs lists what there is.")
