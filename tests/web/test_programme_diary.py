"""What the check-in and the exercises tell each other: the morning after, a flare, and where the way leads on."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from exercises import sessions
from exercises.models import Morning, Programme, Session
from selfcare.accounts.models import User
from selfcare.diary import passing_on, recording
from selfcare.diary.models import Entry, Episode
from selfcare.web import patients
from tests import factories
from tests.web.conftest import LONDON, QUIET, Walker

pytestmark = pytest.mark.django_db


@pytest.fixture
def today() -> date:
    """Return Ada's day."""
    return timezone.localdate(timezone=LONDON)


@pytest.fixture
def started(ada: User, usual: Episode, today: date) -> Programme:
    """Return Ada's gentle start, begun a week ago; she has kept the diary for five days."""
    return factories.programme(patient=ada, as_of=today - timedelta(days=7))


@pytest.fixture
def exercised(started: Programme, ada: User, today: date) -> Programme:
    """Return Ada's programme after a session yesterday."""
    factories.exercise_session(patient=ada, on=today - timedelta(days=1), results=[{"exercise": "EX-05", "during": 1}])
    return started


def record(person: User, on: date, **observations: Any) -> None:
    now = timezone.now()
    body = {
        "occurred_on": on.isoformat(),
        "recorded_at": now.isoformat(),
        "recorded_zone": "Europe/London",
        "observations": observations,
    }
    recording.record_entry(person, uuid.uuid4(), body, now=now)


def asked(walker: Walker) -> Iterator[str]:
    """Yield the questions of a check-in, each answered quietly."""
    walker.start()
    for _ in range(40):
        if not walker.step:
            return
        yield walker.step
        step = walker.response.context["step"]
        walker.answer(walker.step, {"group": "no_change", "nrs": "3"}.get(step["kind"], step["answers"][0]["value"]))


def test_the_day_after_a_session_the_check_in_asks_for_the_morning(
    walker: Walker, exercised: Programme, ada: User, today: date
) -> None:
    assert "ex_next_morning" in list(asked(walker))

    assert Morning.objects.get(patient=ada, on=today).pain == 3
    assert Entry.objects.get(patient=ada, occurred_on=today).observations["ex_next_morning"] == 3


def test_without_a_session_yesterday_the_morning_is_not_asked_for(walker: Walker, started: Programme) -> None:
    assert "ex_next_morning" not in list(asked(walker))


def test_the_morning_is_asked_for_once_a_day(walker: Walker, exercised: Programme, ada: User, today: date) -> None:
    record(ada, today, ex_next_morning=2)

    assert "exercised" not in patients.load(ada, now=timezone.now()).flags


def test_a_bad_morning_changes_the_dose(exercised: Programme, ada: User, today: date) -> None:
    for ago in (3, 2, 1):
        Morning.objects.create(patient=ada, on=today - timedelta(days=ago), pain=1, received_at=timezone.now())

    record(ada, today, ex_next_morning=6)

    change = exercised.practices.get(exercise="EX-05").changes.get()
    assert (change.rule, change.kind) == ("DX-04", "down")


@pytest.mark.parametrize(("ago", "gentle"), [(0, True), (1, True), (2, False)])
def test_a_flare_in_the_diary_makes_gentle_days_while_it_is_news(
    ago: int, gentle: bool, started: Programme, ada: User, today: date
) -> None:
    record(ada, today - timedelta(days=ago), flare=True, pain_avg=7)

    started.refresh_from_db()
    assert (started.eased_until_on is not None) is gentle


def test_a_programme_that_cannot_hear_costs_no_entry(
    exercised: Programme, ada: User, today: date, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise DatabaseError("pain was 6")

    monkeypatch.setattr(sessions, "note_morning", broken)

    record(ada, today, ex_next_morning=6)

    assert Entry.objects.filter(patient=ada, occurred_on=today).count() == 1
    assert "DatabaseError" in caplog.text
    assert "pain was 6" not in caplog.text


def test_an_entry_that_says_nothing_of_exercises_asks_nothing_of_the_programme(
    started: Programme, ada: User, today: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passing_on, "_tell", lambda *_, **__: pytest.fail("told"))

    record(ada, today, **QUIET)


def test_today_leads_to_the_exercises(started: Programme, ada: User, client: Client) -> None:
    page = factories.log_in(client, ada).get("/").content.decode()

    assert 'href="/exercises"' in page[page.index("<main") : page.index("</main>")]
    assert "an hour ago" not in page


def test_today_says_that_the_hour_after_a_session_is_asked_about(
    started: Programme, ada: User, client: Client, today: date
) -> None:
    logged = factories.exercise_session(patient=ada, on=today, results=[{"exercise": "EX-05"}])
    Session.objects.filter(pk=logged.session.pk).update(recorded_at=timezone.now() - timedelta(minutes=60))

    assert "an hour ago" in factories.log_in(client, ada).get("/").content.decode()
