"""Who is told of a message, and when: the patient once an hour at most and not at night, the rota once."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from notifications import outbox, reminders
from notifications.models import Kind, Priority
from selfcare.accounts import care
from selfcare.accounts.models import Clinic
from selfcare.correspondence.models import Conversation, Message

# ux.md 4.7: as sent, bundled hourly.
BUNDLE = timedelta(hours=1)


def new_for_patient(conversation: Conversation, *, now: datetime) -> None:
    """Tell the patient of a new message, or plan to: what comes within the hour, or at night, is told together.

    It is no reminder, so the consent to reminders does not decide about it (``notifications.wording``).
    """
    if conversation.next_notice_at is not None:
        return
    conversation.next_notice_at = _may_tell_at(conversation, now=now)
    conversation.save(update_fields=["next_notice_at"])
    if conversation.next_notice_at <= now:
        _tell(conversation, now=now)


def tell_due(*, now: datetime, limit: int = 100) -> int:
    """Return how many patients were told of messages that came while they were not to be told."""
    due = Conversation.objects.filter(next_notice_at__lte=now).order_by("next_notice_at", "id")
    return sum(_tell_if_still_unread(conversation, now=now) for conversation in due[:limit])


def read_by_patient(conversation: Conversation, *, now: datetime) -> None:
    """Withdraw what is not sent yet about messages that the patient has read."""
    Conversation.objects.filter(pk=conversation.pk).update(next_notice_at=None)
    if conversation.told_at is not None:
        outbox.cancel(_of_patient(conversation, conversation.told_at), now=now)


def remind_due(*, now: datetime, limit: int = 100) -> int:
    """Return how many conversations were brought to the rota's notice because nobody answered in the clinic's time."""
    due = Conversation.objects.filter(next_overdue_at__lte=now).select_related("clinic")
    return sum(_remind(conversation, now=now) for conversation in due.order_by("next_overdue_at", "id")[:limit])


def answered(conversation: Conversation, *, now: datetime) -> None:
    """Withdraw the unsent word to the rota when nothing of the clinic is overdue any more."""
    told = Conversation.objects.waiting().filter(clinic=conversation.clinic_id, next_overdue_at=None)
    if not told.exists():
        outbox.cancel(_of_rota(conversation.clinic, now), now=now)


def _may_tell_at(conversation: Conversation, *, now: datetime) -> datetime:
    """Return the first instant from now on that is an hour after the last word and in nobody's night."""
    at = max(now, conversation.told_at + BUNDLE) if conversation.told_at else now
    zone = _zone_of(conversation)
    return reminders.quiet_until(conversation.patient_id, tz=zone, now=at) or at


def _zone_of(conversation: Conversation) -> ZoneInfo:
    profile = getattr(conversation.patient, "patient", None)
    return profile.zone() if profile else ZoneInfo(conversation.clinic.time_zone)


def _tell(conversation: Conversation, *, now: datetime) -> None:
    conversation.told_at, conversation.next_notice_at = now, None
    conversation.save(update_fields=["told_at", "next_notice_at"])
    outbox.notify(conversation.patient_id, cause=_of_patient(conversation, now), kind=Kind.MESSAGE, now=now)


@transaction.atomic
def _tell_if_still_unread(conversation: Conversation, *, now: datetime) -> bool:
    mine = Conversation.objects.filter(pk=conversation.pk, next_notice_at=conversation.next_notice_at)
    if not mine.update(next_notice_at=None):
        return False
    if not conversation.messages.filter(side=Message.Side.CLINIC, read_at=None).exists():
        return False
    _tell(conversation, now=now)
    return True


@transaction.atomic
def _remind(conversation: Conversation, *, now: datetime) -> bool:
    mine = Conversation.objects.filter(pk=conversation.pk, next_overdue_at=conversation.next_overdue_at)
    if not mine.update(next_overdue_at=None):
        return False
    clinic = conversation.clinic
    # Somebody who has left, or no longer shares, is nobody's task here.
    if not care.clinics_of_patient(conversation.patient_id, now=now).filter(pk=clinic.pk).exists():
        return False
    outbox.owe(
        care.on_rota_of(clinic, level=0, now=now),
        cause=_of_rota(clinic, now),
        kind=Kind.UNANSWERED,
        now=now,
        priority=Priority.ORDINARY,
    )
    return True


def _of_patient(conversation: Conversation, told_at: datetime) -> str:
    return f"messages:{conversation.pk}:{int(told_at.timestamp())}"


def _of_rota(clinic: Clinic, now: datetime) -> str:
    """Return the cause that everything overdue of a clinic shares for an hour: many at once are one word."""
    return f"unanswered:{clinic.pk}:{int(now.timestamp()) // 3600}"
