"""One hour after a session: asked once, filled in once, by the person alone."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from exercises.models import Programme, Result
from selfcare.accounts.models import Clinic, User
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def today() -> date:
    """Return Ada's day."""
    return timezone.localdate()


@pytest.fixture
def session_id(ada: User, today: date) -> uuid.UUID:
    """Return the id of Ada's session of today: before it her pain was 2."""
    factories.programme(patient=ada, as_of=today - timedelta(days=3))
    results = [{"exercise": "EX-05", "before": 2, "during": 2, "spread": "no_change"}]
    return factories.exercise_session(patient=ada, on=today, results=results).session.pk


def put(client: Client, session_id: uuid.UUID, body: Any) -> Any:
    return client.put(f"/api/v1/exercises/sessions/{session_id}/hour-after", body, content_type="application/json")


def test_the_answer_is_kept_with_every_move_of_the_session(client: Client, ada: User, session_id: uuid.UUID) -> None:
    response = put(factories.log_in(client, ada), session_id, {"pain": 4})

    assert response.status_code == 200
    assert Result.objects.get(session_id=session_id).hour_after == 4


def test_the_first_answer_stands(client: Client, ada: User, session_id: uuid.UUID) -> None:
    factories.log_in(client, ada)
    put(client, session_id, {"pain": 4})

    assert put(client, session_id, {"pain": 1}).status_code == 200

    assert Result.objects.get(session_id=session_id).hour_after == 4


@pytest.mark.parametrize("pain", [-1, 11, "4", None, 3.5])
def test_a_number_that_is_none_of_the_eleven_is_refused_in_words(
    pain: Any, client: Client, ada: User, session_id: uuid.UUID
) -> None:
    response = put(factories.log_in(client, ada), session_id, {"pain": pain})

    assert response.status_code == 400
    assert "Enter a pain score from 0 to 10." in response.content.decode()


def test_a_session_of_somebody_else_is_not_there(client: Client, harbour: Clinic, session_id: uuid.UUID) -> None:
    dora = factories.patient(email="dora@example.org", name="Dora", of=harbour)

    theirs = put(factories.log_in(client, dora), session_id, {"pain": 4})
    missing = put(client, uuid.uuid4(), {"pain": 4})

    assert (theirs.status_code, theirs.content) == (404, missing.content)
    assert Result.objects.get(session_id=session_id).hour_after is None


def test_more_pain_after_an_hour_makes_a_session_amber(ada: User, client: Client, session_id: uuid.UUID) -> None:
    programme = Programme.objects.get(patient=ada)

    put(factories.log_in(client, ada), session_id, {"pain": 6})

    colours = client.get("/api/v1/programme").json()["sessions"]["EX-05"]
    assert [one["colour"] for one in colours] == ["amber"]
    assert programme.practices.get(exercise="EX-05").changes.count() == 0
