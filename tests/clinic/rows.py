"""Alerts for tests of the clinician's pages, written past triage: the worklist only reads them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from selfcare.accounts.models import User
from selfcare.triage.models import Alert, AlertEvent, urgency
from tests.factories import NOW

SADDLE = {"days": {"2026-03-02": {"saddle": "new"}}}


def alert(
    *,
    patient: User,
    rule_id: str = "RF-CES-03",
    tier: str = "emergency",
    opened: timedelta = timedelta(minutes=10),
    now: datetime = NOW,
    **fields: Any,
) -> Alert:
    """Return an alert that was opened ``opened`` before ``now``, with its first event."""
    at = now - opened
    row = Alert.objects.create(
        **{
            "patient": patient,
            "rule_id": rule_id,
            "reason": "saddle_change",
            "tier": tier,
            "urgency": urgency(tier),
            "catalogue_version": "0.1.0",
            "inputs": SADDLE,
            "as_of": now.date(),
            "reported_at": at,
            "opened_at": at,
        }
        | fields
    )
    AlertEvent.objects.create(alert=row, kind=AlertEvent.Kind.OPENED, at=at, entry_id=row.entry_id)
    return row


def taken(*, patient: User, by: User, ago: timedelta = timedelta(minutes=5), **fields: Any) -> Alert:
    """Return an alert that somebody has taken."""
    return alert(patient=patient, status="acknowledged", acknowledged_by=by, acknowledged_at=NOW - ago, **fields)


def closed(*, patient: User, by: User, ago: timedelta, **fields: Any) -> Alert:
    """Return an alert that somebody has closed."""
    return alert(
        patient=patient,
        status="closed",
        closed_by=by,
        closed_at=NOW - ago,
        outcome="seen_clinic",
        **{"opened": ago + timedelta(hours=1)} | fields,
    )


def said(row: Alert, answer: str, *, ago: timedelta = timedelta(minutes=1)) -> AlertEvent:
    """Return the patient's answer to the follow-up."""
    return AlertEvent.objects.create(
        alert=row, kind=AlertEvent.Kind.PATIENT_SAID, at=NOW - ago, actor=row.patient, data={"answer": answer}
    )
