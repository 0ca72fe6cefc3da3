"""Reminders from choice to message: at the right local time, never twice a date, and quiet when they are ignored."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from notifications import outbox, reminders, schedule
from notifications.models import Kind, Message, Priority, Reminder
from selfcare.accounts.models import User
from tests import factories
from tests.doubles.push_service import PushService

Status = Message.Status
HOUR = timedelta(hours=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def remind(person: User, *, now: str, at: str = "19:30", zone: str = "Europe/London", **fields: Any) -> Reminder:
    return reminders.set_reminder(person.pk, local_time=time.fromisoformat(at), time_zone=zone, now=utc(now), **fields)


def kinds() -> list[str]:
    return list(Message.objects.order_by("created_at", "id").values_list("kind", flat=True))


def days_of(person: User, *, first: str, count: int, checks_in_on: set[int] | None = None) -> None:
    """Let days go by, one look each evening, with a check-in on some of them (0 is the first)."""
    for number in range(count):
        now = utc(first) + timedelta(days=number)
        reminders.enqueue_due(now=now)
        if number in (checks_in_on or set()):
            reminders.checked_in(person.pk, on=now.date(), now=now)


# --- setting ---


def test_a_reminder_is_planned_for_the_chosen_local_time(ada: User) -> None:
    reminder = remind(ada, now="2026-07-01 12:00")

    assert reminder.next_at == utc("2026-07-01 18:30")


def test_choosing_again_changes_the_one_reminder(ada: User) -> None:
    remind(ada, now="2026-07-01 12:00")

    remind(ada, now="2026-07-01 12:00", at="08:00", days="67")

    reminder = Reminder.objects.get()
    assert (reminder.days, reminder.next_at) == ("67", utc("2026-07-04 07:00"))


def test_a_reminder_that_is_off_is_never_due(ada: User) -> None:
    reminder = remind(ada, now="2026-07-01 12:00", enabled=False)

    assert reminder.next_at is None


def test_a_zone_that_does_not_exist_is_refused(ada: User) -> None:
    with pytest.raises(schedule.NotSchedulable):
        remind(ada, now="2026-07-01 12:00", zone="Europe/Atlantis")


def test_moving_to_another_zone_plans_anew(ada: User) -> None:
    remind(ada, now="2026-07-01 12:00")

    reminders.move_to_zone(ada.pk, time_zone="America/New_York", now=utc("2026-07-01 12:00"))

    assert Reminder.objects.get().next_at == utc("2026-07-01 23:30")


def test_changing_the_time_after_the_reminder_does_not_bring_a_second_one_that_day(ada: User) -> None:
    remind(ada, now="2026-07-01 12:00")
    reminders.enqueue_due(now=utc("2026-07-01 18:30"))

    remind(ada, now="2026-07-01 18:40", at="21:00")

    assert Reminder.objects.get().next_at == utc("2026-07-02 20:00")


# --- pace and pause ---


def test_every_other_day_is_every_other_day_also_when_it_is_ignored(ada: User) -> None:
    remind(ada, now="2026-07-01 12:00", every_days=2)

    days_of(ada, first="2026-07-01 18:30", count=5)

    assert list(Message.objects.order_by("created_at").values_list("created_at__day", flat=True)) == [1, 3, 5]


def test_nothing_is_sent_in_a_pause_and_the_first_one_comes_after_it_over_the_change(ada: User) -> None:
    # London, 29 March 2026: the clocks go forward in the pause.
    remind(ada, now="2026-03-24 12:00")
    reminders.pause(ada.pk, days=7, now=utc("2026-03-24 12:00"))

    days_of(ada, first="2026-03-24 19:30", count=7)

    assert kinds() == []
    assert Reminder.objects.get().next_at == utc("2026-03-31 18:30")


def test_a_pause_takes_back_what_waits_to_be_sent(ada: User) -> None:
    remind(ada, now="2026-07-01 12:00")
    reminders.enqueue_due(now=utc("2026-07-01 18:30"))

    reminders.pause(ada.pk, days=7, now=utc("2026-07-01 18:31"))

    assert Message.objects.get().status == Status.CANCELLED


def test_a_reminder_planned_for_after_a_pause_is_left_alone_by_the_look_for_wrong_clocks(ada: User) -> None:
    remind(ada, now="2026-07-01 12:00")
    reminders.pause(ada.pk, days=31, now=utc("2026-07-01 12:00"))

    reminders.enqueue_due(now=utc("2026-07-01 12:01"))

    assert Reminder.objects.get().next_at == utc("2026-08-01 18:30")


def test_a_check_in_in_a_pause_does_not_end_it(ada: User) -> None:
    remind(ada, now="2026-07-01 12:00")
    reminders.pause(ada.pk, days=7, now=utc("2026-07-01 12:00"))

    reminders.checked_in(ada.pk, on=date(2026, 7, 2), now=utc("2026-07-02 12:00"))

    assert Reminder.objects.get().next_at == utc("2026-07-08 18:30")


def test_moving_to_another_zone_keeps_pace_and_pause(ada: User) -> None:
    remind(ada, now="2026-07-01 12:00", every_days=2)
    reminders.pause(ada.pk, days=7, now=utc("2026-07-01 12:00"))

    reminders.move_to_zone(ada.pk, time_zone="America/New_York", now=utc("2026-07-01 12:00"))

    assert Reminder.objects.get().next_at == utc("2026-07-08 23:30")


# --- owing ---


def test_a_due_reminder_is_owed_once_and_the_next_is_planned(ada: User) -> None:
    remind(ada, now="2026-07-01 12:00")
    at = utc("2026-07-01 18:30")

    owed = [reminders.enqueue_due(now=at) for _ in range(3)]

    message = Message.objects.get()
    assert owed == [1, 0, 0]
    assert (message.kind, message.priority, message.recipient) == (Kind.CHECK_IN, Priority.REMINDER, ada)
    assert message.expires_at == utc("2026-07-01 20:30")
    assert Reminder.objects.get().next_at == utc("2026-07-02 18:30")


def test_a_reminder_goes_the_ways_that_were_chosen(ada: User, push_service: PushService) -> None:
    factories.push_subscription(user=ada, browser=push_service.subscribe())
    remind(ada, now="2026-07-01 12:00", by_email=False)

    reminders.enqueue_due(now=utc("2026-07-01 18:30"))

    assert Message.objects.get().channel == Message.Channel.WEB_PUSH


def test_nobody_is_reminded_of_a_check_in_that_is_done(ada: User) -> None:
    remind(ada, now="2026-07-01 12:00")

    reminders.checked_in(ada.pk, on=date(2026, 7, 1), now=utc("2026-07-01 13:00"))
    reminders.enqueue_due(now=utc("2026-07-01 18:30"))

    assert kinds() == []
    assert Reminder.objects.get().next_at == utc("2026-07-02 18:30")


def test_a_check_in_takes_back_the_reminder_that_is_not_sent_yet(ada: User) -> None:
    remind(ada, now="2026-07-01 12:00")
    reminders.enqueue_due(now=utc("2026-07-01 18:30"))

    reminders.checked_in(ada.pk, on=date(2026, 7, 1), now=utc("2026-07-01 18:31"))

    assert Message.objects.get().status == Status.CANCELLED


def test_a_late_entry_for_yesterday_leaves_todays_reminder_standing(ada: User) -> None:
    remind(ada, now="2026-07-02 12:00")

    reminders.checked_in(ada.pk, on=date(2026, 7, 1), now=utc("2026-07-02 13:00"))

    assert Reminder.objects.get().next_at == utc("2026-07-02 18:30")


def test_an_entry_dated_far_ahead_does_not_silence_the_reminder(ada: User) -> None:
    remind(ada, now="2026-07-02 12:00")

    reminders.checked_in(ada.pk, on=date(2099, 1, 1), now=utc("2026-07-02 13:00"))

    assert Reminder.objects.get().next_at == utc("2026-07-02 18:30")


def test_an_entry_dated_far_ahead_does_not_bring_back_a_reminder_that_is_done(ada: User) -> None:
    remind(ada, now="2026-07-02 12:00")
    reminders.checked_in(ada.pk, on=date(2026, 7, 2), now=utc("2026-07-02 13:00"))

    reminders.checked_in(ada.pk, on=date(2099, 1, 1), now=utc("2026-07-02 13:01"))

    assert Reminder.objects.get().next_at == utc("2026-07-03 18:30")


def test_somebody_without_a_reminder_may_check_in(ada: User) -> None:
    reminders.checked_in(ada.pk, on=date(2026, 7, 1), now=utc("2026-07-01 13:00"))

    assert not Reminder.objects.exists()


def test_a_check_in_never_fails_for_a_zone_that_is_not_known_any_more(ada: User) -> None:
    remind(ada, now="2026-07-01 12:00")
    Reminder.objects.update(time_zone="Europe/Atlantis")

    reminders.checked_in(ada.pk, on=date(2026, 7, 1), now=utc("2026-07-01 13:00"))

    assert Reminder.objects.get().done_on == date(2026, 7, 1)


def test_a_reminder_that_is_hours_late_is_left_out_and_not_sent_in_the_night(ada: User) -> None:
    remind(ada, now="2026-07-01 12:00")

    owed = reminders.enqueue_due(now=utc("2026-07-02 02:00"))

    assert owed == 0
    assert Reminder.objects.get().next_at == utc("2026-07-02 18:30")
    assert Reminder.objects.get().ignored == 0


def test_a_reminder_that_could_not_be_sent_in_time_expires(ada: User) -> None:
    remind(ada, now="2026-07-01 12:00")
    reminders.enqueue_due(now=utc("2026-07-01 18:30"))

    outbox.deliver_due(now=utc("2026-07-02 02:00"))

    assert Message.objects.get().status == Status.EXPIRED


def test_reminders_of_many_are_owed_in_batches(db: None, django_assert_max_num_queries: Any) -> None:
    people = User.objects.bulk_create([User(email=f"p{number}@example.org") for number in range(450)])
    due = utc("2026-07-01 18:30")
    Reminder.objects.bulk_create(
        [Reminder(user=person, local_time=time(19, 30), time_zone="Europe/London", next_at=due) for person in people]
    )

    with django_assert_max_num_queries(60):
        owed = reminders.enqueue_due(now=due)

    assert owed == 450
    assert not Reminder.objects.due(due).exists()


def test_a_limit_is_kept_and_the_rest_waits_for_the_next_round(db: None) -> None:
    for number in range(5):
        remind(factories.user(email=f"p{number}@example.org"), now="2026-07-01 12:00")

    owed = [reminders.enqueue_due(now=utc("2026-07-01 18:30"), limit=2) for _ in range(4)]

    assert owed == [2, 2, 1, 0]


# --- clock changes ---


def test_over_a_clock_change_the_evening_reminder_stays_in_the_evening(ada: User) -> None:
    remind(ada, now="2026-03-27 12:00")
    sent = []

    for _ in range(4):
        at = Reminder.objects.get().next_at
        reminders.enqueue_due(now=at)
        reminders.checked_in(ada.pk, on=at.date(), now=at)
        sent.append(at)

    assert sent == [
        utc("2026-03-27 19:30"),
        utc("2026-03-28 19:30"),
        utc("2026-03-29 18:30"),
        utc("2026-03-30 18:30"),
    ]


def test_a_reminder_in_the_hour_that_comes_twice_is_sent_once(ada: User) -> None:
    remind(ada, now="2026-10-24 12:00", at="01:30")

    owed = [reminders.enqueue_due(now=utc("2026-10-25 00:30") + HOUR * n) for n in range(3)]

    assert owed == [1, 0, 0]
    assert Reminder.objects.get().next_at == utc("2026-10-26 01:30")


def test_a_clock_that_steps_back_after_the_reminder_does_not_repeat_it(ada: User) -> None:
    remind(ada, now="2026-07-01 12:00")
    reminders.enqueue_due(now=utc("2026-07-01 18:30"))

    owed = [reminders.enqueue_due(now=utc("2026-07-01 16:30") + HOUR * n) for n in range(5)]

    assert sum(owed) == 0


def test_a_reminder_planned_while_the_clock_ran_a_year_ahead_is_planned_anew(ada: User) -> None:
    remind(ada, now="2026-07-01 12:00")
    reminders.enqueue_due(now=utc("2027-07-01 18:30"))

    reminders.enqueue_due(now=utc("2026-07-01 13:00"))

    assert Reminder.objects.get().next_at == utc("2026-07-01 18:30")


# --- ignored ---


def test_after_three_ignored_reminders_comes_one_question_and_then_silence(ada: User) -> None:
    remind(ada, now="2026-07-01 12:00")

    days_of(ada, first="2026-07-01 18:30", count=10)

    assert kinds() == [Kind.CHECK_IN] * 3 + [Kind.PACE]
    assert Reminder.objects.get().next_at is None


def test_a_check_in_starts_the_count_again(ada: User) -> None:
    remind(ada, now="2026-07-01 12:00")

    days_of(ada, first="2026-07-01 18:30", count=6, checks_in_on={2})

    assert kinds() == [Kind.CHECK_IN] * 6


def test_a_check_in_ends_the_silence(ada: User) -> None:
    remind(ada, now="2026-07-01 12:00")
    days_of(ada, first="2026-07-01 18:30", count=10)

    reminders.checked_in(ada.pk, on=date(2026, 7, 20), now=utc("2026-07-20 13:00"))

    reminder = Reminder.objects.get()
    assert (reminder.ignored, reminder.next_at) == (0, utc("2026-07-21 18:30"))


def test_choosing_another_time_ends_the_silence(ada: User) -> None:
    remind(ada, now="2026-07-01 12:00")
    days_of(ada, first="2026-07-01 18:30", count=10)

    reminder = remind(ada, now="2026-07-20 12:00", at="18:00")

    assert reminder.next_at == utc("2026-07-20 17:00")
