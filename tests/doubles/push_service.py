"""A push service on this machine: takes real web push requests, decrypts them, and misbehaves when told to.

with PushService() as service:
    browser = service.subscribe()          # browser.as_json() is what a browser would post
    ...
    assert service.received[0].content["type"] == "check_in"
"""

from __future__ import annotations

import base64
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import http_ece
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

Answer = tuple[int, dict[str, str]]


@dataclass(frozen=True)
class Browser:
    """A subscription whose keys the push service double owns."""

    endpoint: str
    token: str
    p256dh: str
    auth: str
    private_key: ec.EllipticCurvePrivateKey = field(repr=False)

    def as_json(self) -> dict[str, Any]:
        """Return what ``PushSubscription.toJSON()`` gives."""
        return {
            "endpoint": self.endpoint,
            "expirationTime": None,
            "keys": {"p256dh": self.p256dh, "auth": self.auth},
        }


@dataclass(frozen=True)
class Received:
    """One request as it arrived, decrypted."""

    token: str
    headers: dict[str, str]
    plain: bytes
    encrypted_length: int
    at: float
    answered: int

    @property
    def content(self) -> dict[str, Any]:
        """Return the message as the service worker reads it."""
        return dict(json.loads(self.plain))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    service: PushService
    connections = 0

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections += 1
        super().process_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of senders that were killed; say the rest."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        self.server.service.handle(self)

    do_GET = do_POST

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


class PushService:
    """Listens on the loopback interface. ``behave`` decides the answers; the default is 201."""

    def __init__(self, *, port: int = 0) -> None:
        self.received: list[Received] = []
        self.arrived = threading.Condition()
        self._browsers: dict[str, Browser] = {}
        self._behaviour: Callable[[str], Answer | None] = lambda _: (201, {})
        self._released = threading.Event()
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.service = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def origin(self) -> str:
        """Return the scheme, host and port that endpoints begin with."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def connections(self) -> int:
        """Return how many TCP connections were made so far."""
        return self._server.connections

    def close(self) -> None:
        """Stop listening and let hanging requests go."""
        self._released.set()
        self._server.shutdown()
        self._server.server_close()

    def subscribe(self) -> Browser:
        """Return a new browser with keys of its own."""
        key = ec.generate_private_key(ec.SECP256R1())
        point = key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
        token = _base64url(os.urandom(24))
        browser = Browser(
            endpoint=f"{self.origin}/push/{token}",
            token=token,
            p256dh=_base64url(point),
            auth=_base64url(os.urandom(16)),
            private_key=key,
        )
        self._browsers[token] = browser
        return browser

    def answer(self, status: int, **headers: str) -> None:
        """Answer every request with this status; header names are written with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._behaviour = lambda _: (status, named)

    def behave(self, behaviour: Callable[[str], Answer | None]) -> None:
        """Let a function of the token decide: (status, headers), or None to hang until the service is closed."""
        self._behaviour = behaviour

    def hang(self) -> None:
        """Take requests and never answer."""
        self._behaviour = lambda _: None

    def wait_for(self, count: int, *, seconds: float = 10.0) -> list[Received]:
        """Return what has arrived as soon as it is this many; raise AssertionError when it takes too long."""
        with self.arrived:
            enough = self.arrived.wait_for(lambda: len(self.received) >= count, timeout=seconds)
        assert enough, f"{len(self.received)} of {count} pushes arrived within {seconds} seconds"
        return list(self.received)

    def handle(self, request: _Handler) -> None:
        """Take one request: decrypt, remember, answer."""
        body = request.rfile.read(int(request.headers.get("Content-Length", "0")))
        token = request.path.rpartition("/")[2]
        answer = self._behaviour(token)
        if answer is None:
            self._released.wait(60)
            request.close_connection = True
            return
        status, headers = answer
        browser = self._browsers.get(token)
        if browser is not None:
            plain = http_ece.decrypt(
                body,
                private_key=browser.private_key,
                auth_secret=base64.urlsafe_b64decode(browser.auth + "=="),
                version="aes128gcm",
            )
            with self.arrived:
                self.received.append(
                    Received(
                        token=token,
                        headers=dict(request.headers.items()),
                        plain=plain,
                        encrypted_length=len(body),
                        at=time.time(),
                        answered=status,
                    )
                )
                self.arrived.notify_all()
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name, value)
        request.send_header("Content-Length", "0")
        request.end_headers()


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
