"""A copy of everything that is kept of one person: complete, theirs alone, and bounded in what it costs."""

from __future__ import annotations

import csv
import io
import json
import uuid
import zipfile
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from selfcare.accounts.models import AuditEvent, Device, User
from selfcare.diary.models import Entry, Episode
from selfcare.records import export, register
from selfcare.triage import alerts
from selfcare.triage.models import Alert
from tests import canary, factories
from tests.access.world import build

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 18, 30, tzinfo=UTC)


def archive_of(person: User) -> zipfile.ZipFile:
    """Return the ZIP as the person gets it."""
    return zipfile.ZipFile(io.BytesIO(b"".join(export.parts(person, now=NOW))))


def data_of(person: User) -> dict[str, Any]:
    """Return the JSON in it."""
    return dict(json.loads(archive_of(person).read("data.json")))


@pytest.fixture
def ada_of_the_world(db: None) -> User:
    """Return Ada with one of everything, beside the other people of the access matrix."""
    build()
    return User.objects.get(email="ada@example.org")


def test_every_table_is_in_an_export_or_on_the_list_of_those_that_need_not_be() -> None:
    exported = [table.model for table in register.TABLES]

    assert sorted({*exported, *register.NOT_EXPORTED}) == sorted(model._meta.label for model in apps.get_models())
    assert len(exported) == len(set(exported))
    assert not set(exported) & set(register.NOT_EXPORTED)
    assert all(register.NOT_EXPORTED.values())


def test_an_export_holds_a_row_for_each_of_the_person_s_rows(ada_of_the_world: User) -> None:
    told = data_of(ada_of_the_world)

    counted = {table.name: len(told[table.name]) for table in register.TABLES}

    assert counted == {table.name: table.rows(ada_of_the_world.pk).count() for table in register.TABLES}
    wanted = (
        "account",
        "profile",
        "consents",
        "clinics",
        "entries",
        "alerts",
        "programmes",
        "session_results",
        "devices",
    )
    assert all(counted[name] for name in wanted)


def test_an_export_names_nobody_else_and_holds_no_secret(ada_of_the_world: User) -> None:
    Device.objects.filter(user=ada_of_the_world).update(session_key="s" * 40)
    ben = User.objects.get(email="ben@example.org")
    alert = Alert.objects.get(patient=ada_of_the_world)
    alerts.acknowledge(alert.pk, by=ben, now=NOW)

    archive = archive_of(ada_of_the_world)
    text = " ".join(archive.read(name).decode() for name in archive.namelist())

    assert canary.found_in(text) == {canary.of(ada_of_the_world.email)}
    others = User.objects.exclude(pk=ada_of_the_world.pk)
    assert not [one for person in others for one in (person.email, str(person.pk)) if one in text]
    assert "s" * 40 not in text
    assert "d" * 64 not in text
    assert "https://fcm" not in text


def test_who_did_something_is_you_or_your_care_team(ada_of_the_world: User) -> None:
    ben = User.objects.get(email="ben@example.org")
    alerts.acknowledge(Alert.objects.get(patient=ada_of_the_world).pk, by=ben, now=NOW)

    told = data_of(ada_of_the_world)

    assert told["alerts"][0]["patient"] == "you"
    assert told["alerts"][0]["acknowledged_by"] == "care_team"
    assert told["clinics"][0]["clinic"] == "Harbour Clinic"


def test_each_look_of_the_care_team_is_in_it(ada: User, ben: User, ben_client: Client) -> None:
    factories.episode(patient=ada)
    ben_client.get(f"/api/v1/patients/{ada.pk}/entries")

    looks = [row for row in data_of(ada)["audit"] if row["action"] == "diary.viewed"]

    assert [(row["actor"], row["patient"]) for row in looks] == [("care_team", "you")]


def test_a_draft_of_a_programme_is_the_clinician_s_until_it_is_published(ada: User) -> None:
    programme = factories.programme(patient=ada)
    programme.versions.create(number=99, state="draft", created_at=NOW)

    assert 99 not in [row["number"] for row in data_of(ada)["programme_versions"]]


def test_the_table_holds_each_check_in_with_the_ones_that_were_changed(ada: User) -> None:
    episode = factories.episode(patient=ada)
    first = factories.entry(episode=episode, on=date(2026, 3, 1), observations={"pain_avg": 5, "note": "=1+1"})
    Entry.objects.filter(pk=first.pk).update(entered_in_error_at=NOW)
    second = factories.entry(episode=episode, on=date(2026, 3, 1), observations={"pain_avg": 4, "an_old_name": 1})

    rows = list(csv.DictReader(io.StringIO(archive_of(ada).read("diary.csv").decode())))

    by_id = {row["id"]: row for row in rows}
    assert by_id[str(first.pk)]["pain_avg"] == "5"
    assert by_id[str(first.pk)]["entered_in_error_at"] == NOW.isoformat()
    assert by_id[str(second.pk)]["other"] == '{"an_old_name": 1}'


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1"])
def test_no_cell_of_the_table_starts_a_formula(ada: User, text: str) -> None:
    factories.entry(episode=factories.episode(patient=ada), on=date(2026, 3, 1), observations={"note": text})

    rows = list(csv.DictReader(io.StringIO(archive_of(ada).read("diary.csv").decode(), newline="")))

    assert rows[0]["note"] == f"'{text}"


def many_entries(episode: Episode, *, count: int) -> None:
    """Store many check-ins at once."""
    Entry.objects.bulk_create(
        Entry(
            id=uuid.uuid4(),
            patient=episode.patient,
            episode=episode,
            recorded_at=NOW,
            recorded_zone="Europe/London",
            occurred_on=date(2026, 3, 1) - timedelta(days=back % 900),
            received_at=NOW,
            observations={"pain_avg": back % 11, "note": "x" * 200},
            body_sha256="0" * 64,
        )
        for back in range(count)
    )


def test_ten_thousand_check_ins_leave_in_small_pieces_and_few_statements(ada: User) -> None:
    episode = factories.episode(patient=ada)
    many_entries(episode, count=10)
    with CaptureQueriesContext(connection) as few:
        list(export.parts(ada, now=NOW))
    many_entries(episode, count=10_000)

    with CaptureQueriesContext(connection) as many:
        pieces = list(export.parts(ada, now=NOW))

    assert len(zipfile.ZipFile(io.BytesIO(b"".join(pieces))).read("diary.csv").splitlines()) == 10_011
    assert max(map(len, pieces)) < sum(map(len, pieces)) / 5
    assert len(many) == len(few) <= len(register.TABLES) + 2


def test_the_button_sends_a_file_that_no_cache_keeps_and_the_audit_trail_knows(ada: User, ada_client: Client) -> None:
    answer = ada_client.post("/settings/export")

    assert answer.headers["Content-Type"] == "application/zip"
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Ada" not in answer.headers["Content-Disposition"]
    told = json.loads(zipfile.ZipFile(io.BytesIO(answer.getvalue())).read("data.json"))
    assert told["account"][0]["email"] == ada.email
    assert AuditEvent.objects.filter(action="export.made", patient_id=ada.pk).count() == 1


def test_a_second_copy_within_a_minute_waits(ada_client: Client) -> None:
    ada_client.post("/settings/export").getvalue()

    again = ada_client.post("/settings/export", follow=True)

    assert "Wait a minute" in again.content.decode()
