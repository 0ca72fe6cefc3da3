"""Closing the loop: the patient is asked whether they were seen until somebody has examined them; silence is a task.

clinical.md section 0 (latching), 1.5 T-11 and H17. Whatever the patient answers, the alert stays open until a clinician
closes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Min

from notifications import reminders
from selfcare.triage import catalogue, due, telling
from selfcare.triage.models import Alert, AlertEvent, Assessment, Hindrance, Said, SeenAt, SeenOutcome
from selfcare.triage.moving import AlertConflict, UnknownAlert, get

SAID = tuple(Said.values)
# Alerts whose question is due within this time are asked about together.
TOGETHER = timedelta(minutes=30)
# What tells that somebody is there: the patient, or a clinician who has the alert or has reached the patient.
SIGNS = (
    *(AlertEvent.Kind.OPENED, AlertEvent.Kind.RAISED, AlertEvent.Kind.REPEATED, AlertEvent.Kind.PATIENT_SAID),
    *(AlertEvent.Kind.ACKNOWLEDGED, AlertEvent.Kind.REOPENED),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the patient says: with "seen" where, on which of their days and what came of it; with "could not" why."""

    said: str
    where: str = ""
    seen_on: date | None = None
    outcome: str = ""
    why: str = ""
    words: str = ""

    @property
    def examined(self) -> bool:
        """Return whether somebody has examined the patient: not by phone, and not before they say what came of it."""
        told = self.said == Said.SEEN and self.where and self.seen_on and self.outcome
        return bool(told) and self.where != SeenAt.PHONE and self.outcome != SeenOutcome.NOT_EXAMINED

    def stored(self) -> dict[str, str]:
        """Return the answer as an event keeps it, without its words."""
        kept = {
            "answer": self.said,
            "where": self.where,
            "seen_on": self.seen_on.isoformat() if self.seen_on else "",
            "outcome": self.outcome,
            "why": self.why,
        }
        return {name: value for name, value in kept.items() if value}


@transaction.atomic
def patient_said(alert_id: UUID, *, patient_id: UUID, answer: Answer, now: datetime) -> AlertEvent:
    """Return the event that keeps the patient's answer; it plans the next question, or ends the asking.

    The same answer twice in a row is kept once. "Could not" tells the clinicians again. Raises UnknownAlert for an
    alert of somebody else, AlertConflict for an answer that does not fit.
    """
    alert = get(alert_id, lock=True)
    if alert.patient_id != patient_id:
        raise UnknownAlert
    _check(answer, alert, now=now)
    newest = alert.events.filter(kind=AlertEvent.Kind.PATIENT_SAID).order_by("-at", "-id").first()
    data, words = answer.stored(), answer.words.strip()
    if newest is not None and newest.note == words and data == {k: v for k, v in newest.data.items() if k != "cause"}:
        return newest
    if alert.status != Alert.Status.CLOSED and alert.tier in due.URGENT:
        Alert.objects.filter(pk=alert.pk).update(**_planned(alert, answer, now=now))
        alert.refresh_from_db()
        telling.stop_asking([alert], now=now)
        if answer.said == Said.COULD_NOT:
            data["cause"] = telling.cannot_get_there(alert, now=now)
    return AlertEvent.objects.create(
        alert=alert, kind=AlertEvent.Kind.PATIENT_SAID, at=now, actor_id=patient_id, data=data, note=words
    )


def ask_due(*, now: datetime, limit: int = 100) -> int:
    """Return how many patients were asked whether they were seen; several alerts of one patient are one question."""
    found = Alert.objects.due_for_follow_up(now).values_list("patient_id", flat=True)[:limit]
    return sum(_ask(patient_id, now=now) for patient_id in dict.fromkeys(found))


def notice_silence(*, now: datetime, limit: int = 100) -> int:
    """Return how many alerts became a task to contact the patient, because nothing was heard for too long (T-11)."""
    return sum(_notice(alert.pk, now=now) for alert in list(Alert.objects.due_for_silence(now)[:limit]))


@transaction.atomic
def _ask(patient_id: UUID, *, now: datetime) -> bool:
    # Locked in the order in which a new report locks them.
    rows = Alert.objects.open().filter(patient_id=patient_id, next_follow_up_at__lte=now + TOGETHER)
    alerts = list(rows.select_for_update().order_by("opened_at", "id"))
    if all(alert.next_follow_up_at is None or alert.next_follow_up_at > now for alert in alerts):
        return False
    morning = due.next_morning(patient_id, now=now)
    following = {
        alert.pk: due.after_asking(alert.reason, reported_at=alert.opened_at, morning=morning, now=now)
        for alert in alerts
    }
    asked = [alert for alert in alerts if _claimed(alert, next_follow_up_at=following[alert.pk])]
    if not asked:
        return False
    at_night = catalogue.current().follow_up["push_in_quiet_hours"]
    quiet = reminders.in_quiet_hours(patient_id, tz=due.zone_of(patient_id), now=now)
    push = not quiet or any(alert.tier in at_night for alert in asked)
    until = min(following[alert.pk] for alert in asked)
    cause = telling.ask(patient_id, push=push, until=until, now=now)
    kind = AlertEvent.Kind.ASKED
    AlertEvent.objects.bulk_create([AlertEvent(alert=each, kind=kind, at=now, data={"cause": cause}) for each in asked])
    return True


def _claimed(alert: Alert, *, next_follow_up_at: datetime) -> bool:
    same = Alert.objects.open().filter(pk=alert.pk, next_follow_up_at=alert.next_follow_up_at)
    return bool(same.update(next_follow_up_at=next_follow_up_at))


@transaction.atomic
def _notice(alert_id: UUID, *, now: datetime) -> bool:
    """Return whether this call made the silence a task; else it is looked at again when it may be one."""
    alert = get(alert_id, lock=True)
    unchanged = Alert.objects.open().filter(pk=alert_id, next_silence_at=alert.next_silence_at, silent_at=None)
    if alert.next_silence_at is None or alert.next_silence_at > now:
        return False
    silent_from = _last_sign(alert) + due.silence(alert.tier)
    if silent_from > now:
        unchanged.update(next_silence_at=silent_from)
        return False
    if not unchanged.update(silent_at=now, next_silence_at=None):
        return False
    cause = telling.contact(alert, now=now)
    AlertEvent.objects.create(alert=alert, kind=AlertEvent.Kind.SILENT, at=now, data={"cause": cause})
    return True


def _last_sign(alert: Alert) -> datetime:
    """Return when something was last heard: an entry, an answer, a hand that took the alert, a contact."""
    events = [event for event in alert.events.all() if event.kind in SIGNS or event.data.get("contact")]
    heard = [alert.opened_at, *(event.at for event in events)]
    # An entry that waits is assessed again and again: only its first assessment is the patient's doing.
    entries = Assessment.objects.filter(patient_id=alert.patient_id, entry_id__isnull=False).order_by()
    newest = entries.values("entry_id").annotate(first=Min("evaluated_at")).order_by("-first").first()
    return max([*heard, newest["first"]]) if newest else max(heard)


def _planned(alert: Alert, answer: Answer, *, now: datetime) -> dict[str, Any]:
    """Return what time does next after an answer."""
    if answer.examined:
        return {"assessed_at": now, "next_follow_up_at": None, "next_silence_at": None}
    arrived = answer.said in (Said.THERE, Said.SEEN)
    again = due.next_morning(alert.patient_id, now=now) if arrived else due.ask_again(now)
    # Who has arrived may wait for hours without a look at the phone: silence counts from the next question on.
    silent_from = (again if arrived else now) + due.silence(alert.tier)
    planned = {"assessed_at": None, "next_follow_up_at": again, "next_silence_at": silent_from}
    if not arrived and alert.status == Alert.Status.ACKNOWLEDGED and alert.next_release_at is None:
        planned["next_release_at"] = due.release(alert.tier, now=now)
    return planned


def _check(answer: Answer, alert: Alert, *, now: datetime) -> None:
    if answer.said not in SAID:
        raise AlertConflict("Choose one of the answers.")
    for given, allowed, belongs, sentence in (
        (answer.where, SeenAt.values, Said.SEEN, "Choose where you were seen."),
        (answer.outcome, SeenOutcome.values, Said.SEEN, "Choose what came of it."),
        (answer.why, Hindrance.values, Said.COULD_NOT, "Choose why you could not get there."),
    ):
        if given and (given not in allowed or answer.said != belongs):
            raise AlertConflict(sentence)
    if answer.seen_on is None:
        return
    today = now.astimezone(due.zone_of(alert.patient_id)).date()
    if answer.said != Said.SEEN or not alert.as_of <= answer.seen_on <= today:
        raise AlertConflict("Enter the day you were seen: not before you told us, and not after today.")
