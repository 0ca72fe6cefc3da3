"""SQLite as it really runs, in a file: the test suite's own database is in memory."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REPORT = (
    "import django; django.setup(); from django.conf import settings; from django.db import connection;"
    "from selfcare import checks; {change}; print([one.id for one in checks.database(None, ['default'])])"
)
OPTIONS = "options = settings.DATABASES['default']['OPTIONS']"


def report(change: str, data_dir: Path) -> str:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "selfcare.settings", "SELFCARE_DATA_DIR": str(data_dir)}
    environment.pop("DATABASE_URL", None)
    run = subprocess.run(
        [sys.executable, "-c", REPORT.format(change=change)],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.strip()


def test_a_new_installation_keeps_what_it_acknowledges(tmp_path: Path) -> None:
    assert report("pass", tmp_path) == "[]"


@pytest.mark.parametrize(
    ("change", "id_"),
    [
        (f"{OPTIONS}; options.update(init_command='PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL')", "E005"),
        (f"{OPTIONS}; options.update(timeout=5)", "E006"),
        (f"{OPTIONS}; options.pop('transaction_mode')", "E007"),
        ("checks._mounts = lambda: 'mac / virtiofs rw'", "E008"),
    ],
)
def test_each_way_to_lose_an_entry_is_noticed(change: str, id_: str, tmp_path: Path) -> None:
    assert report(change, tmp_path) == f"['selfcare.{id_}']"
