"""How an alert changes its state: one guarded UPDATE and one event row, and words for the hand that came too late."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from selfcare.triage.models import TRANSITIONS, Alert, AlertEvent


class UnknownAlert(Exception):
    """There is no such alert for this person."""


class AlertConflict(Exception):
    """The alert is not in a state that allows this; the text is a sentence for the person who tried."""


def move(
    alert_id: UUID,
    kind: AlertEvent.Kind,
    *,
    by: Any,
    now: datetime,
    note: str = "",
    data: dict[str, Any] | None = None,
    only_if: dict[str, Any] | None = None,
    **columns: Any,
) -> bool:
    """Return whether the alert was in a state that allows this; then it has moved and the event is written.

    ``only_if`` names columns that must still hold what was read: two schedulers then do no harm.
    """
    allowed, target = TRANSITIONS[kind]
    rows = Alert.objects.filter(pk=alert_id, status__in=allowed, **(only_if or {}))
    if not rows.update(status=target, **columns):
        return False
    AlertEvent.objects.create(alert_id=alert_id, kind=kind, at=now, actor=by, note=note, data=data or {})
    return True


def not_taken() -> dict[str, Any]:
    """Return the columns of an alert that goes back to everybody: nobody has it, and the rota starts again."""
    return {"acknowledged_at": None, "acknowledged_by": None, "next_release_at": None, "escalation_level": 0}


def get(alert_id: UUID, *, lock: bool = False) -> Alert:
    """Return the alert, held until the transaction ends if ``lock``; raises UnknownAlert."""
    rows = Alert.objects.select_related("acknowledged_by", "closed_by")
    if lock:
        rows = rows.select_for_update(of=("self",))
    alert = rows.filter(pk=alert_id).first()
    if alert is None:
        raise UnknownAlert
    return alert


def who_was_first(alert: Alert, *, now: datetime) -> str:
    """Return the sentence that says who closed or took the alert, and how long ago."""
    closed = alert.status == Alert.Status.CLOSED
    person, at = (alert.closed_by, alert.closed_at) if closed else (alert.acknowledged_by, alert.acknowledged_at)
    done = "closed" if closed else "took"
    return f"{person.get_full_name() if person else 'A colleague'} {done} this {_ago(at, now=now)}."


def _ago(at: datetime | None, *, now: datetime) -> str:
    seconds = max(0, round((now - at).total_seconds())) if at else 0
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}s ago"
    return f"{seconds} seconds ago"
