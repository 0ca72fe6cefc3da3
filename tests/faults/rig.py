"""An installation of the test's own: real programs, a real broker, a database file, doubles of the outside world.

It is always the embedded profile, whatever the suite runs on, because everything in it is killed sooner or later.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from selfcare import broker, programs
from selfcare.launcher import Program
from tests.doubles.push_service import PushService

ROOT = Path(__file__).resolve().parents[2]
SETUP = "import django; django.setup()\n"


@dataclass
class Installation:
    """Programs by name, each in a process group of its own, so that a kill takes the whole of it."""

    data_dir: Path
    push: PushService
    port: int = field(default_factory=lambda: free_port())
    redis_url: str = ""
    _processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self.socket_dir = broker.new_socket_dir()
        self.redis_url = f"unix://{broker.socket_in(self.socket_dir)}"
        return self

    def __exit__(self, *_: object) -> None:
        for name in list(self._processes):
            self.kill(name)
        shutil.rmtree(self.socket_dir, ignore_errors=True)

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment of its programs."""
        ours = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "EMAIL_URL"}}
        return {
            **ours,
            "DJANGO_SETTINGS_MODULE": "selfcare.settings",
            "SELFCARE_DATA_DIR": str(self.data_dir),
            "REDIS_URL": self.redis_url,
            "PORT": str(self.port),
            "PUSH_ALLOW_LOOPBACK": "1",
            "PYTHONUNBUFFERED": "1",
        }

    def start(self, *names: str) -> None:
        """Start programs; returns when the broker, the web server and the worker among them do their work."""
        for name in names:
            log = (self.data_dir / f"{name}.log").open("ab")
            self._processes[name] = subprocess.Popen(
                self._program(name).command,
                env=self.environment,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            log.close()
            if name == "broker":
                assert eventually(lambda: broker.answers(self.socket_dir)), "the broker does not answer"
            if name == "web":
                assert eventually(self._web_answers), self.log("web")

    def kill(self, name: str) -> None:
        """End a program and its helpers without a word."""
        process = self._processes.pop(name)
        self.signal(process, signal.SIGKILL)
        self.signal(process, signal.SIGCONT)
        process.wait()

    def freeze(self, name: str) -> None:
        """Stop a program in its tracks: it is alive and does nothing."""
        self.signal(self._processes[name], signal.SIGSTOP)

    def alive(self, name: str) -> bool:
        """Return whether the program that was started still runs, without having been started again."""
        return self._processes[name].poll() is None

    def signal(self, process: subprocess.Popen[bytes], number: signal.Signals) -> None:
        """Send a signal to a whole process group."""
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            return

    def log(self, name: str) -> str:
        """Return what a program has written."""
        return (self.data_dir / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def python(self, code: str) -> str:
        """Run code inside the installation and return what it prints."""
        run = subprocess.run(
            [sys.executable, "-c", SETUP + code], env=self.environment, cwd=ROOT, capture_output=True, text=True
        )
        assert run.returncode == 0, run.stderr
        return run.stdout.strip()

    def owe_a_push(self) -> str:
        """Owe a person a push, as a recorded entry does, and return the id of the message."""
        browser = self.push.subscribe()
        return self.python(
            "from django.db import transaction\n"
            "from django.utils import timezone\n"
            "from notifications import outbox\n"
            "from notifications.models import Message, PushSubscription\n"
            "from selfcare.accounts.models import User\n"
            "now = timezone.now()\n"
            "user = User.objects.get_or_create(email='ada@example.org')[0]\n"
            f"place = PushSubscription.objects.create(user=user, created_at=now, endpoint={browser.endpoint!r}, "
            f"p256dh={browser.p256dh!r}, auth={browser.auth!r})\n"
            "with transaction.atomic():\n"
            "    outbox.notify(user.pk, cause=f'test:{place.pk}', kind='worklist', now=now, priority=0, email=False)\n"
            "print(Message.objects.get(subscription=place).pk)"
        )

    def read(self, query: str, *values: object) -> list[Any]:
        """Return the rows of a query on the database file."""
        with sqlite3.connect(f"file:{self.data_dir / 'selfcare.sqlite3'}?mode=ro", uri=True, timeout=20) as connection:
            rows = connection.execute(query, values).fetchall()
        connection.close()
        return rows

    def message(self, message_id: str) -> dict[str, Any]:
        """Return status and attempts of a message."""
        ((status, attempts),) = self.read(
            "SELECT status, attempts FROM notifications_message WHERE id = ?", message_id.replace("-", "")
        )
        return {"status": status, "attempts": attempts}

    def last_sign(self, name: str) -> str | None:
        """Return when a background program last did its work."""
        rows = self.read("SELECT at FROM notifications_heartbeat WHERE name = ?", name)
        return rows[0][0] if rows else None

    def _program(self, name: str) -> Program:
        if name == "broker":
            server = broker.find_server()
            assert server
            return Program(name, broker.command(server, directory=self.socket_dir, data_dir=self.data_dir / "broker"))
        program = {one.name: one for one in programs.all_programs()}[name]
        if name == "web":
            bind = program.command.index("--bind") + 1
            return Program(name, [*program.command[:bind], f"127.0.0.1:{self.port}", *program.command[bind + 1 :]])
        return program

    def _web_answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


def free_port() -> int:
    """Return a port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(true: Callable[[], object], *, seconds: float = 30.0) -> bool:
    """Return whether the condition came true in time."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def processes_of(data_dir: Path) -> dict[int, str]:
    """Return the command lines of all processes that were started with this data directory, by process id.

    The broker writes over its environment; it is known by its working directory.
    """
    wanted = f"SELFCARE_DATA_DIR={data_dir}".encode()
    found = {}
    for pid, directory in _live():
        with contextlib.suppress(OSError):
            ours = wanted in (directory / "environ").read_bytes().split(b"\0")
            if (ours or (directory / "cwd").readlink().is_relative_to(data_dir)) and pid != os.getpid():
                found[pid] = _command_line(directory)
    return found


def children_of(parent: int) -> dict[int, str]:
    """Return the command lines of the live children of a process, by process id."""
    return {pid: _command_line(directory) for pid, directory in _live() if _stat(directory)[1] == str(parent)}


def _live() -> Iterator[tuple[int, Path]]:
    for directory in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if _stat(directory)[0] != "Z":
                yield int(directory.name), directory


def _stat(directory: Path) -> list[str]:
    return (directory / "stat").read_text().rpartition(")")[2].split()


def _command_line(directory: Path) -> str:
    return (directory / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
