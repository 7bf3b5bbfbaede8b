"""Every benchmark of speed and memory, one after another: ``python -m tests.benchmarks``; a line of JSON each.

What docs/performance.md says was printed by these. The whole takes about an hour on two cores; ``--quick`` runs smaller
sizes in some minutes, to see that they run.
"""

from __future__ import annotations

import os
import subprocess
import sys

from tests.conftest import ROOT

QUICK = {
    "fetch_http": ["200", "3"],
    "fetch_beside_reader": ["--quick"],
    "parse": ["--feeds", "20"],
    "tag": [],
    "two_processes": ["1"],
    "group": ["--window", "5000", "--more", "500"],
    "group_stored": ["--window", "1000", "--more", "200", "--stored", "1000", "5000"],
    "pages": ["--quick"],
    "api": ["20"],
    "export": [],
    "hub": ["50"],
    "poll": ["300"],
    "one_machine": ["43"],
}


def main() -> int:
    quick = "--quick" in sys.argv[1:]
    env = {"SECRET_KEY": "only-for-benchmarks", "DJANGO_SETTINGS_MODULE": "tests.settings", **os.environ}
    failed = 0
    for name, sizes in QUICK.items():
        command = [sys.executable, "-m", f"tests.benchmarks.{name}", *(sizes if quick else [])]
        failed += bool(subprocess.run(command, cwd=ROOT, env=env, check=False).returncode)
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
