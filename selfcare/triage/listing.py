"""Alerts as a list: what a patient sees of their own, and what a clinician sees of their patients'."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from edge.errors import LOOK_AGAIN, Refused
from selfcare.accounts import audit, care
from selfcare.triage.models import Alert, AlertEvent

PAGE = 50


def page(person: Any, asked: Mapping[str, str], *, now: datetime) -> dict[str, Any]:
    """Return a page of the open alerts this person may see, most urgent first, and the cursor of the next one.

    ``asked["status"]`` may be open (also acknowledged; the usual) or closed. Looking at other people's alerts is
    written to the audit trail. Raises Refused for a status or cursor that cannot be read.
    """
    visible = Alert.objects.filter(Q(patient=person) | Q(patient__in=care.patients_of(person, now=now).values("pk")))
    rows = _by_status(visible, asked.get("status", "open")).by_urgency()
    if asked.get("after"):
        urgency, opened_at, alert_id = _place(asked["after"])
        rows = rows.filter(
            Q(urgency__gt=urgency)
            | Q(urgency=urgency, opened_at__gt=opened_at)
            | Q(urgency=urgency, opened_at=opened_at, id__gt=alert_id)
        )
    found = list(rows.select_related("acknowledged_by").prefetch_related("events")[: PAGE + 1])
    shown = found[:PAGE]
    for patient_id in sorted({alert.patient_id for alert in shown if alert.patient_id != person.pk}):
        audit.record("alerts.viewed", actor_id=person.pk, patient_id=patient_id, now=now)
    return {
        "alerts": [as_seen_by_patient(a) if a.patient_id == person.pk else as_seen_by_clinician(a) for a in shown],
        "next": _cursor(shown[-1]) if len(found) > PAGE else None,
    }


def as_seen_by_patient(alert: Alert) -> dict[str, Any]:
    """Return an alert as its patient may know it: what it is about and whether somebody has confirmed it."""
    return {
        "id": alert.pk,
        "mine": True,
        "rule": alert.rule_id,
        "tier": alert.tier,
        "status": alert.status,
        "as_of": alert.as_of,
        "opened_at": alert.opened_at,
        "confirmed_at": alert.acknowledged_at,
        "said": _said(alert),
        "assessed_at": alert.assessed_at,
        "next_follow_up_at": alert.next_follow_up_at,
    }


def as_seen_by_clinician(alert: Alert) -> dict[str, Any]:
    """Return an alert with its evidence, for somebody who may act on it."""
    return {
        "id": alert.pk,
        "mine": False,
        "patient": alert.patient_id,
        "rule": alert.rule_id,
        "reason": alert.reason,
        "tier": alert.tier,
        "status": alert.status,
        "as_of": alert.as_of,
        "reported_at": alert.reported_at,
        "opened_at": alert.opened_at,
        "acknowledged_at": alert.acknowledged_at,
        "acknowledged_by": alert.acknowledged_by.get_full_name() if alert.acknowledged_by else None,
        "closed_at": alert.closed_at,
        "outcome": alert.outcome or None,
        "escalation_level": alert.escalation_level,
        "silent_since": alert.silent_at,
        "inputs": alert.inputs,
        "said": _said(alert),
        "assessed_at": alert.assessed_at,
        "next_follow_up_at": alert.next_follow_up_at,
    }


def _said(alert: Alert) -> str | None:
    answers = [event for event in alert.events.all() if event.kind == AlertEvent.Kind.PATIENT_SAID]
    return max(answers, key=lambda event: (event.at, event.pk)).data.get("answer") if answers else None


def _by_status(alerts: Any, status: str) -> Any:
    if status == "open":
        return alerts.open()
    if status == Alert.Status.CLOSED:
        return alerts.filter(status=Alert.Status.CLOSED)
    raise Refused(LOOK_AGAIN, fields={"status": "Ask for open or closed alerts."})


def _cursor(alert: Alert) -> str:
    return f"{alert.urgency}~{_iso(alert.opened_at)}~{alert.pk}"


def _iso(instant: datetime) -> str:
    # A plus sign in an address means a space.
    return instant.isoformat().replace("+00:00", "Z")


def _place(cursor: str) -> tuple[int, datetime, UUID]:
    urgency, _, rest = cursor.partition("~")
    opened_at, _, alert_id = rest.partition("~")
    try:
        instant = datetime.fromisoformat(opened_at)
        if instant.tzinfo is None or not (urgency.isascii() and urgency.isdecimal() and len(urgency) < 5):
            raise ValueError
        return int(urgency), instant, UUID(alert_id)
    except ValueError:
        raise Refused(LOOK_AGAIN, fields={"after": 'Send "next" of the page before, as it is.'}) from None
