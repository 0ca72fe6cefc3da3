"""One run per data directory: two would share a broker's files and each other's schedule."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

PATIENCE_SECONDS = 20.0


class AlreadyRunning(Exception):
    """Somebody else holds the data directory; the text says who and what to do."""


class Run:
    """The mark of one run. Its file is held until the last process that inherited it is gone."""

    def __init__(self, handle: int) -> None:
        self.handle = handle

    def note(self, *, socket_dir: Path | None) -> None:
        """Write down what this run leaves behind should it be killed."""
        text = json.dumps({"pid": os.getpid(), "socket_dir": str(socket_dir or "")})
        os.ftruncate(self.handle, 0)
        os.pwrite(self.handle, text.encode(), 0)


@contextlib.contextmanager
def only_run(data_dir: Path) -> Iterator[Run]:
    """Hold the data directory for as long as the context lasts; raises AlreadyRunning where another run has it.

    The programs of a run that was killed outright need a moment to end: they are waited for.
    """
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(data_dir / "serve.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not _locked(handle):
            other = _noted(handle).get("pid", 0)
            if _alive(other) or time.monotonic() > deadline:
                raise AlreadyRunning(
                    f"selfcare already runs with the data in {data_dir} (process {other}). "
                    "Stop it first, or set SELFCARE_DATA_DIR to another folder."
                )
            time.sleep(0.2)
        _tidy_up_after(_noted(handle))
        yield Run(handle)
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _noted(handle: int) -> dict[str, object]:
    try:
        noted = json.loads(os.pread(handle, 4096, 0) or b"{}")
    except ValueError:
        return {}
    return noted if isinstance(noted, dict) else {}


def _alive(pid: object) -> bool:
    if not isinstance(pid, int) or pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _tidy_up_after(noted: dict[str, object]) -> None:
    left = Path(str(noted.get("socket_dir") or ""))
    # Only what `broker.new_socket_dir` makes, and only our own.
    if left.name.startswith("selfcare-") and left.is_dir() and left.stat().st_uid == os.getuid():
        shutil.rmtree(left, ignore_errors=True)
