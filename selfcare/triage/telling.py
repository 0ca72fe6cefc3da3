"""Who is told what about an alert, and when a message about it is no longer wanted.

One report may open several alerts. Its messages share one cause, the report, so that nobody gets three pushes for one
answer; they are withdrawn when the last alert of that report has been acknowledged.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Max

from notifications import outbox
from notifications.models import Kind, Priority
from selfcare.accounts import care
from selfcare.accounts.models import Clinic, Membership
from selfcare.triage.models import Alert, AlertEvent, Tier

# Tiers that people must be told of at once; the others wait on the clinician's list.
URGENT = (Tier.EMERGENCY, Tier.SAME_DAY)
FOR_CLINICIANS = (Kind.WORKLIST, Kind.ESCALATION)


def report(patient_id: UUID, *, tiers: Iterable[str], cause: str, now: datetime) -> None:
    """Owe the messages of a report that opened or raised alerts of these tiers.

    Emergency and same-day: the clinicians on the rota, and the patient, so that the advice reaches them also when the
    app was closed at once. Less urgent: the patient alone.
    """
    found = set(tiers)
    if found.intersection(URGENT):
        told = care.on_rota(patient_id, level=0, now=now)
        outbox.owe(told, cause=cause, kind=Kind.WORKLIST, now=now, priority=Priority.RED_FLAG)
        outbox.notify(patient_id, cause=cause, kind=Kind.FOLLOW_UP, now=now, priority=Priority.RED_FLAG)
    elif found and not emergency_open(patient_id):
        outbox.notify(patient_id, cause=cause, kind=Kind.REVIEW, now=now, priority=Priority.ORDINARY)


def held_reviews(patient_id: UUID, *, now: datetime) -> None:
    """Owe the review messages that were held back while an emergency was open."""
    if emergency_open(patient_id):
        return
    waiting = Alert.objects.open().filter(patient_id=patient_id, tier__in=(Tier.WITHIN_2_WEEKS, Tier.ROUTINE))
    for alert in waiting.by_urgency()[:1]:
        outbox.notify(patient_id, cause=f"alert:{alert.pk}", kind=Kind.REVIEW, now=now, priority=Priority.ORDINARY)


def emergency_open(patient_id: UUID) -> bool:
    """Return whether an emergency of the patient is open; less pressing prompts are held back until it is closed."""
    return Alert.objects.open().filter(patient_id=patient_id, tier=Tier.EMERGENCY).exists()


def escalate(alert: Alert, *, level: int, now: datetime) -> str:
    """Return the cause of the messages owed to the people of an escalation level.

    Past the last level of the rota the clinic's duty address is told too, and the patient again: the app then says
    plainly that nobody has confirmed yet.
    """
    cause = f"alert:{alert.pk}:level:{level}"
    told = care.on_rota(alert.patient_id, level=level, now=now)
    outbox.owe(told, cause=cause, kind=Kind.ESCALATION, now=now, priority=Priority.RED_FLAG)
    clinics = list(care.clinics_of_patient(alert.patient_id, now=now))
    if level > _last_level(clinics, now=now):
        for clinic in clinics:
            if clinic.duty_email:
                outbox.notify_address(
                    clinic.duty_email, cause=cause, kind=Kind.ESCALATION, now=now, priority=Priority.RED_FLAG
                )
        outbox.notify(alert.patient_id, cause=cause, kind=Kind.FOLLOW_UP, now=now, priority=Priority.RED_FLAG)
    return cause


def cannot_get_there(alert: Alert, *, now: datetime) -> str:
    """Return the cause of the messages to the clinicians of a patient who cannot get to where the app sent them."""
    cause = f"alert:{alert.pk}:could_not"
    told = care.on_rota(alert.patient_id, level=0, now=now)
    outbox.owe(told, cause=cause, kind=Kind.WORKLIST, now=now, priority=Priority.RED_FLAG)
    return cause


def next_escalation(patient_id: UUID, *, tier: str, now: datetime) -> datetime | None:
    """Return when an unacknowledged alert is told to the next people, or None where nobody can be told."""
    if tier not in URGENT:
        return None
    clinics = list(care.clinics_of_patient(patient_id, now=now))
    emergency = tier == Tier.EMERGENCY
    minutes = [
        clinic.escalate_emergency_after_min if emergency else clinic.escalate_same_day_after_min for clinic in clinics
    ]
    return now + timedelta(minutes=max(1, min(minutes))) if minutes else None


def operator(cause: str, *, now: datetime) -> None:
    """Owe the operator a message, where the installation names one."""
    if settings.OPERATOR_EMAIL:
        outbox.notify_address(
            settings.OPERATOR_EMAIL, cause=cause, kind=Kind.OPERATOR, now=now, priority=Priority.RED_FLAG
        )


def withdraw(alert: Alert, *, now: datetime, kinds: Iterable[str] | None = FOR_CLINICIANS) -> None:
    """Cancel the unsent messages about an alert, unless another unacknowledged alert of the same report needs them."""
    causes = {cause for cause in alert.events.values_list("data__cause", flat=True) if cause}
    needed = AlertEvent.objects.filter(
        alert__patient_id=alert.patient_id, alert__status=Alert.Status.OPEN, data__cause__in=causes
    ).exclude(alert=alert)
    still_needed = set(needed.values_list("data__cause", flat=True))
    for cause in sorted(causes - still_needed):
        outbox.cancel(cause, now=now, kinds=list(kinds) if kinds is not None else None)


def _last_level(clinics: list[Clinic], *, now: datetime) -> int:
    places = Membership.objects.current(now).filter(clinic__in=clinics, role=Membership.Role.CLINICIAN)
    return places.aggregate(last=Max("rota_level"))["last"] or 0
