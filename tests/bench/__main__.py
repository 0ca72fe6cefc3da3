"""`python -m tests.bench`: store entries in three ways on PostgreSQL, judge one against a year, and print the ratios.

DATABASE_URL names the server; the benchmark makes and drops a database of its own there.
"""

from __future__ import annotations

import os
import sys
import tempfile
from urllib.parse import urlsplit, urlunsplit

import psycopg

DATABASE = "selfcare_bench"


def main() -> int:
    """Return 0 when the targets are met, else 1."""
    server = os.environ.get("DATABASE_URL") or "postgres://postgres@127.0.0.1:5432/postgres"
    parts = urlsplit(server)
    if parts.scheme not in {"postgres", "postgresql"}:
        sys.exit(f"DATABASE_URL is {server!r}; set it to a PostgreSQL server: postgres://user@host:5432/name.")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {DATABASE}")
    os.environ["DATABASE_URL"] = urlunsplit(parts._replace(path=f"/{DATABASE}"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    try:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["SELFCARE_DATA_DIR"] = folder
            # Only now: settings are read when the module is imported.
            return _run()
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")


def _run() -> int:
    from importlib import import_module

    return import_module("tests.bench.bench_entries").run()


if __name__ == "__main__":
    sys.exit(main())
