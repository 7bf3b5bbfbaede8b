"""The files of an installation are read by the programs that will read them."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT, missing

DEPLOY = ROOT / "deploy"


def program(name: str) -> str:
    """Its path; without it the test is skipped, and fails where CI is set."""
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if path is None:
        missing(f"{name} is not installed")
    return str(path)


def test_systemd_accepts_every_unit(tmp_path: Path) -> None:
    executable = shutil.which("true")
    names = []
    for unit in (DEPLOY / "systemd").iterdir():
        text = re.sub(r"^ExecStart=\S+", f"ExecStart={executable}", unit.read_text(), flags=re.MULTILINE)
        (tmp_path / unit.name).write_text(text)
        names.append(str(tmp_path / unit.name.replace("@.", "@fetch.")))
    done = subprocess.run(
        [program("systemd-analyze"), "verify", "--man=no", *names], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert str(tmp_path) not in done.stderr, done.stderr


def test_units_run_what_an_installation_has() -> None:
    commands = re.findall(r"^ExecStart=/opt/orta/(\S+)", "".join(u.read_text() for u in units()), re.MULTILINE)
    assert len(commands) == 5
    assert set(commands) == {".venv/bin/granian", ".venv/bin/celery", ".venv/bin/python"}
    wanted = set(re.findall(r"orta-worker@(\w+)\.service", (DEPLOY / "systemd" / "orta.target").read_text()))
    assert wanted == {"fetch", "group", "deliver", "curate"}


def units() -> list[Path]:
    return sorted((DEPLOY / "systemd").iterdir())


def test_nginx_accepts_the_site(tmp_path: Path) -> None:
    site = (DEPLOY / "nginx" / "orta.conf").read_text().replace("@NAME@", "news.example.org")
    for word, path in (("/var/log/nginx/", f"{tmp_path}/"), ("listen 80", "listen 18080"), (":80;", ":18080;")):
        site = site.replace(word, path)
    conf = tmp_path / "nginx.conf"
    conf.write_text(f"pid {tmp_path}/pid; error_log {tmp_path}/errors; events {{}} http {{ {site} }}")
    done = subprocess.run([program("nginx"), "-t", "-c", str(conf)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_scripts_have_no_known_fault() -> None:
    scripts = [str(DEPLOY / "install.sh"), str(DEPLOY / "with-env"), str(ROOT / ".ci" / "run")]
    done = subprocess.run([program("shellcheck"), *scripts], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_settings_of_a_file_reach_the_command_as_they_stand(tmp_path: Path) -> None:
    file = tmp_path / "orta.env"
    file.write_text('# a note\nSITE_NAME=Orta & co $(false) `x` "y"\n\nREDIS_URL=redis://h/0')
    said = subprocess.run(
        [DEPLOY / "with-env", file, "printenv", "SITE_NAME", "REDIS_URL"], capture_output=True, text=True, check=True
    )
    assert said.stdout.splitlines() == ['Orta & co $(false) `x` "y"', "redis://h/0"]
    file.write_text("export SITE_NAME=x\n")
    bad = subprocess.run([DEPLOY / "with-env", file, "true"], capture_output=True, text=True, check=False)
    assert bad.returncode == 2
    assert "no NAME=value" in bad.stderr


def test_the_example_of_settings_names_known_variables_only() -> None:
    named = set(re.findall(r"^([A-Z_]+)=", (DEPLOY / "orta.env.example").read_text(), re.MULTILINE))
    known = set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs" / "operations.md").read_text(), re.MULTILINE))
    assert named
    assert named <= known


@pytest.mark.parametrize("name", ["orta", "@NAME@ x", "", "Ä.example"])
def test_the_installer_refuses_what_is_no_host_name(name: str) -> None:
    if name == "orta":
        name = "news.example.org;reboot"
    done = subprocess.run([DEPLOY / "install.sh", name], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Usage" in done.stderr
