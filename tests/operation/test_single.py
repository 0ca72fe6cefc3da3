"""One run per data directory."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from selfcare import single
from selfcare.single import AlreadyRunning, only_run

HOLD = "import time; print('here', flush=True); time.sleep(60)"


def test_a_second_run_with_the_same_data_is_told_who_has_it(tmp_path: Path) -> None:
    with only_run(tmp_path) as run:
        run.note(socket_dir=None)

        with pytest.raises(AlreadyRunning, match=rf"process {os.getpid()}\). Stop it first"), only_run(tmp_path):
            pass


def test_a_run_that_has_ended_leaves_the_data_free(tmp_path: Path) -> None:
    with only_run(tmp_path) as run:
        run.note(socket_dir=None)

    with only_run(tmp_path) as again:
        assert again.handle


def test_what_a_killed_run_left_behind_is_tidied_up(tmp_path: Path) -> None:
    left = tmp_path / "selfcare-abc"
    left.mkdir()
    (left / "s").touch()
    with only_run(tmp_path / "data") as run:
        run.note(socket_dir=left)

    with only_run(tmp_path / "data"):
        assert not left.exists()


def test_a_directory_that_is_not_a_socket_directory_is_never_deleted(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    with only_run(tmp_path / "data") as run:
        run.note(socket_dir=precious)

    with only_run(tmp_path / "data"):
        assert precious.exists()


def test_the_data_is_held_until_the_last_program_of_a_killed_run_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(single, "PATIENCE_SECONDS", 0.5)
    with only_run(tmp_path) as run:
        # The note of a launcher that is dead, while one of its programs still holds the file.
        os.pwrite(run.handle, b'{"pid": 0, "socket_dir": ""}', 0)
        left = subprocess.Popen([sys.executable, "-c", HOLD], pass_fds=[run.handle], stdout=subprocess.PIPE)
        assert left.stdout is not None
        left.stdout.readline()

    with pytest.raises(AlreadyRunning), only_run(tmp_path):
        pass
    left.kill()
    left.communicate()
    with only_run(tmp_path) as again:
        assert again.handle
