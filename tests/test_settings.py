"""A bad value stops the start with one line that names the variable; the docs name every variable."""

from __future__ import annotations

import gzip
import os
import re
import stat
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import brotli
import pytest

ROOT = Path(__file__).resolve().parent.parent
BAD = [
    ("DEBUG", "perhaps"),
    ("DATABASE_URL", "mysql://u@h/db"),
    ("DATABASE_URL", "nonsense"),
    ("REDIS_URL", "http://127.0.0.1"),
    ("SITE_URL", "example.org"),
    ("SITE_URL", "https://example.org/?a=1"),
    ("TIME_ZONE", "Asia/Atlantis"),
    ("TIME_ZONE", "../../etc/passwd"),
    ("FETCH_ALLOW_NETWORKS", "127.0.0.1:99999"),
    ("FETCH_ALLOW_NETWORKS", "localhost"),
    ("FETCH_HOST_INTERVAL", "-1"),
    ("FETCH_HOST_INTERVAL", "soon"),
    ("FETCH_HOST_CONCURRENCY", "0"),
    ("EXTRACT_CHARS", "1e3"),
    ("EMAIL_URL", "gopher://x"),
    ("EMAIL_URL", "smtp://host:port"),
    ("LOG_FORMAT", "xml"),
    ("ADMIN_PATH", "ad min/"),
    ("METRICS_ALLOW", "everyone"),
    ("TRUSTED_PROXIES", "10.0.0.0/40"),
    ("DATA_DIR", "/proc/none/var"),
    ("SENTRY_DSN", "sentry.example.org"),
]


def start(tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path / "var"), "SECRET_KEY": "x", **variables}
    command = [sys.executable, "manage.py", "check"]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("name", "value"), BAD, ids=[f"{name}={value}" for name, value in BAD])
def test_a_bad_value_stops_the_start_with_one_line_that_names_it(name: str, value: str, tmp_path: Path) -> None:
    done = start(tmp_path, **{name: value})
    assert done.returncode == 1
    assert done.stderr.startswith(f"{name}: ")
    assert done.stderr.count("\n") == 1


def test_there_is_no_default_secret_key(tmp_path: Path) -> None:
    done = start(tmp_path, SECRET_KEY="")
    assert done.returncode == 1
    assert done.stderr.startswith("SECRET_KEY: ")


def test_the_data_folder_is_for_its_user_alone(tmp_path: Path) -> None:
    assert start(tmp_path).returncode == 0
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700


def test_the_production_settings_pass_the_deployment_check(tmp_path: Path) -> None:
    env = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(tmp_path),
        "SECRET_KEY": "k" * 10 + "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP-_",
        "SITE_URL": "https://news.example.org",
        "ALLOWED_HOSTS": "news.example.org",
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout + done.stderr


def test_every_variable_has_its_row_in_the_operations_manual() -> None:
    code = (ROOT / "aggregator" / "settings.py").read_text()
    used = set(re.findall(r'(?:env_\w+|secret_key)\("([A-Z_]+)"', code))
    told = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "operations.md").read_text(), re.MULTILINE))
    assert used == told


def test_errors_reach_a_sentry_masked(tmp_path: Path) -> None:
    received: list[bytes] = []

    class Sentry(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            plain = {"gzip": gzip.decompress, "br": brotli.decompress}.get(self.headers["Content-Encoding"], bytes)
            received.append(plain(body))
            self.send_response(200)
            self.end_headers()

    with ThreadingHTTPServer(("127.0.0.1", 0), Sentry) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        code = (
            "import django, logging, sentry_sdk; django.setup()\n"
            "logging.getLogger('x').error('cannot read https://user:secret@paper.example/feed')\n"
            "sentry_sdk.flush(5)"
        )
        env = {"SENTRY_DSN": f"http://key@127.0.0.1:{server.server_port}/1"}
        command = [sys.executable, "-c", code]
        known = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "SECRET_KEY": "x", **env}
        known["DJANGO_SETTINGS_MODULE"] = "aggregator.settings"
        done = subprocess.run(command, cwd=ROOT, env=known, capture_output=True, text=True, check=False)
        server.shutdown()
    assert done.returncode == 0, done.stderr
    text = b"".join(received).decode()
    assert "cannot read" in text
    assert "secret" not in text
