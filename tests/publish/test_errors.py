"""The pages for what went wrong are ours, speak the language of the address, and ask no database."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from aggregator.middleware import LanguageFromPath
from articles.publish.views import errors

WORDS = {
    "": ("There is nothing at this address", "Something broke on our side"),
    "/fr": ("Il n’y a rien à cette adresse", "Une panne de notre côté"),
    "/ru": ("По этому адресу ничего нет", "Сбой на нашей стороне"),
}


@pytest.mark.parametrize("prefix", WORDS)
@pytest.mark.parametrize(("place", "status"), [(0, 404), (1, 500)])
def test_error_pages_stand_without_a_database(rf: RequestFactory, prefix: str, place: int, status: int) -> None:
    """This test has no database mark, so any query would fail it."""

    def view(request: HttpRequest) -> HttpResponse:
        return (errors.not_found, errors.server_error)[place](request)

    answer = LanguageFromPath(view)(rf.get(f"{prefix}/countries/atlantis/"))
    assert answer.status_code == status
    body = answer.content.decode()
    assert f"<h1>{WORDS[prefix][place]}</h1>" in body
    assert f'href="{prefix}/countries/kazakhstan/"' in body, "the ways on stay in the language"
