"""Fixtures that every test may use: the stock people, and browsers in which they are logged in."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.core.handlers.base import BaseHandler
from django.core.management.commands import flush as flush_command
from django.core.servers.basehttp import WSGIServer
from django.db import connections
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import Client, override_settings
from django.utils import timezone

from notifications.channels import web_push
from selfcare.accounts import append_only
from selfcare.accounts.models import Clinic, User
from tests import canary, factories

# The tests are about the sheets as they stand, whatever has been published; programs that a test starts do the same.
os.environ["CATALOGUE"] = settings.CATALOGUE = "sheets"

# A browser closes its connections when it is closed; one that a test left open must not hold up the others for long.
REQUESTS_END_SECONDS = 3.0


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest, django_db_modify_db_settings: None) -> None:
    """Give browsers a database in a file: in memory all requests would share one connection and lock each other out."""
    database = connections["default"].settings_dict
    in_browsers = any(item.get_closest_marker("browser") for item in request.session.items)
    if in_browsers and database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(Path(database["NAME"]).with_name(f"test-{os.getpid()}.sqlite3"))
        # What a power cut would cost is tested elsewhere.
        database["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"


@pytest.fixture(scope="session", autouse=True)
def _flush_lifts_the_guards() -> Iterator[None]:
    """Let the flush after a transactional test empty the append-only tables, and nothing else.

    The database refuses to delete audit events and consents. Emptying the test database between two transactional
    tests is the one honest reason to do it: the guard is lifted for exactly that statement and put back.
    """
    flush = BaseDatabaseOperations.execute_sql_flush

    def with_the_guards_lifted(operations: BaseDatabaseOperations, statements: list[str]) -> None:
        _let_requests_end()
        with append_only.lifted(operations.connection):
            flush(operations, statements)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", with_the_guards_lifted)
        # Django then writes permissions for every model anew: longer than emptying takes, and nobody here has any.
        patch.setattr(flush_command, "emit_post_migrate_signal", lambda *_, **__: None)
        yield


def _let_requests_end() -> None:
    """Wait for requests that a live server still answers: with SQLite in memory they lock the tables to be emptied."""
    deadline = time.monotonic() + REQUESTS_END_SECONDS
    for thread in threading.enumerate():
        # Only those of the live server: the doubles keep their connections open and touch no database.
        server = getattr(getattr(thread, "_target", None), "__self__", None)
        if isinstance(server, WSGIServer):
            thread.join(max(0.0, deadline - time.monotonic()))


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_looked_up_when_asked_for() -> Iterator[None]:
    """Spare every test client the walk over all static files, which took half of the suite's time."""
    with override_settings(WHITENOISE_AUTOREFRESH=True):
        yield


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Start each test without the rate limits that another one used up."""
    cache.clear()


@pytest.fixture(autouse=True)
def canary_watch(monkeypatch: pytest.MonkeyPatch) -> Iterator[canary.Watch]:
    """Search everything that leaves the product during the test for patients whom the reader may not see."""
    watch = canary.Watch()
    monkeypatch.setattr(BaseHandler, "get_response", canary.watched(BaseHandler.get_response, watch))
    monkeypatch.setattr(web_push, "_encrypt", canary.watched_encryption(web_push._encrypt, watch))
    handler = canary.LogWatch(watch)
    logging.getLogger().addHandler(handler)
    yield watch
    logging.getLogger().removeHandler(handler)
    watch.mail(getattr(mail, "outbox", []))
    assert not watch.violations, "\n".join(watch.violations)


@pytest.fixture
def harbour(db: None) -> Clinic:
    """Return the clinic that looks after Ada."""
    return factories.clinic(name="Harbour Clinic")


@pytest.fixture
def ada(harbour: Clinic) -> User:
    """Return Ada, a patient of Harbour Clinic."""
    return factories.patient(email="ada@example.org", name="Ada", of=harbour)


@pytest.fixture
def ben(harbour: Clinic) -> User:
    """Return Ben, Ada's clinician."""
    return factories.member(of=harbour, email="ben@example.org", name="Ben")


@pytest.fixture
def cy(db: None) -> User:
    """Return Cy, a clinician of another clinic, who must be refused."""
    return factories.member(of=factories.clinic(name="Hill Clinic"), email="cy@example.org", name="Cy")


@pytest.fixture
def ada_client(ada: User) -> Client:
    """Return a browser in which Ada is logged in."""
    return factories.log_in(Client(), ada, second_factor=False)


@pytest.fixture
def ben_client(ben: User) -> Client:
    """Return a browser in which Ben is logged in, second factor shown."""
    return factories.log_in(Client(), ben)


@pytest.fixture
def cy_client(cy: User) -> Client:
    """Return a browser in which Cy is logged in, second factor shown."""
    return factories.log_in(Client(), cy)


@pytest.fixture
def real_now() -> datetime:
    """Return the instant at which the test runs: for pages, which read the clock themselves."""
    return timezone.now()
