"""Alerts: opened by findings, moved by people, escalated by time.

Every change of state is one guarded UPDATE and one event row in the same transaction; a second hand that comes too late
is told who was first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from selfcare.triage import catalogue as catalogues
from selfcare.triage import telling
from selfcare.triage.evaluating import evaluate_each, fires_alone
from selfcare.triage.models import TRANSITIONS, Alert, AlertEvent, Assessment, Tier, urgency
from selfcare.triage.raising import Report, raise_alerts
from selfcare.triage.rules import Finding, History

# The one alert that no rule opens: triage itself failed, so a clinician must read the answers.
UNASSESSED = "SYS-UNASSESSED"
UNASSESSED_REASON = "could_not_be_assessed"
# How long a closing may be undone by the person who closed.
UNDO_WITHIN = timedelta(seconds=60)
SAID = ("seen", "going", "there", "not_yet", "could_not")


class UnknownAlert(Exception):
    """There is no such alert for this person."""


class AlertConflict(Exception):
    """The alert is not in a state that allows this; the text is a sentence for the person who tried."""


# --- From findings --------------------------------------------------------------------------------------------------


def assess(
    history: History,
    *,
    patient_id: UUID,
    entry_id: UUID | None,
    as_of: date,
    reported_at: datetime,
    now: datetime,
) -> Assessment:
    """Return the stored assessment of one day; opens alerts or adds to them and owes the messages.

    Runs in the caller's transaction. A rule that fails costs its own findings only: the assessment is then not
    ``complete``, a clinician gets an alert that says so, and the operator a message.
    """
    catalogue = catalogues.current()
    findings, failed = evaluate_each(catalogue, history, as_of=as_of)
    of_the_day = any(entry.id == str(entry_id) and entry.on == as_of for entry in history.entries)
    report = Report(
        patient_id=patient_id,
        entry_id=entry_id,
        as_of=as_of,
        reported_at=reported_at,
        now=now,
        catalogue_version=catalogue.version,
        of_the_day=of_the_day,
    )

    def alone(finding: Finding) -> bool:
        return finding.rule_id == UNASSESSED or fires_alone(
            finding, catalogue, history, as_of=as_of, entry_id=str(entry_id)
        )

    alarming = [finding for finding in findings if catalogue.rule(finding.rule_id).alert]
    if failed:
        alarming.append(_unassessed(failed))
        telling.operator(f"unassessed:{entry_id or patient_id}:{as_of:%Y%m%d}", now=now)
    alerts = raise_alerts(alarming, report, fires_alone=alone)
    return Assessment.objects.create(
        patient_id=patient_id,
        entry_id=entry_id,
        as_of=as_of,
        catalogue_version=catalogue.version,
        tier=min((finding.tier for finding in findings), key=urgency, default=Tier.NONE),
        findings=[_as_stored(finding, alert=alerts.get(finding.rule_id)) for finding in findings],
        complete=not failed,
        evaluated_at=now,
    )


def could_not_assess(
    *, patient_id: UUID, entry_id: UUID | None, as_of: date, reported_at: datetime, now: datetime
) -> None:
    """Open the alert that says that nobody has judged these answers, and tell the operator.

    For when assessing failed as a whole. Runs in the caller's transaction.
    """
    report = Report(
        patient_id=patient_id,
        entry_id=entry_id,
        as_of=as_of,
        reported_at=reported_at,
        now=now,
        catalogue_version="",
        of_the_day=entry_id is not None,
    )
    raise_alerts([_unassessed(())], report, fires_alone=lambda _finding: True)
    telling.operator(f"unassessed:{entry_id or patient_id}:{as_of:%Y%m%d}", now=now)


def _unassessed(failed: Sequence[str]) -> Finding:
    return Finding(
        rule_id=UNASSESSED, reason=UNASSESSED_REASON, tier=Tier.SAME_DAY, advice="", inputs={"failed": list(failed)}
    )


def _as_stored(finding: Finding, *, alert: UUID | None) -> dict[str, Any]:
    return {
        "rule": finding.rule_id,
        "reason": finding.reason,
        "tier": finding.tier,
        "advice": finding.advice,
        "occasion": finding.occasion,
        "inputs": dict(finding.inputs),
        "alert": str(alert) if alert else None,
    }


# --- By people ------------------------------------------------------------------------------------------------------


@transaction.atomic
def acknowledge(alert_id: UUID, *, by: Any, now: datetime) -> Alert:
    """Return the alert, now known to be in this clinician's hands; its unsent messages to clinicians are cancelled.

    Doing it twice is harmless. Raises AlertConflict when somebody else was first, UnknownAlert when there is none.
    """
    moved = _move(
        alert_id,
        AlertEvent.Kind.ACKNOWLEDGED,
        by=by,
        now=now,
        acknowledged_at=now,
        acknowledged_by=by,
        next_escalation_at=None,
    )
    alert = _get(alert_id)
    if moved:
        telling.withdraw(alert, now=now)
    elif alert.status != Alert.Status.ACKNOWLEDGED or alert.acknowledged_by_id != by.pk:
        raise AlertConflict(_who_was_first(alert, now=now))
    return alert


@transaction.atomic
def record_action(alert_id: UUID, *, by: Any, note: str, now: datetime) -> AlertEvent:
    """Return the event that says what was done, such as a phone call. Raises AlertConflict once the alert is closed."""
    alert = _get(alert_id, lock=True)
    if alert.status == Alert.Status.CLOSED:
        raise AlertConflict(_who_was_first(alert, now=now))
    if not note.strip():
        raise AlertConflict("Write down what was done.")
    return AlertEvent.objects.create(alert=alert, kind=AlertEvent.Kind.ACTION, at=now, actor=by, note=note.strip())


@transaction.atomic
def close(alert_id: UUID, *, by: Any, outcome: str, note: str = "", now: datetime) -> Alert:
    """Return the closed alert. An emergency needs a note as well as an outcome.

    Raises AlertConflict when something is missing or somebody else was first.
    """
    alert = _get(alert_id, lock=True)
    if outcome not in Alert.Outcome.values:
        raise AlertConflict("Choose what came of it.")
    if alert.tier == Tier.EMERGENCY and not note.strip():
        raise AlertConflict("Write down what was done before you close an emergency.")
    taken = {} if alert.acknowledged_by_id else {"acknowledged_at": now, "acknowledged_by": by}
    moved = _move(
        alert_id,
        AlertEvent.Kind.CLOSED,
        by=by,
        now=now,
        note=note.strip(),
        data={"outcome": outcome},
        closed_at=now,
        closed_by=by,
        outcome=outcome,
        next_escalation_at=None,
        **taken,
    )
    if not moved:
        raise AlertConflict(_who_was_first(alert, now=now))
    alert.refresh_from_db()
    telling.withdraw(alert, now=now)
    if alert.tier == Tier.EMERGENCY:
        telling.held_reviews(alert.patient_id, now=now)
    return alert


@transaction.atomic
def undo_close(alert_id: UUID, *, by: Any, now: datetime) -> Alert:
    """Return the alert, open again in the hands of the person who closed it a moment ago.

    Raises AlertConflict after a minute, for another person, or when a newer alert of the same kind is open.
    """
    alert = _get(alert_id, lock=True)
    if alert.status != Alert.Status.CLOSED:
        raise AlertConflict("This is open already.")
    if alert.closed_by_id != by.pk or alert.closed_at is None or now - alert.closed_at > UNDO_WITHIN:
        raise AlertConflict("Closing can be undone for one minute, by the person who closed it.")
    try:
        with transaction.atomic():
            _move(
                alert_id,
                AlertEvent.Kind.REOPENED,
                by=by,
                now=now,
                closed_at=None,
                closed_by=None,
                outcome="",
            )
    except IntegrityError:
        raise AlertConflict("A newer report of the same kind is open. Act on that one.") from None
    alert.refresh_from_db()
    return alert


@transaction.atomic
def patient_said(alert_id: UUID, *, patient_id: UUID, answer: str, now: datetime) -> AlertEvent:
    """Return the event that keeps the patient's answer: seen, going, there, not_yet or could_not.

    The same answer twice in a row is kept once. "Could not" tells the clinicians again. Raises UnknownAlert for an
    alert of somebody else, AlertConflict for an answer that is not on the list.
    """
    if answer not in SAID:
        raise AlertConflict("Choose one of the answers.")
    alert = _get(alert_id, lock=True)
    if alert.patient_id != patient_id:
        raise UnknownAlert
    newest = alert.events.filter(kind=AlertEvent.Kind.PATIENT_SAID).order_by("-at", "-id").first()
    if newest is not None and newest.data.get("answer") == answer:
        return newest
    data = {"answer": answer}
    if answer == "could_not" and alert.status != Alert.Status.CLOSED and alert.tier in telling.URGENT:
        data["cause"] = telling.cannot_get_there(alert, now=now)
    return AlertEvent.objects.create(
        alert=alert, kind=AlertEvent.Kind.PATIENT_SAID, at=now, actor_id=patient_id, data=data
    )


def escalate(alert_id: UUID, *, by: Any, now: datetime) -> Alert:
    """Return the alert, now told to the next people at a clinician's wish; raises AlertConflict once it is taken."""
    alert = _get(alert_id)
    if not _escalate(alert, now=now, by=by):
        alert = _get(alert_id)
        if alert.status == Alert.Status.OPEN:
            raise AlertConflict("The next people have just been told.")
        raise AlertConflict(_who_was_first(alert, now=now))
    return _get(alert_id)


# --- By time --------------------------------------------------------------------------------------------------------


def escalate_due(*, now: datetime, limit: int = 100) -> int:
    """Return how many alerts that nobody acknowledged in time were told to the next people.

    Each is one guarded UPDATE, so two schedulers, or a clinician who acknowledges at this moment, do no harm.
    """
    due = list(Alert.objects.due_for_escalation(now)[:limit])
    return sum(_escalate(alert, now=now) for alert in due)


@transaction.atomic
def _escalate(alert: Alert, *, now: datetime, by: Any = None) -> bool:
    level = alert.escalation_level + 1
    changed = Alert.objects.filter(
        pk=alert.pk,
        status__in=TRANSITIONS[AlertEvent.Kind.ESCALATED][0],
        escalation_level=alert.escalation_level,
        next_escalation_at=alert.next_escalation_at,
    ).update(
        escalation_level=level,
        next_escalation_at=telling.next_escalation(alert.patient_id, tier=alert.tier, now=now),
    )
    if not changed:
        return False
    cause = telling.escalate(alert, level=level, now=now)
    AlertEvent.objects.create(
        alert=alert, kind=AlertEvent.Kind.ESCALATED, at=now, actor=by, data={"level": level, "cause": cause}
    )
    return True


# --- Moving the row -------------------------------------------------------------------------------------------------


def _move(
    alert_id: UUID,
    kind: AlertEvent.Kind,
    *,
    by: Any,
    now: datetime,
    note: str = "",
    data: dict[str, Any] | None = None,
    **columns: Any,
) -> bool:
    """Return whether the alert was in a state that allows this; then it has moved and the event is written."""
    allowed, target = TRANSITIONS[kind]
    if not Alert.objects.filter(pk=alert_id, status__in=allowed).update(status=target, **columns):
        return False
    AlertEvent.objects.create(alert_id=alert_id, kind=kind, at=now, actor=by, note=note, data=data or {})
    return True


def _get(alert_id: UUID, *, lock: bool = False) -> Alert:
    rows = Alert.objects.select_related("acknowledged_by", "closed_by")
    if lock:
        rows = rows.select_for_update(of=("self",))
    alert = rows.filter(pk=alert_id).first()
    if alert is None:
        raise UnknownAlert
    return alert


def _who_was_first(alert: Alert, *, now: datetime) -> str:
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
