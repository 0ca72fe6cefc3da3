"""Fixtures of the fault tests: an installation that may be broken."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doubles.push_service import PushService
from tests.faults.rig import ROOT, Installation


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data directory with an empty, migrated database, to be copied."""
    data_dir = tmp_path_factory.mktemp("migrated")
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        env={**kept, "SELFCARE_DATA_DIR": str(data_dir)},
        cwd=ROOT,
        check=True,
    )
    return data_dir


@pytest.fixture
def push() -> Iterator[PushService]:
    """Return a push service on this machine."""
    with PushService() as service:
        yield service


@pytest.fixture
def installation(migrated: Path, tmp_path: Path, push: PushService) -> Iterator[Installation]:
    """Return an installation in which nothing runs yet."""
    data_dir = tmp_path / "data"
    shutil.copytree(migrated, data_dir)
    with Installation(data_dir=data_dir, push=push) as installation:
        yield installation
