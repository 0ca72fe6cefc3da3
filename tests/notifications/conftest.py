"""What the tests of messages share: a push service, a mail server, and a database for threads to fight over."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, connections
from pytest_django import Settings

from notifications import nudge
from notifications.channels import email, web_push
from tests.doubles.push_service import PushService
from tests.doubles.smtp_server import MailServer


@pytest.fixture(autouse=True)
def _closed_breakers() -> None:
    """Start each test without the failures of the one before."""
    nudge.BREAKER.reset()
    email.BREAKER.reset()
    web_push.breaker_of.cache_clear()


@pytest.fixture
def push_service(settings: Settings) -> Iterator[PushService]:
    """Return a push service on this machine, to which this installation may send."""
    settings.PUSH_ALLOW_LOOPBACK = True
    with PushService() as service:
        yield service


@pytest.fixture
def mail_server(settings: Settings) -> Iterator[MailServer]:
    """Return a mail server on this machine, to which mail goes."""
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.host, server.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_TIMEOUT = 0.5
        yield server


@pytest.fixture
def shared_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """Give every thread a connection of its own to one database.

    The usual test database of SQLite is in memory, where locks are not those of a file. This one is a copy in a file,
    with the write-ahead log and the time-outs of the settings. PostgreSQL needs no such thing.
    """
    if connection.vendor != "sqlite":
        yield
        return
    path = tmp_path / "shared.sqlite3"
    connection.ensure_connection()
    with sqlite3.connect(path) as copy:
        connection.connection.backup(copy)
    copy.close()
    in_memory = connections["default"]
    name = in_memory.settings_dict["NAME"]
    in_memory.settings_dict["NAME"] = str(path)
    connections["default"] = connections.create_connection("default")
    yield
    connections["default"].close()
    in_memory.settings_dict["NAME"] = name
    connections["default"] = in_memory
