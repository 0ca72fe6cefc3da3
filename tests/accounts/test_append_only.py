"""Audit events and consents are added and read, never changed: Python refuses, and so does the database."""

from __future__ import annotations

import pytest
from django.core.management.color import no_style
from django.db import DatabaseError, connection, transaction

from selfcare.accounts import append_only, audit
from selfcare.accounts.models import AppendOnly, AuditEvent, Consent, User
from tests import factories


@pytest.fixture
def event(ada: User) -> AuditEvent:
    return audit.record("diary.viewed", actor_id=ada.pk, patient_id=ada.pk, now=factories.NOW)


@pytest.mark.parametrize("table", append_only.TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {} SET at = at", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_delete_a_row(event: AuditEvent, table: str, statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


def test_the_database_refuses_a_bulk_delete_that_goes_past_python(event: AuditEvent) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEvent.objects.all()._raw_delete("default")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="TRUNCATE is a statement of PostgreSQL")
def test_the_database_refuses_to_empty_the_table(event: AuditEvent) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE accounts_auditevent")


def test_a_stored_event_cannot_be_saved_again(event: AuditEvent) -> None:
    event.action = "something.else"

    with pytest.raises(AppendOnly):
        event.save()


def test_an_event_cannot_be_deleted(event: AuditEvent) -> None:
    with pytest.raises(AppendOnly):
        event.delete()


def test_events_cannot_be_changed_together(event: AuditEvent) -> None:
    with pytest.raises(AppendOnly):
        AuditEvent.objects.update(action="something.else")


def test_consents_cannot_be_deleted_together(ada: User) -> None:
    with pytest.raises(AppendOnly):
        Consent.objects.filter(patient=ada).delete()


@pytest.mark.django_db(transaction=True)
def test_the_guard_stands_again_after_a_flush(ada: User) -> None:
    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), ["accounts_auditevent"]))
    audit.record("diary.viewed", actor_id=ada.pk, now=factories.NOW)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_auditevent")
