"""A broker in any state of trouble: the request goes on, fast, and the message is in the database."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django import Settings

from notifications import nudge, outbox
from notifications.breaker import Breaker
from notifications.models import Kind, Message
from selfcare import broker
from tests import factories
from tests.factories import NOW


@pytest.fixture
def silent_broker(settings: Settings) -> Iterator[socket.socket]:
    """Configure a broker that takes connections and never says a word: a half-open path, a frozen Redis."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as listener:
        settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{listener.getsockname()[1]}/0"
        yield listener


@pytest.fixture
def dead_broker(settings: Settings) -> None:
    """Configure a broker whose port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{port}/0"


@contextmanager
def running(command: list[str], directory: Path) -> Iterator[None]:
    """Run the embedded broker."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 10
        while not broker.answers(directory) and time.monotonic() < deadline:
            time.sleep(0.02)
        yield
    finally:
        process.kill()
        process.wait()


@pytest.mark.django_db(transaction=True)
def test_with_the_broker_dead_the_message_is_stored_and_nothing_is_raised(dead_broker: None) -> None:
    person = factories.user(email="ben@example.org")

    with transaction.atomic():
        outbox.notify(person.pk, cause="alert:1", kind=Kind.WORKLIST, now=NOW)

    assert Message.objects.get().status == Message.Status.DUE


def test_a_frozen_broker_costs_the_first_request_two_seconds_and_the_others_nothing(
    silent_broker: socket.socket,
) -> None:
    times = []

    for _ in range(20):
        started = time.monotonic()
        assert nudge.nudge([uuid.uuid4()]) == 0
        times.append(time.monotonic() - started)

    assert times[0] < 2.5
    assert max(times[1:]) < 0.1


def test_a_dead_broker_costs_a_request_next_to_nothing(dead_broker: None) -> None:
    started = time.monotonic()

    nudge.nudge([uuid.uuid4()])

    assert time.monotonic() - started < 2


def test_trouble_with_the_broker_is_logged_without_its_text(
    dead_broker: None, caplog: pytest.LogCaptureFixture
) -> None:
    nudge.nudge([uuid.uuid4()])

    (record,) = [each for each in caplog.records if each.name == "notifications.nudge"]
    assert record.getMessage() == "broker unreachable (OperationalError), 1 hints not given"


def test_a_broker_that_was_away_gets_hints_again(settings: Settings, tmp_path: Path) -> None:
    server = broker.find_server()
    assert server is not None
    directory = broker.new_socket_dir()
    settings.CELERY_BROKER_URL = f"redis+socket://{broker.socket_in(directory)}?virtual_host=0"
    command = broker.command(server, directory=directory, data_dir=tmp_path)

    with running(command, directory):
        first = nudge.nudge([uuid.uuid4()])
    while_away = nudge.nudge([uuid.uuid4()])
    nudge.BREAKER.reset()  # the pause is over
    with running(command, directory):
        again = nudge.nudge([uuid.uuid4(), uuid.uuid4()])

    shutil.rmtree(directory)
    assert (first, while_away, again) == (1, 0, 2)


def test_without_a_broker_nothing_is_tried(settings: Settings) -> None:
    settings.CELERY_BROKER_URL = "memory://"

    assert nudge.nudge([uuid.uuid4()]) == 0


def test_a_hint_carries_an_id_and_nothing_else(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:6379/0"
    sent: list[tuple[str, dict[str, object]]] = []

    class Pool:
        def acquire(self, **_: object) -> Pool:
            return self

        def __enter__(self) -> Pool:
            return self

        def __exit__(self, *_: object) -> None:
            return

    monkeypatch.setattr(nudge, "_producers", lambda _: Pool())
    monkeypatch.setattr(nudge.current_app, "send_task", lambda name, **options: sent.append((name, options)))
    id_ = uuid.uuid4()

    nudge.nudge([id_])

    ((name, options),) = sent
    assert name == "notifications.tasks.deliver_message"
    assert json.dumps(options["kwargs"]) == json.dumps({"message_id": str(id_)})
    assert (options["retry"], options["expires"]) == (False, 60)


def test_a_breaker_opens_after_its_failures_and_lets_one_try_when_the_pause_is_over() -> None:
    clock = [0.0]
    breaker = Breaker(failures=2, pause=10, clock=lambda: clock[0])
    breaker.failed()
    still_closed = breaker.allows()
    breaker.failed()
    opened = breaker.allows()

    clock[0] = 10.0
    tries = [breaker.allows() for _ in range(3)]
    breaker.succeeded()

    assert (still_closed, opened, tries) == (True, False, [True, False, False])
    assert breaker.allows()
