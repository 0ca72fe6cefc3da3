"""How a finding becomes an alert, joins an open one, or is known to have been dealt with already.

The set of alerts must not depend on the order in which entries arrive, and a day that is looked at again must not
bring back what a clinician has closed. Each OPENED, RAISED and REPEATED event therefore keeps the day, tier and
occasion of the finding it stands for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from selfcare.triage import due, telling
from selfcare.triage.models import TRANSITIONS, Alert, AlertEvent, urgency
from selfcare.triage.rules import Finding

TOOK_PART = (AlertEvent.Kind.OPENED, AlertEvent.Kind.RAISED, AlertEvent.Kind.REPEATED)


@dataclass(frozen=True, slots=True)
class Report:
    """What made triage look: an entry of the day itself, a late entry of an earlier day, or time alone."""

    patient_id: UUID
    entry_id: UUID | None
    as_of: date
    reported_at: datetime
    now: datetime
    catalogue_version: str
    # True where the entry belongs to the day being assessed; only then can it repeat what was reported before.
    of_the_day: bool

    @property
    def cause(self) -> str:
        """Return what the messages of this report have in common."""
        return f"entry:{self.entry_id}" if self.entry_id else f"day:{self.patient_id}:{self.as_of:%Y%m%d}"


def raise_alerts(
    findings: Sequence[Finding], report: Report, *, fires_alone: Callable[[Finding], bool]
) -> dict[str, UUID]:
    """Return the alert of each finding by rule, opened, joined or left as it was; owes the messages.

    ``fires_alone`` tells whether this report makes the rule of a finding fire without the rest of its day: it is asked
    when a clinician has already closed an alert about that day.
    """
    if not findings:
        return {}
    known = _known(report.patient_id, {finding.rule_id for finding in findings})
    alerts: dict[str, UUID] = {}
    news: list[str] = []
    for finding in findings:
        history = known.get(finding.rule_id, [])
        alert, is_news = _raise(finding, report, history, fires_alone=fires_alone)
        if alert is not None:
            alerts[finding.rule_id] = alert.pk
        if is_news:
            news.append(finding.tier)
    if news:
        telling.report(report.patient_id, tiers=news, cause=report.cause, now=report.now)
    return alerts


def _known(patient_id: UUID, rule_ids: Iterable[str]) -> dict[str, list[Alert]]:
    # Locked, so that a clinician who closes an alert at this moment waits, or has already closed it.
    rows = (
        Alert.objects.select_for_update()
        .filter(patient_id=patient_id, rule_id__in=sorted(rule_ids))
        .order_by("opened_at", "id")
        .prefetch_related("events")
    )
    known: dict[str, list[Alert]] = {}
    for alert in rows:
        known.setdefault(alert.rule_id, []).append(alert)
    return known


def _raise(
    finding: Finding, report: Report, alerts: list[Alert], *, fires_alone: Callable[[Finding], bool]
) -> tuple[Alert | None, bool]:
    """Return the alert that stands for the finding, and whether people must be told of something new."""
    standing = next((alert for alert in alerts if alert.status != Alert.Status.CLOSED), None)
    told = [(alert, event) for alert in alerts for event in alert.events.all() if event.kind in TOOK_PART]
    same_occasion = [
        alert for alert, event in told if finding.occasion and event.data.get("occasion") == finding.occasion
    ]
    if same_occasion:
        return same_occasion[-1], False
    if standing is not None:
        return standing, _join(standing, finding, report)
    dealt_with = [(alert, event) for alert, event in told if _covers(event, finding, report)]
    if dealt_with and not _is_new_report(finding, report, dealt_with, fires_alone=fires_alone):
        return dealt_with[-1][0], False
    return _open(finding, report)


def _covers(event: AlertEvent, finding: Finding, report: Report) -> bool:
    same_day = event.data.get("as_of") == report.as_of.isoformat()
    return same_day and urgency(event.data["tier"]) <= urgency(finding.tier)


def _is_new_report(
    finding: Finding,
    report: Report,
    dealt_with: list[tuple[Alert, AlertEvent]],
    *,
    fires_alone: Callable[[Finding], bool],
) -> bool:
    if not report.of_the_day or any(event.entry_id == report.entry_id for _, event in dealt_with):
        return False
    return fires_alone(finding)


def _open(finding: Finding, report: Report) -> tuple[Alert, bool]:
    alert = Alert(
        patient_id=report.patient_id,
        rule_id=finding.rule_id,
        opened_at=report.now,
        next_escalation_at=telling.next_escalation(report.patient_id, tier=finding.tier, now=report.now),
        **due.from_report(finding.tier, now=report.now),
        **_leading(finding, report),
    )
    try:
        with transaction.atomic():
            alert.save(force_insert=True)
    except IntegrityError:
        # Somebody undid a closing in this very moment: the finding joins that alert.
        standing = Alert.objects.open().get(patient_id=report.patient_id, rule_id=finding.rule_id)
        return standing, _join(standing, finding, report)
    _write(alert, AlertEvent.Kind.OPENED, finding, report)
    return alert, True


def _join(alert: Alert, finding: Finding, report: Report) -> bool:
    """Add a finding to an open alert; return whether it made the alert more urgent or is a new occasion."""
    raised = urgency(finding.tier) < alert.urgency
    seen = [event for event in alert.events.all() if event.kind in TOOK_PART and _covers(event, finding, report)]
    repeats = report.of_the_day and all(event.entry_id != report.entry_id for event in seen)
    if seen and not repeats and not raised:
        return False
    changes: dict[str, Any] = {}
    if (urgency(finding.tier), report.as_of) < (alert.urgency, alert.as_of):
        changes |= _leading(finding, report)
    if raised:
        changes |= {
            "status": TRANSITIONS[AlertEvent.Kind.RAISED][1],
            "acknowledged_at": None,
            "acknowledged_by": None,
            "next_escalation_at": telling.next_escalation(report.patient_id, tier=finding.tier, now=report.now),
            "next_release_at": None,
        }
    if raised or (alert.assessed_at is not None and report.reported_at > alert.assessed_at):
        # Reported anew after an examination: the patient is asked again, and silence counts again.
        changes |= due.from_report(changes.get("tier", alert.tier), now=report.now)
    for name, value in changes.items():
        setattr(alert, name, value)
    if changes:
        alert.save(update_fields=list(changes))
    _write(alert, AlertEvent.Kind.RAISED if raised else AlertEvent.Kind.REPEATED, finding, report)
    return raised or bool(finding.occasion)


def _leading(finding: Finding, report: Report) -> dict[str, Any]:
    """Return what the alert row shows: its most urgent finding, and of those the earliest day."""
    return {
        "tier": finding.tier,
        "urgency": urgency(finding.tier),
        "reason": finding.reason,
        "occasion": finding.occasion,
        "inputs": dict(finding.inputs),
        "entry_id": report.entry_id,
        "as_of": report.as_of,
        "reported_at": report.reported_at,
        "catalogue_version": report.catalogue_version,
    }


def _write(alert: Alert, kind: str, finding: Finding, report: Report) -> None:
    AlertEvent.objects.create(
        alert=alert,
        kind=kind,
        at=report.now,
        entry_id=report.entry_id,
        data={
            "as_of": report.as_of.isoformat(),
            "tier": finding.tier,
            "occasion": finding.occasion,
            "inputs": dict(finding.inputs),
            "cause": report.cause,
        },
    )
