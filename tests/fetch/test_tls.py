"""Certificates and names are verified."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from articles.errors import TlsError
from articles.fetch.http import Client
from articles.fetch.settings import FetchSettings
from articles.records import FeedRequest, Response
from tests.conftest import missing
from tests.hostile_server import FEED, HostileServer

SettingsFor = Callable[..., FetchSettings]


@pytest.fixture(scope="module")
def make_certificate(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Make a key with a certificate signed by itself, in one file."""
    if not shutil.which("openssl"):
        missing("openssl is not installed")

    def make(name: str, *, days: int = 30) -> Path:
        path = tmp_path_factory.mktemp("tls") / "both.pem"
        key = path.with_name("key.pem")
        subject = ["-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"]
        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        subprocess.run(
            ["openssl", "req", "-x509", *curve, "-keyout", key, "-out", path, "-days", str(days), *subject],
            check=True,
            capture_output=True,
        )
        path.write_text(path.read_text() + key.read_text())
        return path

    return make


def fetch_over_tls(certificate: Path, settings_for: SettingsFor, *, ca_file: str) -> Response:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with HostileServer(context) as server:
        server.serve("/feed", FEED)
        settings = replace(settings_for(server), ca_file=ca_file)

        async def run() -> Response:
            async with Client(settings) as client:
                return await client.fetch(FeedRequest(1, f"https://localhost:{server.port}/feed"))

        return asyncio.run(run())


def test_a_certificate_that_we_trust_is_accepted(
    make_certificate: Callable[..., Path], settings_for: SettingsFor
) -> None:
    certificate = make_certificate("localhost")
    assert fetch_over_tls(certificate, settings_for, ca_file=str(certificate)).body == FEED


def test_a_certificate_that_nobody_vouches_for_is_refused(
    make_certificate: Callable[..., Path], settings_for: SettingsFor
) -> None:
    with pytest.raises(TlsError, match="certificate is not valid"):
        fetch_over_tls(make_certificate("localhost"), settings_for, ca_file="")


def test_a_certificate_for_another_name_is_refused(
    make_certificate: Callable[..., Path], settings_for: SettingsFor
) -> None:
    certificate = make_certificate("other.example")
    with pytest.raises(TlsError, match="certificate is not valid"):
        fetch_over_tls(certificate, settings_for, ca_file=str(certificate))
