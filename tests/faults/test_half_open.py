"""A connection to the broker that is open and carries nothing: no error comes; without time-outs nobody moves."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from selfcare import broker
from tests.faults.rig import Installation, eventually

pytestmark = [pytest.mark.services]


class Proxy:
    """Stands between programs and broker. Connections that are frozen stay open; new ones pass."""

    def __init__(self, front: Path, back: Path) -> None:
        self._back, self._frozen, self._stopped = str(back), 0, threading.Event()
        self._sockets: list[socket.socket] = []
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(front))
        self._server.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def freeze_what_is_open(self) -> int:
        """Let the connections that exist swallow everything from now on; return how many they are."""
        self._frozen = len(self._sockets)
        return self._frozen

    def close(self) -> None:
        self._stopped.set()
        for one in [self._server, *self._sockets]:
            with contextlib.suppress(OSError):
                one.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._server.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._back)
            except OSError:
                return
            number = len(self._sockets)
            self._sockets += [client, server]
            for source, target in ((client, server), (server, client)):
                threading.Thread(target=self._carry, args=(source, target, number), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, number: int) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if number < self._frozen:
                    self._stopped.wait()
                    return
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


@pytest.fixture
def proxy(installation: Installation) -> Iterator[Proxy]:
    installation.start("broker")
    front = installation.socket_dir / "p"
    proxy = Proxy(front, broker.socket_in(installation.socket_dir))
    installation.redis_url = f"unix://{front}"
    yield proxy
    proxy.close()


def test_worker_and_scheduler_move_again_after_their_connections_went_dead(
    installation: Installation, proxy: Proxy
) -> None:
    installation.start("worker", "beat")
    assert eventually(lambda: installation.last_sign("beat")), installation.log("worker")

    assert proxy.freeze_what_is_open() > 0

    before = installation.last_sign("beat")
    assert eventually(lambda: installation.last_sign("beat") != before, seconds=60), installation.log("worker")
    assert installation.alive("worker")
    assert installation.alive("beat")
