"""Alerts: opened by findings, moved by people.

Every change of state is one guarded UPDATE and one event row in the same transaction; a second hand that comes too late
is told who was first. What time does to an alert is in ``escalation`` and ``follow_up``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from selfcare.triage import catalogue as catalogues
from selfcare.triage import due, telling
from selfcare.triage.evaluating import evaluate_each, fires_alone
from selfcare.triage.models import Alert, AlertEvent, Assessment, Tier, urgency
from selfcare.triage.moving import AlertConflict, get, move, not_taken, who_was_first
from selfcare.triage.raising import Report, raise_alerts
from selfcare.triage.rules import Finding, History

# The one alert that no rule opens: triage itself failed, so a clinician must read the answers.
UNASSESSED = "SYS-UNASSESSED"
UNASSESSED_REASON = "could_not_be_assessed"
# How long a closing may be undone by the person who closed.
UNDO_WITHIN = timedelta(seconds=60)


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
    moved = move(
        alert_id,
        AlertEvent.Kind.ACKNOWLEDGED,
        by=by,
        now=now,
        acknowledged_at=now,
        acknowledged_by=by,
        next_escalation_at=None,
    )
    alert = get(alert_id)
    if moved:
        Alert.objects.filter(pk=alert_id).update(next_release_at=due.release(alert.tier, now=now))
        telling.withdraw(alert, now=now)
    elif alert.status != Alert.Status.ACKNOWLEDGED or alert.acknowledged_by_id != by.pk:
        raise AlertConflict(who_was_first(alert, now=now))
    return alert


@transaction.atomic
def release(alert_id: UUID, *, by: Any, now: datetime) -> Alert:
    """Return the alert, given back so that another can take it; the rota is told from its first level on.

    Raises AlertConflict when nobody has taken it or it is closed.
    """
    alert = get(alert_id, lock=True)
    if alert.status != Alert.Status.ACKNOWLEDGED:
        closed = alert.status == Alert.Status.CLOSED
        raise AlertConflict(who_was_first(alert, now=now) if closed else "Nobody has taken this.")
    moved = move(
        alert_id,
        AlertEvent.Kind.RELEASED,
        by=by,
        now=now,
        data={"cause": telling.released(alert, by=by.pk, now=now)} if alert.tier in due.URGENT else {},
        next_escalation_at=telling.next_escalation(alert.patient_id, tier=alert.tier, now=now),
        **not_taken(),
    )
    if not moved:
        raise AlertConflict(who_was_first(get(alert_id), now=now))
    return get(alert_id)


@transaction.atomic
def record_action(alert_id: UUID, *, by: Any, note: str, contact: bool = False, now: datetime) -> AlertEvent:
    """Return the event that says what was done, such as a phone call; raises AlertConflict once the alert is closed.

    ``contact``: somebody has spoken with the patient or seen them. Only that ends the task to contact them.
    """
    alert = get(alert_id, lock=True)
    if alert.status == Alert.Status.CLOSED:
        raise AlertConflict(who_was_first(alert, now=now))
    if not note.strip():
        raise AlertConflict("Write down what was done.")
    changes: dict[str, Any] = {}
    if alert.status == Alert.Status.ACKNOWLEDGED:
        changes["next_release_at"] = due.release(alert.tier, now=now)
    if contact and alert.silent_at is not None:
        changes |= {"silent_at": None, "next_silence_at": now + due.silence(alert.tier)}
    if changes:
        Alert.objects.filter(pk=alert_id).update(**changes)
    data = {"contact": True} if contact else {}
    return AlertEvent.objects.create(
        alert=alert, kind=AlertEvent.Kind.ACTION, at=now, actor=by, note=note.strip(), data=data
    )


@transaction.atomic
def close(alert_id: UUID, *, by: Any, outcome: str, note: str = "", now: datetime) -> Alert:
    """Return the closed alert. An emergency needs a note as well as an outcome.

    Raises AlertConflict when something is missing or somebody else was first.
    """
    alert = get(alert_id, lock=True)
    if outcome not in Alert.Outcome.values:
        raise AlertConflict("Choose what came of it.")
    if alert.tier == Tier.EMERGENCY and not note.strip():
        raise AlertConflict("Write down what was done before you close an emergency.")
    taken = {} if alert.acknowledged_by_id else {"acknowledged_at": now, "acknowledged_by": by}
    moved = move(
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
        next_follow_up_at=None,
        next_silence_at=None,
        next_release_at=None,
        **taken,
    )
    if not moved:
        raise AlertConflict(who_was_first(alert, now=now))
    alert.refresh_from_db()
    telling.withdraw(alert, now=now)
    telling.stop_asking([alert], now=now)
    if alert.tier in telling.URGENT:
        telling.held_reviews(alert.patient_id, now=now)
    return alert


@transaction.atomic
def undo_close(alert_id: UUID, *, by: Any, now: datetime) -> Alert:
    """Return the alert, open again in the hands of the person who closed it a moment ago.

    Raises AlertConflict after a minute, for another person, or when a newer alert of the same kind is open.
    """
    alert = get(alert_id, lock=True)
    if alert.status != Alert.Status.CLOSED:
        raise AlertConflict("This is open already.")
    if alert.closed_by_id != by.pk or alert.closed_at is None or now - alert.closed_at > UNDO_WITHIN:
        raise AlertConflict("Closing can be undone for one minute, by the person who closed it.")
    columns = {"closed_at": None, "closed_by": None, "outcome": "", "next_release_at": due.release(alert.tier, now=now)}
    if alert.assessed_at is None:
        columns |= due.from_report(alert.tier, now=now)
    try:
        with transaction.atomic():
            move(alert_id, AlertEvent.Kind.REOPENED, by=by, now=now, **columns)
    except IntegrityError:
        raise AlertConflict("A newer report of the same kind is open. Act on that one.") from None
    alert.refresh_from_db()
    return alert
