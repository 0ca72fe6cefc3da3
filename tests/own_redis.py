"""A pytest plugin that gives each test process a Redis database of its own, from number 8 on.

Tests empty the cache before they begin; two processes that share one would wipe each other's counters, and databases
0 and 1 may hold those of an installation. Loaded with ``-p`` because settings are read before any conftest.
"""

import os
from urllib.parse import urlsplit, urlunsplit

FIRST = 8

if url := os.environ.get("REDIS_URL", ""):
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    os.environ["REDIS_URL"] = urlunsplit(urlsplit(url)._replace(path=f"/{FIRST + int(worker) % FIRST}"))
