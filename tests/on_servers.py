"""Run pytest on PostgreSQL and Redis: ``python -m tests.on_servers [pytest arguments]``."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.servers import Missing, postgres, redis_server


def main() -> int:
    """Return pytest's status; without the programs 0 with the reason, or 1 where CI is set."""
    try:
        with postgres() as database, redis_server() as redis:
            env = {**os.environ, "DATABASE_URL": database, "REDIS_URL": redis}
            return subprocess.run([sys.executable, "-m", "pytest", *sys.argv[1:]], env=env, check=False).returncode
    except Missing as error:
        print(f"Not run on PostgreSQL and Redis: {error}.", file=sys.stderr)
        return 1 if os.environ.get("CI") else 0


if __name__ == "__main__":
    sys.exit(main())
