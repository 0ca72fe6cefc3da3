"""Deleting an account: what the page promises gone is gone, what stays holds no name, and nobody else loses a row."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import call_command
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.utils import DatabaseError
from django.test import Client
from django.utils import timezone

from selfcare.accounts import care
from selfcare.accounts.models import AuditEvent, Clinic, Consent, Device, User
from selfcare.correspondence.models import Conversation, Message
from selfcare.diary.models import Entry
from selfcare.records import deletion
from selfcare.records.models import Deletion
from selfcare.records.register import GONE, ID_ALONE, RECORD, TABLES
from selfcare.triage import alerts
from selfcare.triage.models import Alert, AlertEvent
from tests import canary, factories
from tests.access.world import build

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 18, 30, tzinfo=UTC)
OUR_TABLES = [model for model in apps.get_models() if model._meta.label != "contenttypes.ContentType"]


def dump() -> dict[str, list[str]]:
    """Return every row of every table as text; sessions are opened, so that nothing hides in them."""
    rows = {
        model._meta.label: [json.dumps(row, cls=DjangoJSONEncoder) for row in model._default_manager.values()]
        for model in OUR_TABLES
    }
    rows["sessions.Session"] = [json.dumps(session.get_decoded()) for session in Session.objects.all()]
    return rows


def found(word: str) -> list[str]:
    """Return the tables in which a word stands."""
    return [label for label, rows in dump().items() if any(word.lower() in row.lower() for row in rows)]


@pytest.fixture
def ada_of_the_world(db: None) -> User:
    """Return Ada with one of everything and no open alert, beside the other people of the access matrix."""
    build()
    ada = User.objects.get(email="ada@example.org")
    alert = Alert.objects.get(patient=ada)
    ben = User.objects.get(email="ben@example.org")
    # What a clinician has written stays as it is, and the page says that it may hold the name.
    Message.objects.update(text="You may swim.")
    conversation = Conversation.objects.get(patient=ada)
    Message.objects.create(
        id=uuid.uuid4(), conversation=conversation, number=2, side="patient", author=ada, text=ada.name, sent_at=NOW
    )
    AlertEvent.objects.create(alert=alert, kind="patient_said", at=NOW, actor=ada, note="Ada is on the way")
    alerts.close(alert.pk, by=ben, outcome="referred", note="Seen.", now=NOW)
    return ada


def test_the_address_and_the_name_are_nowhere_in_the_database(ada_of_the_world: User) -> None:
    mark = canary.of(ada_of_the_world.email)
    assert {"accounts.User", "diary.Entry", "accounts.PatientProfile", "sessions.Session"} <= {
        *found(mark),
        *found("ada@"),
    }

    deletion.ask(ada_of_the_world, now=NOW)

    assert found(mark) == []
    assert found("ada@example.org") == []
    assert found("Ada is on the way") == []


def test_the_rows_that_go_at_once_are_gone_and_the_record_stays(ada_of_the_world: User) -> None:
    before = {table.name: table.all_rows(ada_of_the_world.pk).count() for table in TABLES}

    deletion.ask(ada_of_the_world, now=NOW)

    after = {table.name: table.all_rows(ada_of_the_world.pk).count() for table in TABLES}
    assert not [table.name for table in TABLES if table.after == GONE and after[table.name]]
    assert {name: after[name] for name in ("entries", "alerts", "sessions", "clinics")} == {
        name: before[name] for name in ("entries", "alerts", "sessions", "clinics")
    }
    assert Entry.objects.get(patient=ada_of_the_world).observations == {"pain_avg": 5, "bladder": "new"}


def test_what_the_clinic_did_stays(ada_of_the_world: User) -> None:
    deletion.ask(ada_of_the_world, now=NOW)

    closed = AlertEvent.objects.get(alert__patient=ada_of_the_world, kind="closed")
    assert (closed.note, closed.actor.email) == ("Seen.", "ben@example.org")


def test_no_row_of_anybody_else_is_touched(ada_of_the_world: User) -> None:
    dee = User.objects.get(email="dee@example.org")
    before = {table.name: list(table.all_rows(dee.pk).values()) for table in TABLES}

    deletion.ask(ada_of_the_world, now=NOW)
    deletion.erase_due(now=NOW + timedelta(days=366 * 9))

    assert {table.name: list(table.all_rows(dee.pk).values()) for table in TABLES} == before
    assert before["episodes"]


def test_the_record_is_erased_when_its_period_is_over_and_not_before(ada_of_the_world: User) -> None:
    deletion.ask(ada_of_the_world, now=NOW)

    assert deletion.erase_due(now=NOW + timedelta(days=366 * 8 - 1)) == 0
    assert Entry.objects.filter(patient=ada_of_the_world).exists()
    assert deletion.erase_due(now=NOW + timedelta(days=366 * 8)) == 1

    left = {table.name for table in TABLES if table.all_rows(ada_of_the_world.pk).exists()}
    assert left == {table.name for table in TABLES if table.after == ID_ALONE}
    assert not [table for table in TABLES if table.after == RECORD and table.name in left]
    assert deletion.erase_due(now=NOW + timedelta(days=366 * 9)) == 0


def test_without_a_clinic_the_diary_goes_at_once(db: None) -> None:
    alone = factories.patient(email="eve@example.org", name="Eve")
    factories.entry(episode=factories.episode(patient=alone), on=date(2026, 3, 1), observations={"pain_avg": 3})

    deletion.ask(alone, now=NOW)

    assert not Entry.objects.exists()
    assert Deletion.objects.get().erased_at == NOW


def test_consents_and_the_audit_trail_stay_and_still_refuse_to_be_changed(ada_of_the_world: User) -> None:
    consents = Consent.objects.filter(patient=ada_of_the_world).count()
    looks = AuditEvent.objects.filter(patient_id=ada_of_the_world.pk).count()

    deletion.ask(ada_of_the_world, now=NOW)

    assert Consent.objects.filter(patient=ada_of_the_world).count() == consents > 0
    assert AuditEvent.objects.filter(patient_id=ada_of_the_world.pk).count() > looks
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_consent")


def test_the_person_can_neither_sign_in_nor_send_and_the_clinic_s_care_is_over(
    ada_of_the_world: User,
) -> None:
    ben = User.objects.get(email="ben@example.org")
    assert ada_of_the_world in care.patients_of(ben, now=timezone.now())
    client = factories.log_in(Client(), ada_of_the_world, second_factor=False)

    deletion.ask(ada_of_the_world, now=timezone.now())

    assert client.get("/check-in/context").status_code == 401
    assert not Device.objects.filter(user=ada_of_the_world).exists()
    assert ada_of_the_world not in care.patients_of(ben, now=timezone.now() + timedelta(seconds=1))


def test_nothing_that_time_does_reaches_somebody_who_is_gone(ada_of_the_world: User) -> None:
    factories.message(recipient=ada_of_the_world)

    deletion.ask(ada_of_the_world, now=NOW)

    assert not ada_of_the_world.messages.exclude(status="sent").exists()
    assert not ada_of_the_world.programmes.filter(ended_at=None).exists()
    assert not ada_of_the_world.episodes.filter(prompts_stopped_at=None).exists()


# --- While an alert is open -------------------------------------------------------------------------------------------


@pytest.fixture
def ada_with_an_alert(db: None) -> User:
    """Return Ada, about whom an alert is open."""
    build()
    return User.objects.get(email="ada@example.org")


def test_while_an_alert_is_open_the_person_stays_reachable(ada_with_an_alert: User) -> None:
    wish = deletion.ask(ada_with_an_alert, now=NOW)

    assert wish.done_at is None
    assert deletion.carry_out_due(now=NOW + timedelta(days=29)) == 0
    assert found("ada@example.org")


def test_the_account_goes_when_the_alert_is_closed(ada_with_an_alert: User) -> None:
    deletion.ask(ada_with_an_alert, now=NOW)
    ben = User.objects.get(email="ben@example.org")
    alerts.close(Alert.objects.get().pk, by=ben, outcome="referred", note="Seen.", now=NOW)

    assert deletion.carry_out_due(now=NOW + timedelta(hours=1)) == 1
    assert found("ada@example.org") == []


def test_an_alert_that_nobody_closes_holds_the_account_for_30_days(ada_with_an_alert: User) -> None:
    deletion.ask(ada_with_an_alert, now=NOW)

    assert deletion.carry_out_due(now=NOW + timedelta(days=30)) == 1

    alert = Alert.objects.get(patient=ada_with_an_alert)
    assert found("ada@example.org") == []
    assert (alert.status, alert.next_escalation_at, alert.next_follow_up_at) == ("open", None, None)
    assert alert.events.filter(data__account="deleted").count() == 1


def test_a_wish_that_is_taken_back_is_never_carried_out(ada_with_an_alert: User) -> None:
    deletion.ask(ada_with_an_alert, now=NOW)

    assert deletion.take_back(ada_with_an_alert, now=NOW)
    assert deletion.carry_out_due(now=NOW + timedelta(days=31)) == 0
    assert not deletion.take_back(ada_with_an_alert, now=NOW)


def test_asking_twice_is_one_wish(ada_with_an_alert: User) -> None:
    deletion.ask(ada_with_an_alert, now=NOW)
    deletion.ask(ada_with_an_alert, now=NOW + timedelta(days=3))

    assert Deletion.objects.get().due_at == NOW + timedelta(days=30)


# --- Pages, mail, command ---------------------------------------------------------------------------------------------


def test_the_page_asks_for_a_tick_and_then_deletes_and_signs_out(
    ada: User, ada_client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    assert ada_client.post("/settings/delete").status_code == 400
    assert User.objects.filter(email="ada@example.org").exists()

    with django_capture_on_commit_callbacks(execute=True):
        answer = ada_client.post("/settings/delete", {"sure": "yes"})

    assert "Your account is deleted" in answer.content.decode()
    assert "8 years" in answer.content.decode()
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert found("ada@example.org") == []
    assert [(one.to, one.subject) for one in mail.outbox] == [(["ada@example.org"], "Your account")]
    assert not any(word in mail.outbox[0].body.lower() for word in ("pain", "diary", "ada"))


def test_the_page_says_until_when_it_waits_and_lets_the_person_change_their_mind(
    ada_with_an_alert: User,
) -> None:
    client = factories.log_in(Client(), ada_with_an_alert, second_factor=False)

    page = client.post("/settings/delete", {"sure": "yes"}).content.decode()
    assert "Keep my account" in page
    client.post("/settings/delete", {"answer": "keep"})

    assert "Keep my account" not in client.get("/settings/delete").content.decode()
    assert found("ada@example.org")


def test_the_page_promises_what_is_done_with_and_without_a_clinic(ada_client: Client, harbour: Clinic) -> None:
    alone = factories.log_in(Client(), factories.patient(email="eve@example.org", name="Eve"), second_factor=False)

    assert "8 years" in ada_client.get("/settings/delete").content.decode()
    assert "So your diary and your exercises go too." in alone.get("/settings/delete").content.decode()


def test_somebody_who_works_in_a_clinic_is_sent_to_its_manager_first(harbour: Clinic, ada: User) -> None:
    harbour.memberships.create(user=ada, role="clinician", from_at=factories.LONG_AGO)

    answer = factories.log_in(Client(), ada).post("/settings/delete", {"sure": "yes"})

    assert answer.status_code == 400
    assert "Ask its manager" in answer.content.decode()


def test_the_command_deletes_again_what_a_backup_has_brought_back(ada_with_an_alert: User) -> None:
    call_command("delete_accounts", str(ada_with_an_alert.pk))

    assert found("ada@example.org") == []
