"""The API: what a phone sends and reads, what a clinician sets, and who is refused."""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from exercises import catalogue as catalogues
from exercises.models import DoseChange, Practice, Programme, Session
from selfcare.accounts.models import AuditEvent, User
from selfcare.triage.models import Alert
from tests import canary, factories

SCREEN = {"bladder": "none", "bowel": "none", "saddle": "none", "both_legs": "none", "weakness": 0, "numbness": 0}


def body(now: datetime, **fields: Any) -> dict[str, Any]:
    return {
        "occurred_on": now.date().isoformat(),
        "recorded_at": now.isoformat(),
        "recorded_zone": "Europe/London",
        "results": [{"exercise": "EX-05", "done": True, "before": 2, "during": 2}],
    } | fields


def put(client: Client, address: str, sent: Any) -> Any:
    return client.put(f"/api/v1/{address}", json.dumps(sent), content_type="application/json")


def post(client: Client, address: str, sent: Any = None) -> Any:
    return client.post(f"/api/v1/{address}", json.dumps(sent or {}), content_type="application/json")


@pytest.fixture
def programme(ada: User, real_now: datetime) -> Programme:
    return factories.programme(patient=ada, as_of=real_now.date())


def screened(ada: User, now: datetime) -> None:
    """Let Ada answer the whole safety screen through the diary's own door."""
    factories.episode(patient=ada)
    client = factories.log_in(Client(), ada, second_factor=False)
    entry = {
        "occurred_on": now.date().isoformat(),
        "recorded_at": now.isoformat(),
        "recorded_zone": "Europe/London",
        "observations": {**SCREEN, "pain_avg": 3},
    }
    assert put(client, f"entries/{uuid.uuid4()}", entry).status_code == 201


def test_somebody_without_a_programme_is_told_to_walk(ada_client: Client, ada: User) -> None:
    reply = ada_client.get("/api/v1/exercises/today").json()

    assert (reply["programme"], reply["can_start"]) == (None, False)
    assert "Walking little and often" in reply["says"][0]


def test_a_clear_safety_screen_opens_the_gentle_start(ada_client: Client, ada: User, real_now: datetime) -> None:
    before = post(ada_client, "programme/start")
    screened(ada, real_now)

    offered = ada_client.get("/api/v1/exercises/today").json()["can_start"]
    started = post(ada_client, "programme/start")

    assert before.status_code == 409
    assert "safety questions" in before.json()["detail"]
    assert offered
    assert started.status_code == 201
    assert [one["exercise"] for one in started.json()["days"][0]["todo"]] == ["EX-01", "EX-02", "EX-03", "EX-05"]
    assert len(started.json()["days"]) == 7


def test_an_open_alert_pauses_todays_plan(ada_client: Client, ada: User, programme: Programme) -> None:
    Alert.objects.create(
        patient=ada,
        rule_id="RF-CES-01",
        reason="bladder_change",
        tier="emergency",
        urgency=0,
        catalogue_version="test",
        as_of=factories.NOW.date(),
        reported_at=factories.NOW,
        opened_at=factories.NOW,
    )

    reply = ada_client.get("/api/v1/exercises/today").json()

    assert reply["days"][0]["todo"] == []
    assert reply["says"] == ["You told us about a warning sign. No exercises until you have been seen."]


def test_the_same_session_again_gives_the_stored_one_back(
    ada_client: Client, programme: Programme, real_now: datetime
) -> None:
    address, sent = f"exercises/sessions/{uuid.uuid4()}", body(real_now)

    first, second = put(ada_client, address, sent), put(ada_client, address, sent)

    assert (first.status_code, second.status_code) == (201, 200)
    assert Session.objects.count() == 1
    assert second.json()["observations"] == {"ex_pain_during": 2}
    stored = ada_client.get(f"/api/v1/{address}").json()
    assert stored["results"][0]["during"] == 2


def test_the_same_id_with_another_body_is_refused_and_changes_nothing(
    ada_client: Client, programme: Programme, real_now: datetime
) -> None:
    address = f"exercises/sessions/{uuid.uuid4()}"
    put(ada_client, address, body(real_now))

    other = put(ada_client, address, body(real_now, felt="too_much"))

    assert other.status_code == 409
    assert Session.objects.get().felt == ""


def test_an_id_of_somebody_else_is_told_like_an_own_one_with_another_body(
    ada_client: Client, ada: User, programme: Programme, real_now: datetime
) -> None:
    dee = factories.patient(email="dee@example.org", name="Dee")
    factories.programme(patient=dee, as_of=real_now.date())
    address = f"exercises/sessions/{uuid.uuid4()}"
    put(ada_client, address, body(real_now))
    hers = factories.log_in(Client(), dee, second_factor=False)

    foreign = put(hers, address, body(real_now))
    own = put(ada_client, address, body(real_now, felt="fine"))

    assert (foreign.status_code, foreign.content) == (own.status_code, own.content)
    assert hers.get(f"/api/v1/{address}").status_code == 404


def test_a_phone_that_means_somebody_else_is_refused(
    ada_client: Client, ben: User, programme: Programme, real_now: datetime
) -> None:
    reply = ada_client.put(
        f"/api/v1/exercises/sessions/{uuid.uuid4()}",
        json.dumps(body(real_now)),
        content_type="application/json",
        headers={"X-Person": str(ben.pk)},
    )

    assert reply.status_code == 403
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"results": []}, "results", "list of 1 to 20"),
        ({"results": [{"exercise": "EX-99", "done": True}]}, "EX-99", "not known"),
        ({"results": [{"exercise": "EX-05", "done": True}] * 2}, "results", "stands twice"),
        ({"results": [{"exercise": "EX-05", "done": True, "during": 11}]}, "results", "list of 1 to 20"),
        ({"occurred_on": "yesterday"}, "occurred_on", "Send the day"),
        ({"recorded_at": "2026-03-02T18:30:00"}, "recorded_at", "with its offset"),
        ({"felt": "awful"}, "felt", "one of fine, sore, too_much"),
        ({"weight": 80}, "weight", "not known"),
    ],
)
def test_a_session_that_does_not_fit_is_refused_with_a_sentence_per_field(
    ada_client: Client, programme: Programme, real_now: datetime, change: dict[str, Any], field: str, said: str
) -> None:
    reply = put(ada_client, f"exercises/sessions/{uuid.uuid4()}", body(real_now, **change))

    assert reply.status_code == 400
    assert said in reply.json()["fields"][field]
    assert not Session.objects.exists()


def test_a_session_without_a_programme_stays_on_the_phone(ada_client: Client, ada: User, real_now: datetime) -> None:
    reply = put(ada_client, f"exercises/sessions/{uuid.uuid4()}", body(real_now))

    assert reply.status_code == 409
    assert "stays on this phone" in reply.json()["detail"]


def test_a_wrong_clock_is_no_reason_to_refuse(ada_client: Client, programme: Programme, real_now: datetime) -> None:
    ahead = (real_now + timedelta(days=400)).isoformat()

    reply = put(
        ada_client, f"exercises/sessions/{uuid.uuid4()}", body(real_now, recorded_at=ahead, occurred_on=ahead[:10])
    )

    assert reply.status_code == 201
    assert reply.json()["clock_suspect"]
    assert Session.objects.get().occurred_on <= real_now.date()


def test_new_signs_stop_the_programme_and_say_so(ada_client: Client, programme: Programme, real_now: datetime) -> None:
    sent = body(real_now, results=[{"exercise": "EX-05", "done": False, "hurt": "safety", "new_signs": True}])

    reply = put(ada_client, f"exercises/sessions/{uuid.uuid4()}", sent).json()
    resumed = post(ada_client, "programme/resume")

    assert reply["stopped"]
    assert "new sign" in reply["says"][0]
    assert resumed.status_code == 409
    assert ada_client.get("/api/v1/exercises/today").json()["days"][0]["todo"] == []


def test_a_person_may_pause_and_go_on(ada_client: Client, programme: Programme) -> None:
    paused = post(ada_client, "programme/pause").json()
    resumed = post(ada_client, "programme/resume").json()

    assert paused["says"] == ["You paused your exercises. Start again when you are ready."]
    assert len(resumed["days"][0]["todo"]) == 4


def test_a_morning_answer_is_stored_once_a_day(ada_client: Client, programme: Programme, real_now: datetime) -> None:
    for pain in (4, 2):
        reply = put(ada_client, "exercises/mornings", {"on": real_now.date().isoformat(), "pain": pain})
        assert reply.status_code == 200

    assert [one.pain for one in programme.patient.exercise_mornings.all()] == [2]


@pytest.mark.parametrize("sent", [{"pain": 3}, {"on": "2026-03-02", "pain": 11}, {"on": "2026-03-02", "pain": True}])
def test_a_morning_that_does_not_fit_is_refused(ada_client: Client, programme: Programme, sent: dict[str, Any]) -> None:
    reply = put(ada_client, "exercises/mornings", sent)

    assert reply.status_code == 400
    assert set(reply.json()["fields"]) <= {"on", "pain"}


def test_a_phone_keeps_the_exercises_until_they_change(ada_client: Client) -> None:
    first = ada_client.get("/api/v1/exercises/catalogue")
    again = ada_client.get("/api/v1/exercises/catalogue", headers={"If-None-Match": first["ETag"]})

    assert len(first.json()["exercises"]) == 18
    assert (again.status_code, again.content) == (304, b"")


# --- The clinician --------------------------------------------------------------------------------------------------


def test_a_clinician_prescribes_teaches_and_publishes(ben_client: Client, ada: User, ada_client: Client) -> None:
    place = f"patients/{ada.pk}/programme"

    drafted = put(ben_client, f"{place}/draft", {"pattern": "deep_gluteal"})
    published = post(ben_client, f"{place}/publish")
    locked = ada_client.get("/api/v1/exercises/today").json()["days"]
    points = _points("EX-16")
    for step in ({"event": "taught"}, {"event": "checked", "checklist": points}, {"event": "sent_home"}):
        assert post(ben_client, f"{place}/EX-16/mastery", step).status_code == 200
    opened = ada_client.get("/api/v1/exercises/today").json()["days"]

    assert drafted.json()["draft"]["pattern"] == "deep_gluteal"
    assert len(published.json()["published"]["exercises"]) == 8
    assert "EX-16" not in {one["exercise"] for day in locked for one in day["todo"]}
    assert "EX-16" in {one["exercise"] for day in opened for one in day["todo"]}
    assert all(len(day["todo"]) + len(day["left_out"]) <= 5 for day in opened)


def _points(exercise: str) -> list[str]:
    return list(catalogues.current().exercise(exercise).clinical["mastery"])


def test_every_look_and_change_of_a_clinician_is_in_the_audit_trail(ben_client: Client, ada: User, ben: User) -> None:
    place = f"patients/{ada.pk}/programme"

    put(ben_client, f"{place}/draft", {"exercises": [{"exercise": "EX-02"}]})
    post(ben_client, f"{place}/publish")
    ben_client.get(f"/api/v1/{place}")

    events = AuditEvent.objects.filter(actor_id=ben.pk, patient_id=ada.pk, action__startswith="programme.")
    assert [event.action for event in events.order_by("pk")] == [
        "programme.drafted",
        "programme.published",
        "programme.viewed",
    ]


def test_a_refused_draft_leaves_no_trace(ben_client: Client, ada: User) -> None:
    reply = put(ben_client, f"patients/{ada.pk}/programme/draft", {"exercises": [{"exercise": "EX-04"}]})

    assert reply.status_code == 400
    assert "Add EX-06" in reply.json()["fields"]["EX-04"]
    assert not Programme.objects.exists()
    assert not AuditEvent.objects.filter(action="programme.drafted").exists()


def test_cy_learns_nothing_of_adas_programme(cy_client: Client, ada: User, programme: Programme) -> None:
    missing = cy_client.get(f"/api/v1/patients/{uuid.uuid4()}/programme")

    hers = cy_client.get(f"/api/v1/patients/{ada.pk}/programme")

    assert hers.status_code == 404
    assert hers.content == missing.content


def test_a_clinician_reads_colours_and_reasons_that_the_patient_reads_in_plain_words(
    ben_client: Client, ada_client: Client, ada: User, programme: Programme, real_now: datetime
) -> None:
    sent = body(real_now, results=[{"exercise": "EX-05", "done": True, "before": 2, "during": 7}])
    put(ada_client, f"exercises/sessions/{uuid.uuid4()}", sent)

    hers = ada_client.get("/api/v1/programme").json()
    his = ben_client.get(f"/api/v1/patients/{ada.pk}/programme").json()

    assert hers["changes"][0]["why"] == "Figure four hurt too much. Rest it for a day, then do half."
    assert "rule" not in hers["changes"][0]
    assert his["changes"][0]["rule"] == "DX-04"
    assert his["sessions"]["EX-05"][0]["colour"] == "red"
    assert canary.of(ada.email) not in json.dumps(his)


def test_a_patient_undoes_a_step_up_and_a_clinician_a_step_down(
    ben_client: Client, ada_client: Client, ada: User, programme: Programme, real_now: datetime
) -> None:
    practice = programme.practices.get(exercise="EX-05")
    stood = {"level": 1, "dose": practice.dose, "status": "active", "rest_until_on": None}
    higher = {**stood, "dose": {**practice.dose, "reps": 4}}
    Practice.objects.filter(pk=practice.pk).update(dose=higher["dose"])
    up = DoseChange.objects.create(
        practice=practice,
        rule="DX-01",
        kind="up",
        at=real_now - timedelta(days=1),
        on=real_now.date(),
        before=stood,
        after=higher,
        values={"reason": "DX-01", "count": 3},
    )

    undone = post(ada_client, f"dose-changes/{up.pk}/undo")
    sent = body(real_now, results=[{"exercise": "EX-05", "done": True, "before": 2, "during": 7}])
    down = put(ada_client, f"exercises/sessions/{uuid.uuid4()}", sent).json()["changes"][0]["id"]
    hers = post(ada_client, f"dose-changes/{down}/undo")
    his = post(ben_client, f"dose-changes/{down}/undo")

    assert undone.json()["why"] == "You asked for less of Figure four."
    assert hers.status_code == 409
    assert his.status_code == 200
    practice.refresh_from_db()
    assert practice.dose["reps"] == 3


def test_ending_a_programme_keeps_its_history_and_makes_room_for_a_new_one(
    ben_client: Client, ada_client: Client, ada: User, programme: Programme, real_now: datetime
) -> None:
    put(ada_client, f"exercises/sessions/{uuid.uuid4()}", body(real_now))

    ended = post(ben_client, f"patients/{ada.pk}/programme/end")
    late = put(ada_client, f"exercises/sessions/{uuid.uuid4()}", body(real_now, felt="fine"))

    assert ended.status_code == 200
    assert late.status_code == 201
    assert Session.objects.filter(programme=programme).count() == 2
    assert ada_client.get("/api/v1/programme").status_code == 404
