"""The diary's API: shapes, sizes, refusals and who may read what."""

from __future__ import annotations

import json
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from selfcare.accounts.models import AuditEvent, User
from selfcare.diary import recording
from selfcare.diary.models import Entry, Episode
from selfcare.triage.models import Alert
from tests import factories
from tests.diary.phone import NOW, QUIET, SADDLE, TODAY, answers, body, post, put

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("evening", "episode")]


def test_a_red_flag_is_answered_with_its_tier_and_advice(ada_client: Client) -> None:
    entry_id = uuid.uuid4()

    answer = put(ada_client, body(observations=SADDLE), entry_id=entry_id)

    said = answer.json()
    assert answer.status_code == 201
    assert (said["id"], said["tier"], said["clock_suspect"]) == (str(entry_id), "emergency", False)
    assert said["findings"][0]["rule"] == "RF-CES-03"
    assert said["findings"][0]["advice"]
    assert said["alerts"] == [str(Alert.objects.get().pk)]
    assert answer["Cache-Control"] == "no-store"


def test_the_same_entry_again_is_200_with_the_same_bytes(ada_client: Client) -> None:
    entry_id = uuid.uuid4()
    first = put(ada_client, body(observations=SADDLE), entry_id=entry_id)

    again = put(ada_client, body(observations=SADDLE), entry_id=entry_id)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.content == first.content


def test_another_body_is_409_and_so_is_an_id_of_somebody_else_in_the_same_words(ada_client: Client) -> None:
    mine, theirs = uuid.uuid4(), uuid.uuid4()
    dee = factories.patient(email="dee@example.org")
    recording.record_entry(dee, theirs, body(), now=NOW)
    put(ada_client, body(), entry_id=mine)

    of_mine = put(ada_client, answers(pain_avg=9), entry_id=mine)
    of_theirs = put(ada_client, body(), entry_id=theirs)

    assert of_mine.status_code == of_theirs.status_code == 409
    assert of_mine.content == of_theirs.content
    assert dict(of_mine.headers) == dict(of_theirs.headers)


def test_an_entry_that_could_not_be_assessed_is_never_answered_as_free_of_warning_signs(
    ada_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("selfcare.triage.evaluating.rules.evaluate", _broken)

    answer = put(ada_client, body(observations=SADDLE))

    assert answer.status_code == 201
    assert answer.json()["tier"] is None


def test_a_broker_that_is_away_fails_no_entry(ada_client: Client, ben: User, settings: Any) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"

    assert put(ada_client, body(observations=SADDLE)).status_code == 201


def test_a_busy_database_is_503_with_a_time_to_try_again(ada_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "record_entry", _busy)

    answer = put(ada_client, body())

    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert "safe on this phone" in answer.json()["detail"]


# --- What is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("observations", "field"),
    [
        ({"pain_avg": 11}, "pain_avg"),
        ({"pain_avg": -1}, "pain_avg"),
        ({"pain_avg": "4"}, "pain_avg"),
        ({"pain_avg": True}, "pain_avg"),
        ({"pain_avg": None}, "pain_avg"),
        ({"pain_avg": [4]}, "pain_avg"),
        ({"pain_avg": {"a": 1}}, "pain_avg"),
        ({"weakness": 5}, "weakness"),
        ({"weakness": 10**30}, "weakness"),
        ({"saddle": "maybe"}, "saddle"),
        ({"saddle": True}, "saddle"),
        ({"chills": "yes"}, "chills"),
        ({"fever_c": 1e9}, "fever_c"),
        ({"note": "x" * 4001}, "note"),
        ({"bladder_detail": ["leak", "other"]}, "bladder_detail"),
        ({"sadle": "new"}, "sadle"),
        ({"__class__": "x"}, "__class__"),
    ],
    ids=str,
)
def test_an_answer_that_does_not_fit_is_named_with_a_sentence(
    ada_client: Client, observations: dict[str, Any], field: str
) -> None:
    answer = put(ada_client, body(observations={**QUIET, **observations}))

    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {field}
    assert answer.json()["fields"][field].endswith(".")
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"occurred_on": "yesterday"}, "occurred_on"),
        ({"occurred_on": 20260302}, "occurred_on"),
        ({"recorded_at": "2026-03-02T18:00:00"}, "recorded_at"),
        ({"recorded_at": None}, "recorded_at"),
        ({"recorded_zone": ""}, "recorded_zone"),
        ({"recorded_zone": "x" * 65}, "recorded_zone"),
        ({"app_version": "x" * 41}, "app_version"),
        ({"catalogue_version": 3}, "catalogue_version"),
        ({"shown_tier": "mild"}, "shown_tier"),
        ({"observations": []}, "observations"),
        ({"patient": "somebody"}, "patient"),
        ({"id": "11111111-1111-4111-8111-111111111111"}, "id"),
        ({"received_at": "2026-03-02T18:00:00Z"}, "received_at"),
    ],
    ids=str,
)
def test_a_field_that_does_not_fit_is_named_with_a_sentence(
    ada_client: Client, change: dict[str, Any], field: str
) -> None:
    answer = put(ada_client, body(**change))

    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {field}
    assert answer.json()["fields"][field].endswith(".")
    assert not Entry.objects.exists()


@pytest.mark.parametrize("missing", ["occurred_on", "recorded_at", "recorded_zone", "observations"])
def test_a_missing_field_is_named(ada_client: Client, missing: str) -> None:
    content = body()
    del content[missing]

    answer = put(ada_client, content)

    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {missing}


@pytest.mark.parametrize(
    "raw",
    [b"{", b"[]", b"null", b'"text"', b"\xff\xfe", b'{"a":' + b"[" * 30_000, b'{"observations": {"pain_avg": NaN}}'],
    ids=["cut", "list", "null", "text", "no-utf-8", "deep", "nan"],
)
def test_what_is_not_a_json_object_is_a_clear_400(ada_client: Client, raw: bytes) -> None:
    answer = put(ada_client, raw)

    assert answer.status_code == 400
    assert answer.json()["detail"].endswith(".")


def test_a_body_over_64_kb_is_413_with_a_sentence(ada_client: Client) -> None:
    answer = put(ada_client, body(observations={"note": "x" * 65_536}))

    assert answer.status_code == 413
    assert "64 KB" in answer.json()["detail"]


def test_a_body_of_10_mb_is_refused_by_its_stated_length_alone(ada_client: Client) -> None:
    answer = put(ada_client, b"{}", CONTENT_LENGTH=str(10 * 1024 * 1024))

    assert answer.status_code == 413


def test_a_body_of_another_type_is_415(ada_client: Client) -> None:
    answer = ada_client.put(f"/api/v1/entries/{uuid.uuid4()}", "pain_avg=4", content_type="text/plain")

    assert answer.status_code == 415
    assert answer.json()["detail"].endswith(".")


def test_a_note_with_characters_that_a_database_refuses_is_stored_without_them(ada_client: Client) -> None:
    answer = put(ada_client, body(observations={**SADDLE, "note": "worse\x00 since noon"}))

    assert answer.status_code == 201
    assert Entry.objects.get().observations["note"] == "worse since noon"


# --- Who may read what -----------------------------------------------------------------------------------------------


def test_nobody_writes_without_signing_in(client: Client) -> None:
    answer = put(client, body())

    assert answer.status_code in {401, 403}
    assert answer.json() == {"detail": "Sign in to go on. What you have written stays on this phone."}


def test_a_session_token_signs_another_client_in(client: Client, ada: User) -> None:
    answer = put(client, body(), headers={"X-Session-Token": factories.session_token(ada, second_factor=False)})

    assert answer.status_code == 201


def test_a_browser_without_the_csrf_token_writes_nothing(ada: User) -> None:
    browser = factories.log_in(Client(enforce_csrf_checks=True), ada, second_factor=False)

    assert put(browser, body()).status_code == 403
    assert not Entry.objects.exists()


def test_an_entry_of_somebody_else_reads_like_one_that_does_not_exist(
    ada: User, cy_client: Client, ben_client: Client
) -> None:
    entry_id = uuid.uuid4()
    recording.record_entry(ada, entry_id, body(), now=NOW)

    for stranger in (cy_client, ben_client):
        foreign = stranger.get(f"/api/v1/entries/{entry_id}")
        unknown = stranger.get(f"/api/v1/entries/{uuid.uuid4()}")

        assert foreign.status_code == unknown.status_code == 404
        assert foreign.content == unknown.content
        assert dict(foreign.headers) == dict(unknown.headers)


def test_an_entry_is_read_as_it_was_reported(ada_client: Client) -> None:
    entry_id = uuid.uuid4()
    put(ada_client, body(observations=SADDLE, app_version="7"), entry_id=entry_id)

    said = ada_client.get(f"/api/v1/entries/{entry_id}").json()

    assert said["observations"] == SADDLE
    assert (said["occurred_on"], said["app_version"], said["corrects"]) == ("2026-03-02", "7", None)


def test_the_own_diary_comes_newest_day_first_by_pages(ada: User, ada_client: Client) -> None:
    days = [TODAY - timedelta(days=back) for back in (3, 0, 1, 2, 0)]
    for day in days:
        recording.record_entry(ada, uuid.uuid4(), body(on=day), now=NOW)

    seen, after = [], ""
    while after is not None:
        page = ada_client.get("/api/v1/entries", {"limit": 2, "after": after}).json()
        seen += page["entries"]
        after = page["next"]

    assert [entry["occurred_on"] for entry in seen] == [day.isoformat() for day in sorted(days, reverse=True)]
    assert len({entry["id"] for entry in seen}) == 5


@pytest.mark.parametrize("asked", [{"limit": "0"}, {"limit": "101"}, {"limit": "x"}, {"limit": "²"}, {"after": "x"}])
def test_a_page_that_cannot_be_is_400(ada_client: Client, asked: dict[str, str]) -> None:
    answer = ada_client.get("/api/v1/entries", asked)

    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == set(asked)


def test_a_clinician_reads_a_patients_diary_and_the_reading_is_on_record(
    ada: User, ben: User, ben_client: Client
) -> None:
    recording.record_entry(ada, uuid.uuid4(), body(), now=NOW)

    answer = ben_client.get(f"/api/v1/patients/{ada.pk}/entries")

    assert len(answer.json()["entries"]) == 1
    assert AuditEvent.objects.filter(action="diary.viewed", actor_id=ben.pk, patient_id=ada.pk).count() == 1


def test_a_clinician_of_another_clinic_is_told_that_there_is_no_such_patient(ada: User, cy_client: Client) -> None:
    recording.record_entry(ada, uuid.uuid4(), body(), now=NOW)

    foreign = cy_client.get(f"/api/v1/patients/{ada.pk}/entries")
    unknown = cy_client.get(f"/api/v1/patients/{uuid.uuid4()}/entries")

    assert foreign.status_code == unknown.status_code == 404
    assert foreign.content == unknown.content
    assert not AuditEvent.objects.filter(action="diary.viewed").exists()


# --- Batches ---------------------------------------------------------------------------------------------------------


def test_a_batch_with_seven_bad_entries_of_a_hundred_stores_the_other_ninety_three(
    ada: User, ada_client: Client
) -> None:
    entries: list[Any] = [
        {"id": str(uuid.uuid4()), **body(on=TODAY - timedelta(days=99 - place))} for place in range(100)
    ]
    entries[3]["observations"] = {"pain_avg": 11}
    entries[10]["id"] = "not-a-uuid"
    entries[20] = "text"
    entries[30]["unknown"] = 1
    entries[40]["occurred_on"] = "soon"
    del entries[50]["id"]
    entries[60] = None

    answer = post(ada_client, "entries/batch", {"entries": entries})

    results = answer.json()["results"]
    assert answer.status_code == 200
    assert [place for place, result in enumerate(results) if result["status"] != 201] == [3, 10, 20, 30, 40, 50, 60]
    assert all(result["detail"].endswith(".") for result in results if result["status"] != 201)
    assert results[3]["id"] == entries[3]["id"]
    assert results[3]["fields"] == {"pain_avg": "Enter a number from 0 to 10."}
    assert Entry.objects.filter(patient=ada).count() == 93


def test_a_batch_tells_for_each_entry_what_it_meant(ada_client: Client) -> None:
    flagged, quiet = {"id": str(uuid.uuid4()), **body(observations=SADDLE)}, {"id": str(uuid.uuid4()), **body()}

    results = post(ada_client, "entries/batch", {"entries": [flagged, quiet, quiet]}).json()["results"]

    assert [result["code"] for result in results] == ["stored", "stored", "already_stored"]
    assert results[0]["outcome"]["tier"] == "emergency"


def test_an_entry_in_a_batch_and_alone_is_the_same_entry(ada_client: Client) -> None:
    entry_id = uuid.uuid4()
    put(ada_client, body(), entry_id=entry_id)

    results = post(ada_client, "entries/batch", {"entries": [{"id": str(entry_id), **body()}]}).json()["results"]

    assert results[0]["status"] == 200


def test_one_entry_of_a_batch_that_breaks_the_server_does_not_stop_the_others(
    ada_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = recording.record_entry
    monkeypatch.setattr(
        recording, "record_entry", lambda *a, **k: _broken() if a[2].app_version == "poison" else record(*a, **k)
    )
    entries = [{"id": str(uuid.uuid4()), **body(app_version=version)} for version in ("1", "poison", "1")]

    results = post(ada_client, "entries/batch", {"entries": entries}).json()["results"]

    assert [result["status"] for result in results] == [201, 500, 201]


def test_a_batch_of_a_hundred_and_one_is_refused(ada_client: Client) -> None:
    answer = post(ada_client, "entries/batch", {"entries": [{}] * 101})

    assert answer.status_code == 400
    assert "at most 100" in answer.json()["fields"]["entries"]


# --- Corrections and the episode -------------------------------------------------------------------------------------


def test_a_correction_is_put_under_its_own_id(ada_client: Client) -> None:
    first, second = uuid.uuid4(), uuid.uuid4()
    put(ada_client, body(), entry_id=first)

    answer = _correct(ada_client, first, second)

    assert answer.status_code == 201
    assert ada_client.get(f"/api/v1/entries/{second}").json()["corrects"] == str(first)
    assert ada_client.get(f"/api/v1/entries/{first}").json()["entered_in_error_at"]


def test_correcting_an_entry_of_somebody_else_is_told_like_correcting_an_unknown_one(
    ada: User, ada_client: Client
) -> None:
    theirs = uuid.uuid4()
    recording.record_entry(factories.patient(email="dee@example.org"), theirs, body(), now=NOW)

    foreign = _correct(ada_client, theirs, uuid.uuid4())
    unknown = _correct(ada_client, uuid.uuid4(), uuid.uuid4())

    assert foreign.status_code == unknown.status_code == 404
    assert foreign.content == unknown.content


def test_the_episode_is_begun_and_mended(client: Client) -> None:
    dee = factories.patient(email="dee@example.org")
    browser = factories.log_in(client, dee, second_factor=False)

    missing = browser.get("/api/v1/episode")
    begun = _put_episode(browser, onset_on="2026-02-01", pain_side="left", regions=["bu-l"])
    mended = _put_episode(browser, onset_on="2026-01-15", onset_estimated=True)

    assert missing.status_code == 404
    assert begun.json()["regions"] == ["bu-l"]
    assert mended.json()["id"] == begun.json()["id"]
    assert Episode.objects.get(patient=dee).onset_on == date(2026, 1, 15)
    assert AuditEvent.objects.filter(action="episode.changed", actor_id=dee.pk).count() == 1


@pytest.mark.parametrize("onset", ["2026-03-03", "1976-03-01"])
def test_an_onset_in_the_future_or_over_fifty_years_ago_is_refused(ada_client: Client, onset: str) -> None:
    answer = _put_episode(ada_client, onset_on=onset)

    assert answer.status_code == 400
    assert answer.json()["fields"]["onset_on"].endswith(".")


def _correct(client: Client, entry_id: uuid.UUID, new_id: uuid.UUID) -> Any:
    return client.put(
        f"/api/v1/entries/{entry_id}/correction/{new_id}",
        json.dumps(answers(pain_avg=2)),
        content_type="application/json",
    )


def _put_episode(client: Client, **facts: Any) -> Any:
    return client.put("/api/v1/episode", json.dumps(facts), content_type="application/json")


def _broken(*_args: Any, **_kwargs: Any) -> Any:
    raise RuntimeError("A slip in a rule.")


def _busy(*_args: Any, **_kwargs: Any) -> Any:
    raise OperationalError("the database system is shutting down")
