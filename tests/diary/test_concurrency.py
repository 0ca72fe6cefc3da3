"""Many requests at once: one row, one alert, and nobody who waits in vain. On whichever database the suite runs."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from notifications.models import Message
from selfcare.accounts.models import User
from selfcare.diary import recording
from selfcare.diary.models import Entry, Episode
from selfcare.triage import alerts, escalation
from selfcare.triage.models import Alert, AlertEvent
from selfcare.triage.moving import AlertConflict
from tests import factories
from tests.diary.phone import NOW, SADDLE, TODAY, answers, body

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 40


@pytest.fixture(autouse=True)
def _on_a_file(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """Let SQLite work on a file, as an installation does: its test database in memory locks in another way."""
    if connection.vendor != "sqlite" or not connection.is_in_memory_db():
        yield
        return
    in_memory, name = connection.connection, connection.settings_dict["NAME"]
    with closing(sqlite3.connect(tmp_path / "test.sqlite3")) as file:
        in_memory.backup(file)
    connection.connection, connection.settings_dict["NAME"] = None, str(tmp_path / "test.sqlite3")
    yield
    connection.close()
    connection.connection, connection.settings_dict["NAME"] = in_memory, name


@pytest.fixture
def post_at_once(ada: User, ben: User, episode: Episode) -> Callable[[list[tuple[uuid.UUID, Any]]], list[Any]]:
    """Return a function that sends entries of Ada from 40 threads at the same moment, and their answers."""
    token = factories.session_token(ada, second_factor=False)

    def sending(entries: list[tuple[uuid.UUID, Any]]) -> list[Any]:
        def send(entry: tuple[uuid.UUID, Any]) -> Any:
            entry_id, content = entry
            return Client().put(
                f"/api/v1/entries/{entry_id}",
                json.dumps(content),
                content_type="application/json",
                headers={"X-Session-Token": token},
            )

        return _at_once([lambda entry=entry: send(entry) for entry in entries])

    return sending


def test_identical_entries_at_once_are_one_row_one_alert_and_all_are_told_the_same(post_at_once: Any) -> None:
    entry_id, content = uuid.uuid4(), _now(observations=SADDLE)

    said = post_at_once([(entry_id, content)] * 120)

    assert sorted({answer.status_code for answer in said}) == [200, 201]
    assert sum(answer.status_code == 201 for answer in said) == 1
    assert len({answer.content for answer in said}) == 1
    assert Entry.objects.count() == 1
    # The persistence rules find what they find on the day on which this runs: each of them once as well.
    assert Alert.objects.filter(tier="emergency").count() == 1
    assert Alert.objects.count() == AlertEvent.objects.count() == Alert.objects.values("rule_id").distinct().count()
    assert Message.objects.count() == 2


def test_the_same_id_with_different_bodies_at_once_is_stored_once_and_refused_otherwise(post_at_once: Any) -> None:
    entry_id = uuid.uuid4()

    said = post_at_once([(entry_id, {**_now(), "app_version": str(place)}) for place in range(80)])

    assert sum(answer.status_code == 201 for answer in said) == 1
    assert sum(answer.status_code == 409 for answer in said) == 79


def test_different_entries_at_once_are_one_alert_with_an_event_for_each(post_at_once: Any) -> None:
    said = post_at_once([(uuid.uuid4(), _now(observations=SADDLE)) for _ in range(THREADS)])

    assert {answer.status_code for answer in said} == {201}
    alert = Alert.objects.get(rule_id="RF-CES-03")
    assert alert.events.filter(kind="opened").count() == 1
    assert alert.events.filter(kind="repeated").count() == THREADS - 1


def test_first_entries_at_once_begin_one_episode(ada: User) -> None:
    stored = _at_once(
        [lambda: recording.record_entry(ada, uuid.uuid4(), body(), now=NOW).created for _ in range(THREADS)]
    )

    assert stored == [True] * THREADS
    assert Episode.objects.count() == 1


def test_days_that_arrive_at_once_are_judged_as_if_one_after_the_other(ada: User, episode: Episode) -> None:
    diary = [answers(on=TODAY - timedelta(days=back), weakness=grade) for back, grade in ((1, 0), (0, 2))]

    _at_once([lambda day=day: recording.record_entry(ada, uuid.uuid4(), day, now=NOW) for day in diary])

    assert Alert.objects.filter(rule_id="RF-NEU-01", as_of=TODAY).count() == 1


def test_taking_and_escalating_at_once_leaves_no_message_due_to_a_clinician(
    ada: User, ben: User, episode: Episode
) -> None:
    due = NOW + timedelta(minutes=15)
    for _ in range(6):
        recording.record_entry(ada, uuid.uuid4(), body(observations=SADDLE), now=NOW)
        alert_id = Alert.objects.open().get().pk
        take = partial(alerts.acknowledge, alert_id, by=ben, now=due)

        _at_once([take, *[partial(escalation.escalate_due, now=due)] * 3])

        alert = Alert.objects.get(pk=alert_id)
        assert alert.status == "acknowledged"
        assert not Message.objects.filter(recipient=ben, status="due").exists()
        assert alert.events.filter(kind="escalated").count() <= 1
        alerts.close(alert_id, by=ben, outcome="seen_emergency", note="Seen.", now=due)


def test_clinicians_who_take_an_alert_at_once_learn_who_was_first(ada: User, ben: User, harbour: Any) -> None:
    colleagues = [ben] + [factories.member(of=harbour, email=f"c{n}@example.org") for n in range(9)]
    recording.record_entry(ada, uuid.uuid4(), body(observations=SADDLE), now=NOW)
    alert = Alert.objects.get()

    def take(by: User) -> bool:
        try:
            alerts.acknowledge(alert.pk, by=by, now=NOW)
        except AlertConflict:
            return False
        return True

    taken = _at_once([lambda by=by: take(by) for by in colleagues])

    assert sum(taken) == 1
    assert alert.events.filter(kind="acknowledged").count() == 1


def _now(**changes: Any) -> dict[str, Any]:
    now = timezone.now()
    return body(on=now.date(), at=now.isoformat(), zone="UTC", **changes)


def _at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """Return the results of calls that start together, at most 40 at a time, each with a connection of its own."""
    together = Barrier(min(THREADS, len(calls)))

    def run(place: int, call: Callable[[], Any]) -> Any:
        if place < together.parties:
            together.wait(timeout=30)
        try:
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(len(calls)), calls))
