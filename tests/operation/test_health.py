"""What /healthz and /readyz say."""

from __future__ import annotations

import socket
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from django.db import DatabaseError
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from notifications import heartbeat
from notifications.models import Message
from selfcare import health

NOW = datetime(2026, 3, 2, 18, 30, tzinfo=UTC)


@pytest.fixture
def broker_answers() -> Iterator[None]:
    with patch.object(health, "_broker", return_value=""):
        yield


@pytest.fixture
def everybody_works(db: None, broker_answers: None) -> None:
    for name in heartbeat.NAMES:
        heartbeat.beat(name, now=NOW - timedelta(seconds=10))


def message(*, due_at: datetime, status: str = Message.Status.DUE) -> Message:
    return Message.objects.create(
        key=str(uuid.uuid4()),
        cause="test",
        kind="operator",
        channel="email",
        address="canary-zeisig@example.org",
        status=status,
        created_at=due_at,
        next_attempt_at=due_at,
    )


def test_the_process_is_live_without_asking_the_database(client: Client) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_nothing_is_wrong_while_everybody_works(everybody_works: None) -> None:
    assert health.find_problems(now=NOW) == {}


@pytest.mark.parametrize("name", heartbeat.NAMES)
def test_a_part_that_has_stopped_working_is_named(everybody_works: None, name: str) -> None:
    heartbeat.beat(name, now=NOW - timedelta(seconds=75))

    problems = health.find_problems(now=NOW)

    assert list(problems) == [name]
    assert problems[name].startswith(f"The {name} last worked 75 s ago.")


def test_a_heartbeat_from_the_future_is_not_fresh(everybody_works: None) -> None:
    heartbeat.beat("beat", now=NOW + timedelta(hours=2))

    assert list(health.find_problems(now=NOW)) == ["beat"]


def test_a_part_that_has_never_worked_is_named(db: None, broker_answers: None) -> None:
    problems = health.find_problems(now=NOW)

    assert problems["courier"] == (
        "There is no sign yet that the courier has worked. Start the courier again: manage.py courier."
    )


def test_a_message_that_waits_for_more_than_a_minute_is_a_problem(everybody_works: None) -> None:
    message(due_at=NOW - timedelta(seconds=61))

    assert list(health.find_problems(now=NOW)) == ["outbox"]


def test_a_message_that_was_sent_or_is_not_due_is_no_problem(everybody_works: None) -> None:
    message(due_at=NOW - timedelta(days=1), status=Message.Status.SENT)
    message(due_at=NOW + timedelta(minutes=5))

    assert health.find_problems(now=NOW) == {}


def test_a_broker_that_does_not_answer_is_a_problem(db: None, settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1"

    assert health.find_problems(now=NOW)["broker"].startswith("The broker does not answer.")


def test_a_broker_that_hangs_is_given_up_after_a_second(db: None, settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.REDIS_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}"
        before = time.monotonic()

        problems = health.find_problems(now=NOW)

    assert "broker" in problems
    assert time.monotonic() - before < 3


def test_mail_that_reaches_nobody_is_a_problem_in_production(everybody_works: None, settings: Settings) -> None:
    settings.EMBEDDED = False

    assert list(health.find_problems(now=NOW)) == ["mail"]


def test_no_broker_at_all_is_a_problem(db: None, settings: Settings) -> None:
    settings.REDIS_URL = ""

    assert health.find_problems(now=NOW)["broker"] == "No broker is set. Start with make run, or set REDIS_URL."


def test_not_ready_is_503_with_a_sentence_and_without_anything_about_a_person(
    client: Client, everybody_works: None
) -> None:
    message(due_at=NOW)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert set(response.json()["problems"]) == {"beat", "worker", "courier", "outbox"}
    assert b"zeisig" not in response.content


def test_being_asked_is_cheap(everybody_works: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(3):
        health.find_problems(now=NOW)


def test_a_database_that_is_away_is_said_and_not_a_crash(client: Client, broker_answers: None) -> None:
    with patch.object(health.connection, "cursor", side_effect=DatabaseError("password=canary-zeisig")):
        response = client.get("/readyz")

    assert response.status_code == 503
    assert list(response.json()["problems"]) == ["database"]
    assert b"zeisig" not in response.content


def test_an_answer_is_never_kept_by_a_cache(client: Client) -> None:
    assert "no-store" in client.get("/healthz")["Cache-Control"]
