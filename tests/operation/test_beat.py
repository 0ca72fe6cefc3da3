"""The scheduler and a clock that somebody sets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from celery.beat import ScheduleEntry
from celery.schedules import schedule

import selfcare.celery
from selfcare.celery import app, tick


class Monotonic:
    """A clock that only the test moves on."""

    seconds = 0.0

    def __call__(self) -> float:
        return selfcare.celery._STARTED + self.seconds


@pytest.fixture
def monotonic(monkeypatch: pytest.MonkeyPatch) -> Monotonic:
    clock = Monotonic()
    monkeypatch.setattr(selfcare.celery, "monotonic", clock)
    return clock


@pytest.fixture
def two_hours_back() -> Iterator[None]:
    with time_machine.travel(datetime.now().astimezone() - timedelta(hours=2)):
        yield


def due(entry: ScheduleEntry) -> bool:
    return bool(entry.is_due().is_due)


def test_an_entry_is_due_when_its_period_is_over(monotonic: Monotonic) -> None:
    entry = ScheduleEntry(name="x", app=app, **tick("x", every=10))
    monotonic.seconds = 9.9

    assert not due(entry)
    monotonic.seconds = 10.0

    assert due(entry)


def test_a_clock_that_is_set_back_does_not_silence_the_scheduler(
    monotonic: Monotonic, request: pytest.FixtureRequest
) -> None:
    entry = ScheduleEntry(name="x", app=app, **tick("x", every=10))
    monotonic.seconds = 11.0
    request.getfixturevalue("two_hours_back")

    assert due(entry)


def test_the_scheduler_with_its_own_clock_would_be_silent(request: pytest.FixtureRequest) -> None:
    # Should this turn red, Celery has mended it and `steady_now` can go.
    entry = ScheduleEntry(name="x", app=app, task="x", schedule=schedule(0.0))
    request.getfixturevalue("two_hours_back")

    assert not due(entry)


def test_every_entry_of_the_schedule_runs_on_the_steady_clock() -> None:
    clocks = {name: entry["schedule"].nowfun for name, entry in app.conf.beat_schedule.items()}

    assert set(clocks.values()) == {selfcare.celery.steady_now}
