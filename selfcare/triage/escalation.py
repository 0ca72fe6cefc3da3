"""Escalation: an alert that nobody takes goes to the next people; an emergency that was left alone goes back to all."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from selfcare.triage import telling
from selfcare.triage.models import TRANSITIONS, Alert, AlertEvent
from selfcare.triage.moving import AlertConflict, get, move, not_taken, who_was_first

# A patient who has arrived is in somebody's hands: their alert is flagged on the worklist, and wakes nobody.
ARRIVED = ("there", "seen")


def escalate(alert_id: UUID, *, by: Any, now: datetime) -> Alert:
    """Return the alert, now told to the next people at a clinician's wish; raises AlertConflict once it is taken."""
    alert = get(alert_id)
    if not _escalate(alert, now=now, by=by):
        alert = get(alert_id)
        if alert.status == Alert.Status.OPEN:
            raise AlertConflict("The next people have just been told.")
        raise AlertConflict(who_was_first(alert, now=now))
    return get(alert_id)


def escalate_due(*, now: datetime, limit: int = 100) -> int:
    """Return how many alerts that nobody acknowledged in time were told to the next people.

    Each is one guarded UPDATE, so two schedulers, or a clinician who acknowledges at this moment, do no harm.
    """
    return sum(_escalate(alert, now=now) for alert in list(Alert.objects.due_for_escalation(now)[:limit]))


def release_due(*, now: datetime, limit: int = 100) -> int:
    """Return how many emergencies went back to everybody, because who took them did nothing for too long (ux.md 2.4).

    They escalate at once. One whose patient has arrived stays where it is.
    """
    return sum(_release(alert, now=now) for alert in list(Alert.objects.due_for_release(now)[:limit]))


@transaction.atomic
def _escalate(alert: Alert, *, now: datetime, by: Any = None) -> bool:
    level = alert.escalation_level + 1
    read = {"escalation_level": alert.escalation_level, "next_escalation_at": alert.next_escalation_at}
    allowed, _ = TRANSITIONS[AlertEvent.Kind.ESCALATED]
    changed = Alert.objects.filter(pk=alert.pk, status__in=allowed, **read).update(
        escalation_level=level,
        next_escalation_at=telling.next_escalation(alert.patient_id, tier=alert.tier, now=now),
    )
    if not changed:
        return False
    causes = telling.escalate(alert, level=level, now=now)
    AlertEvent.objects.create(
        alert=alert, kind=AlertEvent.Kind.ESCALATED, at=now, actor=by, data={"level": level, **causes}
    )
    return True


@transaction.atomic
def _release(alert: Alert, *, now: datetime) -> bool:
    read = {"next_release_at": alert.next_release_at}
    said = alert.events.filter(kind=AlertEvent.Kind.PATIENT_SAID).order_by("-at", "-id").first()
    if said is not None and said.data.get("answer") in ARRIVED:
        Alert.objects.filter(pk=alert.pk, **read).update(next_release_at=None)
        return False
    return move(
        alert.pk,
        AlertEvent.Kind.RELEASED,
        by=None,
        now=now,
        only_if=read,
        **not_taken(),
        next_escalation_at=now,
    )
