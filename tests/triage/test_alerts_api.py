"""The API of alerts: who sees, who may act, and what is told to the others."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import yaml
from django.test import Client
from django.utils import timezone

from selfcare.accounts.models import AuditEvent, User
from selfcare.diary import recording
from selfcare.triage.models import Alert
from tests.diary.phone import SADDLE, body, post

pytestmark = pytest.mark.django_db

ACTIONS: list[tuple[str, dict[str, Any]]] = [
    ("acknowledge", {}),
    ("release", {}),
    ("acknowledge", {}),
    ("actions", {"note": "Rang."}),
    ("close", {"outcome": "seen_clinic", "note": "Seen."}),
    ("reopen", {}),
]


@pytest.fixture
def alert(ada: User, ben: User) -> Alert:
    """Return Ada's open emergency."""
    now = timezone.now()
    recording.record_entry(ada, uuid.uuid4(), body(on=now.date(), at=now.isoformat(), observations=SADDLE), now=now)
    return Alert.objects.get()


def test_a_patient_sees_their_own_alert_without_the_clinicians_side(alert: Alert, ada_client: Client) -> None:
    (seen,) = ada_client.get("/api/v1/alerts").json()["alerts"]

    assert (seen["id"], seen["mine"], seen["confirmed_at"]) == (str(alert.pk), True, None)
    assert not {"inputs", "patient", "acknowledged_by", "outcome"} & set(seen)


def test_a_clinician_sees_the_alerts_of_their_patients_with_the_evidence_on_record(
    alert: Alert, ada: User, ben: User, ben_client: Client
) -> None:
    (seen,) = ben_client.get("/api/v1/alerts").json()["alerts"]

    assert (seen["id"], seen["patient"], seen["mine"]) == (str(alert.pk), str(ada.pk), False)
    assert seen["inputs"]
    assert AuditEvent.objects.filter(action="alerts.viewed", actor_id=ben.pk, patient_id=ada.pk).count() == 1


def test_a_clinician_of_another_clinic_sees_nothing(alert: Alert, cy_client: Client) -> None:
    assert cy_client.get("/api/v1/alerts").json() == {"alerts": [], "next": None}


@pytest.mark.parametrize(("action", "content"), ACTIONS, ids=lambda value: value if isinstance(value, str) else "")
def test_a_clinician_of_another_clinic_is_told_that_there_is_no_such_alert(
    alert: Alert, cy_client: Client, action: str, content: dict[str, Any]
) -> None:
    foreign = post(cy_client, f"alerts/{alert.pk}/{action}", content)
    unknown = post(cy_client, f"alerts/{uuid.uuid4()}/{action}", content)

    assert foreign.status_code == unknown.status_code == 404
    assert foreign.content == unknown.content
    alert.refresh_from_db()
    assert alert.status == "open"


@pytest.mark.parametrize(("action", "content"), ACTIONS, ids=lambda value: value if isinstance(value, str) else "")
def test_a_patient_cannot_act_on_their_own_alert(
    alert: Alert, ada_client: Client, action: str, content: dict[str, Any]
) -> None:
    assert post(ada_client, f"alerts/{alert.pk}/{action}", content).status_code == 404


def test_a_clinician_takes_writes_down_closes_and_undoes(alert: Alert, ben_client: Client) -> None:
    statuses = [
        post(ben_client, f"alerts/{alert.pk}/{action}", content).json()["status"] for action, content in ACTIONS
    ]

    assert statuses == ["acknowledged", "open", "acknowledged", "acknowledged", "closed", "acknowledged"]
    assert AuditEvent.objects.filter(action__startswith="alert.", patient_id=alert.patient_id).count() == 6


def test_closing_an_emergency_without_a_note_is_409_with_a_sentence(alert: Alert, ben_client: Client) -> None:
    answer = post(ben_client, f"alerts/{alert.pk}/close", {"outcome": "seen_clinic"})

    assert answer.status_code == 409
    assert answer.json()["detail"].endswith(".")


def test_a_patient_answers_whether_they_were_seen(alert: Alert, ada_client: Client) -> None:
    post(ada_client, f"alerts/{alert.pk}/said", {"answer": "going"})

    assert ada_client.get("/api/v1/alerts").json()["alerts"][0]["said"] == "going"


def test_a_clinician_cannot_answer_for_the_patient(alert: Alert, ben_client: Client) -> None:
    answer = post(ben_client, f"alerts/{alert.pk}/said", {"answer": "seen"})

    assert answer.status_code == 404
    assert not alert.events.filter(kind="patient_said").exists()


def test_a_patient_answers_where_when_and_what_came_of_it(alert: Alert, ada_client: Client) -> None:
    seen = {"answer": "seen", "where": "hospital", "seen_on": alert.as_of.isoformat(), "outcome": "kept_in"}

    answer = post(ada_client, f"alerts/{alert.pk}/said", {**seen, "words": "They keep me."})

    listed = ada_client.get("/api/v1/alerts").json()["alerts"][0]
    assert answer.status_code == 200
    assert (listed["said"], listed["next_follow_up_at"]) == ("seen", None)
    assert listed["assessed_at"] is not None
    assert alert.events.get(kind="patient_said").note == "They keep me."


def test_an_answer_that_belongs_to_another_is_409_with_a_sentence(alert: Alert, ada_client: Client) -> None:
    answer = post(ada_client, f"alerts/{alert.pk}/said", {"answer": "going", "why": "cost"})

    assert (answer.status_code, answer.json()["detail"]) == (409, "Choose why you could not get there.")


def test_an_answer_meant_by_somebody_else_on_the_same_phone_is_refused(
    alert: Alert, ada: User, ada_client: Client
) -> None:
    path, content = f"/api/v1/alerts/{alert.pk}/said", {"answer": "going"}

    others = ada_client.post(path, content, content_type="application/json", headers={"X-Person": str(uuid.uuid4())})
    own = ada_client.post(path, content, content_type="application/json", headers={"X-Person": str(ada.pk)})

    assert (others.status_code, own.status_code) == (403, 200)


def test_a_contact_is_written_down_over_the_api(alert: Alert, ben_client: Client) -> None:
    Alert.objects.update(silent_at=timezone.now())

    before = ben_client.get("/api/v1/alerts").json()["alerts"][0]["silent_since"]
    answer = post(ben_client, f"alerts/{alert.pk}/actions", {"note": "Spoke with her.", "contact": True})

    assert before is not None
    assert answer.json()["silent_since"] is None


def test_the_header_that_says_whose_body_it_is_stands_in_the_api_document(ada_client: Client) -> None:
    document = yaml.safe_load(ada_client.get("/api/schema/").content)

    paths = ("/api/v1/entries/{entry_id}", "/api/v1/entries/batch", "/api/v1/alerts/{alert_id}/said")
    named = {
        path: [
            parameter["name"]
            for operation in document["paths"][path].values()
            for parameter in operation.get("parameters", [])
            if parameter["in"] == "header"
        ]
        for path in paths
    }
    assert named == {path: ["X-Person"] for path in paths}


@pytest.mark.parametrize(
    "content",
    [
        {"answer": "maybe"},
        {},
        {"answer": "seen", "more": 1},
        {"answer": "seen", "where": "moon"},
        {"answer": "seen", "seen_on": "soon"},
        {"answer": "could_not", "why": "lazy"},
        {"answer": "going", "words": "x" * 2001},
    ],
    ids=lambda content: ",".join(content) or "nothing",
)
def test_an_answer_that_is_not_on_the_list_is_400(alert: Alert, ada_client: Client, content: dict[str, Any]) -> None:
    answer = post(ada_client, f"alerts/{alert.pk}/said", content)

    assert answer.status_code == 400
    assert all(sentence.endswith(".") for sentence in answer.json()["fields"].values())


@pytest.mark.parametrize("after", ["x", "1~2~3", "0~2026-03-02T00:00:00~x"])
def test_a_cursor_that_cannot_be_read_is_400(ben_client: Client, after: str) -> None:
    assert ben_client.get("/api/v1/alerts", {"after": after}).status_code == 400
