"""After the eight weeks: whether the diary goes on, and what that does to reminders; and pain that comes back."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from notifications import reminders
from notifications.models import Reminder
from selfcare.accounts import audit
from selfcare.diary.models import Episode, Pace, WeekRead

Choice = Pace.Choice
# From one reminder to the next, in days; 0 is none at all.
EVERY_DAYS = {Choice.WEEKLY: 7, Choice.STOPPED: 0}


def chosen(episode: Episode, *, began_on: date) -> str:
    """Return what was chosen for the clock that began on a day, or an empty text."""
    row = Pace.objects.filter(episode=episode, began_on=began_on).first()
    return row.choice if row else ""


@transaction.atomic
def choose(episode: Episode, choice: str, *, began_on: date, now: datetime) -> Pace:
    """Return the choice, stored, with the reminder set to it. Choosing "as it is" brings the reminder back as it was.

    The rules go on as ever: what is reported is judged, and the questions of clinical.md 2.4 still come.
    """
    row, _created = Pace.objects.select_for_update().get_or_create(
        episode=episode, began_on=began_on, defaults={"choice": Choice.AS_IT_IS, "chosen_at": now}
    )
    wanted = Choice(choice)
    if wanted == Choice.AS_IT_IS:
        _bring_back(row, now=now)
    else:
        if row.every_days_before is None:
            row.every_days_before = _every_days(episode)
        # Whoever has no reminder gets none by this.
        if row.every_days_before:
            reminders.choose_pace(episode.patient_id, every_days=EVERY_DAYS[wanted], now=now)
    row.choice, row.chosen_at = wanted, now
    row.save(update_fields=["choice", "chosen_at", "every_days_before"])
    patient_id = episode.patient_id
    audit.record("episode.pace_chosen", actor_id=patient_id, patient_id=patient_id, object_id=episode.pk, now=now)
    return row


@transaction.atomic
def begin_again(episode: Episode, *, began_on: date, now: datetime) -> None:
    """Bring back the reminder of a diary that was slowed down before ``began_on``, the day on which pain came back."""
    for row in Pace.objects.select_for_update().filter(episode=episode, began_on__lt=began_on):
        if row.every_days_before is not None:
            _bring_back(row, now=now)
            row.save(update_fields=["every_days_before"])


def mark_read(episode: Episode, number: int, *, began_on: date, now: datetime) -> None:
    """Keep that the page of a week was read; a second time changes nothing."""
    WeekRead.objects.get_or_create(episode=episode, began_on=began_on, number=number, defaults={"read_at": now})


def mark_unread(episode: Episode, number: int, *, began_on: date) -> None:
    """Take the mark of a week back."""
    WeekRead.objects.filter(episode=episode, began_on=began_on, number=number).delete()


def weeks_read(episode: Episode, *, began_on: date) -> set[int]:
    """Return the numbers of the weeks that were read since the clock began."""
    return set(WeekRead.objects.filter(episode=episode, began_on=began_on).values_list("number", flat=True))


def _every_days(episode: Episode) -> int:
    reminder = Reminder.objects.filter(user_id=episode.patient_id).first()
    return reminder.every_days if reminder and reminder.enabled else 0


def _bring_back(row: Pace, *, now: datetime) -> None:
    if row.every_days_before:
        reminders.choose_pace(row.episode.patient_id, every_days=row.every_days_before, now=now)
    row.every_days_before = None
