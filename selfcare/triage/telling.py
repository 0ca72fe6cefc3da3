"""Who is told what about an alert, and when a message about it is no longer wanted.

One report may open several alerts. Its messages share one cause, the report, so that nobody gets three pushes for one
answer; they are withdrawn when the last alert of that report has been acknowledged. What time brings about several
alerts of one patient at one moment shares its cause in the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from notifications import outbox, storms
from notifications.models import Kind, Priority
from selfcare.accounts import care, hours
from selfcare.accounts.models import Clinic
from selfcare.triage.due import URGENT
from selfcare.triage.models import Alert, AlertEvent, Tier

FOR_CLINICIANS = storms.TO_THE_WORKLIST
# Where an event keeps the cause of what it made us owe: to clinicians, and to the patient.
CAUSES = ("cause", "told_patient")
# What may have joined a digest.
TELLING_KINDS = (
    *(AlertEvent.Kind.OPENED, AlertEvent.Kind.RAISED, AlertEvent.Kind.ESCALATED, AlertEvent.Kind.SILENT),
    *(AlertEvent.Kind.RELEASED, AlertEvent.Kind.PATIENT_SAID),
)


def report(patient_id: UUID, *, tiers: Iterable[str], cause: str, now: datetime) -> None:
    """Owe the messages of a report that opened or raised alerts of these tiers.

    Emergency and same-day: the clinicians on the rota, and the patient, so that the advice reaches them also when the
    app was closed at once. Less urgent: the patient alone.
    """
    found = set(tiers)
    if found.intersection(URGENT):
        storms.owe(care.on_rota(patient_id, level=0, now=now), cause=cause, kind=Kind.WORKLIST, now=now)
        outbox.notify(patient_id, cause=cause, kind=Kind.FOLLOW_UP, now=now, priority=Priority.RED_FLAG)
    elif found and not urgent_open(patient_id):
        outbox.notify(patient_id, cause=cause, kind=Kind.REVIEW, now=now, priority=Priority.ORDINARY)


def held_reviews(patient_id: UUID, *, now: datetime) -> None:
    """Owe the review messages that were held back while something urgent was open."""
    if urgent_open(patient_id):
        return
    waiting = Alert.objects.open().filter(patient_id=patient_id, tier__in=(Tier.WITHIN_2_WEEKS, Tier.ROUTINE))
    for alert in waiting.by_urgency()[:1]:
        outbox.notify(patient_id, cause=f"alert:{alert.pk}", kind=Kind.REVIEW, now=now, priority=Priority.ORDINARY)


def urgent_open(patient_id: UUID) -> bool:
    """Return whether something urgent of the patient is open; less pressing prompts are held back until then."""
    return Alert.objects.open().filter(patient_id=patient_id, tier__in=URGENT).exists()


def escalate(alert: Alert, *, level: int, now: datetime) -> dict[str, str]:
    """Return the causes of the messages owed to the people of an escalation level.

    Past the last level of the rota the clinic's duty address is told too, and, once, the patient: the app then says
    plainly that nobody has confirmed yet.
    """
    causes = {"cause": _shared("escalated", alert.patient_id, now, level)}
    past_the_last = level > care.last_level(alert.patient_id, now=now)
    clinics = care.clinics_of_patient(alert.patient_id, now=now)
    storms.owe(
        care.on_rota(alert.patient_id, level=level, now=now),
        cause=causes["cause"],
        kind=Kind.ESCALATION,
        now=now,
        addresses=[clinic.duty_email for clinic in clinics if clinic.duty_email] if past_the_last else [],
    )
    if past_the_last:
        # Once for each report, tier and ownership: a raised or released alert is unconfirmed anew.
        released = alert.events.filter(kind=AlertEvent.Kind.RELEASED).count()
        causes["told_patient"] = _shared("unconfirmed", alert.patient_id, alert.opened_at, alert.urgency, released)
        outbox.notify(
            alert.patient_id, cause=causes["told_patient"], kind=Kind.FOLLOW_UP, now=now, priority=Priority.RED_FLAG
        )
    return causes


def cannot_get_there(alert: Alert, *, now: datetime) -> str:
    """Return the cause of the messages to the clinicians of a patient who cannot get to where the app sent them."""
    cause = _shared("could_not", alert.patient_id, now)
    storms.owe(_responsible(alert, now=now), cause=cause, kind=Kind.WORKLIST, now=now)
    return cause


def contact(alert: Alert, *, now: datetime) -> str:
    """Return the cause of the messages that ask the clinicians to contact a patient who has fallen silent."""
    cause = _shared("silent", alert.patient_id, now)
    storms.owe(_responsible(alert, now=now), cause=cause, kind=Kind.CONTACT, now=now)
    return cause


def released(alert: Alert, *, by: UUID, now: datetime) -> str:
    """Return the cause of the messages about an alert that a clinician has given back, to all but that clinician."""
    cause = _shared("released", alert.patient_id, now)
    told = care.on_rota(alert.patient_id, level=alert.escalation_level, now=now)
    storms.owe([each for each in told if each != by], cause=cause, kind=Kind.WORKLIST, now=now)
    return cause


def ask(patient_id: UUID, *, push: bool, until: datetime, now: datetime) -> str:
    """Return the cause of the neutral messages that bring the patient to the question whether they were seen."""
    cause = _shared("asked", patient_id, now)
    outbox.notify(
        patient_id,
        cause=cause,
        kind=Kind.FOLLOW_UP,
        now=now,
        priority=Priority.FOLLOW_UP,
        expires_at=until,
        push=push,
    )
    return cause


def stop_asking(alerts: Sequence[Alert], *, now: datetime) -> None:
    """Cancel the unsent questions about these alerts, unless another open alert of the patient is still asked about."""
    ids = [alert.pk for alert in alerts]
    asked = AlertEvent.objects.filter(kind=AlertEvent.Kind.ASKED)
    open_beside = asked.filter(alert__next_follow_up_at__isnull=False).exclude(alert__status=Alert.Status.CLOSED)
    causes = set(asked.filter(alert__in=ids).values_list("data__cause", flat=True))
    needed = open_beside.filter(alert__patient__in={alert.patient_id for alert in alerts}).exclude(alert__in=ids)
    for cause in sorted(causes - set(needed.values_list("data__cause", flat=True))):
        outbox.cancel(cause, now=now)


def next_escalation(patient_id: UUID, *, tier: str, now: datetime) -> datetime | None:
    """Return when an unacknowledged alert is told to the next people, or None where nobody can be told.

    A clinic that is closed may take longer, but no longer than it would from its next opening on.
    """
    if tier not in URGENT:
        return None
    clinics = list(care.clinics_of_patient(patient_id, now=now))
    return min((_next_at(clinic, tier=tier, now=now) for clinic in clinics), default=None)


def operator(cause: str, *, now: datetime) -> None:
    """Owe the operator a message, where the installation names one."""
    if settings.OPERATOR_EMAIL:
        outbox.notify_address(
            settings.OPERATOR_EMAIL, cause=cause, kind=Kind.OPERATOR, now=now, priority=Priority.RED_FLAG
        )


def withdraw(alert: Alert, *, now: datetime) -> None:
    """Cancel what is unsent about an alert that has just been taken or closed.

    A message that another unacknowledged alert needs stays. The patient's advice stays too; only the word that nobody
    has confirmed goes.
    """
    events = list(alert.events.all())
    others = AlertEvent.objects.filter(alert__status=Alert.Status.OPEN).exclude(alert=alert)
    of_patient = others.filter(alert__patient_id=alert.patient_id)
    for name, kinds in zip(CAUSES, (FOR_CLINICIANS, (Kind.FOLLOW_UP,)), strict=True):
        causes = {event.data[name] for event in events if event.data.get(name)}
        needed = of_patient.filter(**{f"data__{name}__in": causes}).values_list(f"data__{name}", flat=True)
        for cause in sorted(causes - set(needed)):
            outbox.cancel(cause, now=now, kinds=kinds)
    for digest in sorted({storms.digest_of(event.at) for event in events if event.kind in TELLING_KINDS}):
        first, end = storms.minute_of(digest)
        if not others.filter(Q(at__gte=first, at__lt=end), kind__in=TELLING_KINDS).exists():
            outbox.cancel(digest, now=now, kinds=[Kind.DIGEST])


def _responsible(alert: Alert, *, now: datetime) -> list[UUID]:
    """Return who is first on the rota, and who has taken the alert."""
    told = dict.fromkeys(care.on_rota(alert.patient_id, level=0, now=now))
    if alert.acknowledged_by_id:
        told[alert.acknowledged_by_id] = None
    return list(told)


def _next_at(clinic: Clinic, *, tier: str, now: datetime) -> datetime:
    emergency = tier == Tier.EMERGENCY
    open_min = clinic.escalate_emergency_after_min if emergency else clinic.escalate_same_day_after_min
    in_hours = timedelta(minutes=max(1, open_min))
    opening = hours.next_opening(clinic, now)
    if hours.is_open(clinic, now) or opening is None:
        return now + in_hours
    closed_min = clinic.escalate_emergency_closed_after_min if emergency else clinic.escalate_same_day_closed_after_min
    return min(now + timedelta(minutes=max(1, closed_min)), opening + in_hours)


def _shared(what: str, patient_id: UUID, at: datetime, *more: int) -> str:
    """Return the cause that everything of one kind about one patient at one instant has in common."""
    return ":".join((what, str(patient_id), str(int(at.timestamp())), *map(str, more)))
