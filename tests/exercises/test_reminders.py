"""Exercises and reminders: nothing of their own, at most one a day, and a session is a sign of life."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from notifications import reminders
from notifications.models import Message, Reminder
from selfcare.accounts.models import User
from tests import factories

MONDAY = date(2026, 3, 2)
EVENING = datetime(2026, 3, 2, 19, 31, tzinfo=UTC)


def remind(ada: User) -> Reminder:
    return reminders.set_reminder(
        ada.pk, local_time=time(19, 30), time_zone="Europe/London", by_push=False, now=factories.at_noon(MONDAY)
    )


def test_a_person_with_planned_exercises_gets_the_one_reminder_of_the_day(ada: User) -> None:
    remind(ada)
    factories.programme(patient=ada)

    reminders.enqueue_due(now=EVENING)
    reminders.enqueue_due(now=EVENING.replace(hour=23))

    assert [message.kind for message in Message.objects.filter(recipient=ada)] == ["check_in"]


def test_a_session_sends_nothing_and_leaves_the_check_in_reminder_owed(ada: User) -> None:
    remind(ada)
    factories.programme(patient=ada)

    factories.exercise_session(patient=ada, on=MONDAY, results=[{"exercise": "EX-05"}])
    before = Message.objects.count()
    reminders.enqueue_due(now=EVENING)

    assert before == 0
    assert Message.objects.filter(recipient=ada).count() == 1


def test_a_session_starts_the_count_of_ignored_reminders_again(ada: User) -> None:
    remind(ada)
    factories.programme(patient=ada)
    Reminder.objects.update(ignored=reminders.SILENT, next_at=None)

    factories.exercise_session(patient=ada, on=MONDAY, results=[{"exercise": "EX-05"}])

    reminder = Reminder.objects.get()
    assert reminder.ignored == 0
    assert reminder.next_at == datetime(2026, 3, 2, 19, 30, tzinfo=UTC)
