"""The whole product as real processes: web, worker, scheduler, courier and broker, with doubles for mail and push."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from tests.doubles.push_service import PushService
from tests.doubles.smtp_server import MailServer

ROOT = Path(__file__).resolve().parent.parent.parent
PORTS = range(8110, 8120)
START_SECONDS = 90
STOP_SECONDS = 30


@dataclass
class Stack:
    """A running installation and the places its messages go to."""

    url: str
    environment: dict[str, str]
    mail: MailServer
    push: PushService
    log: Path
    _pause: threading.Event = field(default_factory=threading.Event)

    def manage(self, *arguments: str) -> str:
        """Return what a management command says; raises CalledProcessError when it fails."""
        return _run(["manage.py", *arguments], self.environment)

    def ask(self, expression: str, *, given: str = "") -> Any:
        """Return the value of a Python expression inside the installation, as JSON can carry it."""
        program = f"import json, django; django.setup()\n{given}\nprint(json.dumps({expression}, default=str))"
        return json.loads(_run(["-c", program], self.environment).splitlines()[-1])

    def wait_for(self, what: Callable[[], Any], *, seconds: float = 30, every: float = 0.2) -> Any:
        """Return the first true value of ``what``; raises TimeoutError when it takes too long."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if value := what():
                return value
            self._pause.wait(every)
        raise TimeoutError(f"Not within {seconds} s.")


@contextlib.contextmanager
def running_stack(folder: Path, **more: str) -> Iterator[Stack]:
    """Start the installation in an empty folder, wait until every part works, and stop it as Ctrl-C would.

    ``more`` are settings of the environment besides, or instead of, the usual ones of a journey.
    """
    with MailServer() as mail, PushService() as push, _services() as services:
        port = _free_port()
        data = folder / "var"
        environment = {
            **{name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"},
            "DJANGO_SETTINGS_MODULE": "selfcare.settings",
            "SELFCARE_DATA_DIR": str(data),
            "PORT": str(port),
            "SITE_URL": f"http://localhost:{port}",
            "EMAIL_URL": f"smtp://{mail.host}:{mail.port}",
            "PUSH_ALLOW_LOOPBACK": "1",
            "DEMO": "0",
            "DEMONSTRATION": "1",
            **services,
            **more,
        }
        log = folder / "stack.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        stack = Stack(url=environment["SITE_URL"], environment=environment, mail=mail, push=push, log=log)
        try:
            stack.wait_for(lambda: process.poll() is not None or _is_ready(port), seconds=START_SECONDS)
            assert process.poll() is None, log.read_text()
            yield stack
        finally:
            _stop(process)
    left = _processes_of(data)
    assert not left, f"Still running after the stop: {left}"


@contextlib.contextmanager
def _services() -> Iterator[dict[str, str]]:
    """Return where the data goes: SQLite and the embedded broker, or an empty database beside the one that is set."""
    services = {}
    if broker := os.environ.get("REDIS_URL"):
        services["REDIS_URL"] = f"{broker.rstrip('/')}/9" if not urlsplit(broker).path.strip("/") else broker
    address = os.environ.get("DATABASE_URL", "")
    if not address.startswith("postgres"):
        yield services
        return
    name = f"selfcare_journeys_{os.getpid()}"
    with psycopg.connect(address.rpartition("/")[0] + "/postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield services | {"DATABASE_URL": f"{address.rpartition('/')[0]}/{name}"}
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _run(arguments: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _free_port() -> int:
    for port in PORTS:
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError(f"No port from {PORTS[0]} to {PORTS[-1]} is free.")


def _is_ready(port: int) -> bool:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/readyz", headers={"Host": "localhost"})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise


def _processes_of(data: Path) -> list[str]:
    """Return the command lines of the processes that were started for this data folder."""
    wanted = f"SELFCARE_DATA_DIR={data}".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if wanted in (entry / "environ").read_bytes().split(b"\0"):
                found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip())
    return found
