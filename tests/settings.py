"""Settings of the test run: the production settings with safe values for a run without an environment."""

import os

os.environ.setdefault("SECRET_KEY", "only-for-tests")
os.environ.setdefault("SITE_URL", "http://testserver")
os.environ.setdefault("ALLOWED_HOSTS", "testserver localhost 127.0.0.1")

from aggregator.settings import *  # noqa: E402, F403
