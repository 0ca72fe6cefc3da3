"""Reminders: one a day at most, at a local time, none when the check-in is done, silence after three ignored ones."""

from __future__ import annotations

import logging
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from notifications import outbox, schedule
from notifications.models import Kind, Priority, Reminder

log = logging.getLogger(__name__)

DEFAULT_TIME = time(19, 30)
IGNORED_BEFORE_PACE = 3
# After "Fewer reminders?" nothing more is sent until the person does something.
SILENT = IGNORED_BEFORE_PACE + 1
# After so many days of daily check-ins a slower pace is offered (ux.md 1.2): daily for two weeks, weekly after week 8.
TAPER = ((14, 2), (56, 7))
BATCH = 200
# No reminder lies further ahead than a pause and the longest wait after it; one that does was planned by a clock that
# has been set back.
FURTHEST = timedelta(days=schedule.LONGEST_PAUSE_DAYS + schedule.HORIZON_DAYS)


def set_reminder(
    user_id: UUID,
    *,
    local_time: time,
    time_zone: str,
    days: str = schedule.EVERY_DAY,
    every_days: int = 1,
    paused_until: date | None = None,
    enabled: bool = True,
    by_push: bool = True,
    by_email: bool = True,
    quiet_from: time | None = None,
    quiet_until: time | None = None,
    now: datetime,
) -> Reminder:
    """Store how a person wants to be reminded and plan the next one; raise schedule.NotSchedulable with a sentence."""
    tz = schedule.zone(time_zone)
    wanted = {
        "enabled": enabled,
        "by_push": by_push,
        "by_email": by_email,
        "local_time": local_time,
        "days": schedule.weekdays(days),
        "every_days": schedule.pace(every_days),
        "paused_until": schedule.rest_until(paused_until, today=schedule.due_on(now, tz)),
        "time_zone": tz.key,
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
        # A choice is a sign of life: the count of ignored reminders starts again.
        "ignored": 0,
    }
    with transaction.atomic():
        reminder, created = Reminder.objects.select_for_update().get_or_create(user_id=user_id, defaults=wanted)
        if not created:
            for name, value in wanted.items():
                setattr(reminder, name, value)
        reminder.next_at = _plan(reminder, after=now, now=now)
        reminder.save(update_fields=[*wanted, "next_at"])
    return reminder


def move_to_zone(user_id: UUID, *, time_zone: str, now: datetime) -> bool:
    """Plan the person's reminder anew for another time zone; return whether there is one."""
    tz = schedule.zone(time_zone)
    with transaction.atomic():
        reminder = Reminder.objects.select_for_update().filter(user_id=user_id).first()
        if reminder is None:
            return False
        reminder.time_zone = tz.key
        reminder.next_at = _plan(reminder, after=now, now=now)
        reminder.save(update_fields=["time_zone", "next_at"])
    return True


def choose_pace(user_id: UUID, *, every_days: int, now: datetime) -> bool:
    """Remind this often from now on, 0 for never; return whether there is a reminder. Raises schedule.NotSchedulable.

    The answer to "Fewer reminders?" and to the offer of a slower pace: it ends the silence after ignored ones.
    """
    with transaction.atomic():
        reminder = Reminder.objects.select_for_update().filter(user_id=user_id).first()
        if reminder is None:
            return False
        reminder.enabled = every_days != 0
        if reminder.enabled:
            reminder.every_days = schedule.pace(every_days)
        reminder.ignored = 0
        reminder.next_at = _plan(reminder, after=now, now=now)
        reminder.save(update_fields=["enabled", "every_days", "ignored", "done_on", "next_at"])
    return True


def pause(user_id: UUID, *, days: int, now: datetime) -> bool:
    """Let reminders rest for so many days, 0 to end the pause; return whether there is a reminder.

    Raises schedule.NotSchedulable.
    """
    with transaction.atomic():
        reminder = Reminder.objects.select_for_update().filter(user_id=user_id).first()
        if reminder is None:
            return False
        today = schedule.due_on(now, _zone_of(reminder))
        reminder.paused_until = schedule.rest_until(today + timedelta(days=days), today=today)
        reminder.ignored = 0
        reminder.next_at = _plan(reminder, after=now, now=now)
        reminder.save(update_fields=["paused_until", "ignored", "done_on", "next_at"])
        # What is owed already and not sent yet would come in the middle of the pause.
        if reminder.paused_until is not None:
            outbox.cancel(_cause(user_id, today), now=now)
    return True


def slower_pace(reminder: Reminder, *, days_so_far: int) -> int | None:
    """PURE: the pace to offer to somebody who has been asked for so many days, or None (ux.md 1.2, Frequency)."""
    due = [pace for after, pace in TAPER if days_so_far >= after]
    offer = max(due, default=1)
    return offer if reminder.enabled and offer > max(reminder.every_days, reminder.offered_days) else None


def offered(user_id: UUID, *, every_days: int) -> None:
    """Note that a pace has been offered and answered: nobody is asked twice."""
    Reminder.objects.filter(user_id=user_id, offered_days__lt=every_days).update(offered_days=every_days)


def checked_in(user_id: UUID, *, on: date, now: datetime) -> None:
    """Note that the check-in of a local date exists: nothing is sent for it any more, an unsent reminder is dropped."""
    with transaction.atomic():
        # The lock comes before the cancelling: a reminder that is being owed right now is visible after it.
        reminder = Reminder.objects.select_for_update().filter(user_id=user_id).first()
        if reminder is None:
            return
        today = schedule.due_on(now, _zone_of(reminder))
        # A phone may be a zone ahead of the one we know, but not further.
        if on <= today + timedelta(days=1) and (reminder.done_on is None or on > reminder.done_on):
            reminder.done_on = on
        reminder.ignored = 0
        reminder.next_at = _plan(reminder, after=now, now=now)
        reminder.save(update_fields=["done_on", "ignored", "next_at"])
        outbox.cancel(_cause(user_id, on), now=now)


def stop(user_id: UUID, *, now: datetime) -> None:
    """Remind this person no more, and take back what waits to be sent to them."""
    Reminder.objects.filter(user_id=user_id).update(enabled=False, next_at=None)
    outbox.cancel_all(user_id, now=now)


def in_quiet_hours(user_id: UUID, *, tz: ZoneInfo, now: datetime) -> bool:
    """Return whether the person's phone should be silent now: their own quiet hours, or the usual ones."""
    return quiet_until(user_id, tz=tz, now=now) is not None


def quiet_until(user_id: UUID, *, tz: ZoneInfo, now: datetime) -> datetime | None:
    """Return when the quiet hours end that the person is in now, or None outside of them."""
    reminder = Reminder.objects.filter(user_id=user_id).only("quiet_from", "quiet_until").first()
    begin = (reminder and reminder.quiet_from) or schedule.QUIET_FROM
    end = (reminder and reminder.quiet_until) or schedule.QUIET_UNTIL
    local = now.astimezone(tz)
    if not schedule.quiet(local.time(), begin=begin, end=end):
        return None
    on = local.date() if local.time() < end else local.date() + timedelta(days=1)
    return schedule.instant(on, end, tz) or now


def seen(user_id: UUID, *, now: datetime) -> None:
    """Note a sign of life that is no check-in, such as a finished exercise session.

    Exercises have no reminder of their own: they are done with the one check-in reminder of the day, which still comes.
    Only the count of ignored ones starts again, so that somebody who exercises is not asked for fewer.
    """
    with transaction.atomic():
        reminder = Reminder.objects.select_for_update().filter(user_id=user_id).first()
        if reminder is None or reminder.ignored == 0:
            return
        reminder.ignored = 0
        reminder.next_at = _plan(reminder, after=now, now=now)
        reminder.save(update_fields=["done_on", "ignored", "next_at"])


def enqueue_due(*, now: datetime, limit: int = 1000) -> int:
    """Owe the reminders whose time has come and plan the next ones; return how many were owed."""
    _replan_far_ahead(now)
    owed = handled = 0
    while handled < limit and Reminder.objects.due(now).exists():
        with transaction.atomic():
            due = list(Reminder.objects.due(now).select_for_update(skip_locked=True)[: min(BATCH, limit - handled)])
            debts = [debt for reminder in due if (debt := _take(reminder, now=now)) is not None]
            owed += len({message.recipient_id for message in outbox.owe_each(debts, now=now, hint=False)})
            Reminder.objects.bulk_update(due, ["next_at", "done_on", "ignored"])
        if not due:
            break
        handled += len(due)
    return owed


def _take(reminder: Reminder, *, now: datetime) -> outbox.Debt | None:
    """Return what a due reminder owes, or None where it is too late for it, and set when the next is due."""
    due = reminder.next_at
    if due is None:
        return None
    tz = _zone_of(reminder)
    on = schedule.due_on(due, tz)
    until = schedule.latest(due, tz=tz, quiet_from=reminder.quiet_from, quiet_until=reminder.quiet_until)
    debt = None
    if reminder.enabled and now < until and (reminder.done_on is None or on > reminder.done_on):
        debt = outbox.Debt(
            reminder.user_id,
            cause=_cause(reminder.user_id, on),
            kind=Kind.PACE if reminder.ignored >= IGNORED_BEFORE_PACE else Kind.CHECK_IN,
            priority=Priority.REMINDER,
            expires_at=until,
            push=reminder.by_push,
            email=reminder.by_email,
        )
        reminder.done_on = on
        reminder.ignored = min(reminder.ignored + 1, SILENT)
    reminder.next_at = _plan(reminder, after=max(now, due), now=now)
    return debt


def _plan(reminder: Reminder, *, after: datetime, now: datetime) -> datetime | None:
    """Return when the reminder is next due, or None while it is switched off or has gone quiet."""
    if not reminder.enabled or reminder.ignored >= SILENT:
        return None
    tz = _zone_of(reminder)
    done_on = reminder.done_on
    if done_on is not None and done_on > schedule.due_on(now, tz) + timedelta(days=1):
        # Written by a clock that has been set back since; left standing it would silence the reminder until then.
        done_on = reminder.done_on = None
    return schedule.next_due(
        after,
        local_time=reminder.local_time,
        days=reminder.days,
        tz=tz,
        done_on=done_on,
        every_days=reminder.every_days,
        not_before=reminder.paused_until,
    )


def _replan_far_ahead(now: datetime) -> None:
    """Bring back reminders that were planned while the clock was ahead."""
    for pk in Reminder.objects.filter(next_at__gt=now + FURTHEST).values_list("pk", flat=True)[:BATCH]:
        with transaction.atomic():
            reminder = Reminder.objects.select_for_update().filter(pk=pk, next_at__gt=now + FURTHEST).first()
            if reminder is not None:
                reminder.next_at = _plan(reminder, after=now, now=now)
                reminder.save(update_fields=["next_at", "done_on"])


def _zone_of(reminder: Reminder) -> ZoneInfo:
    """Return the person's zone, or UTC where the time zone data no longer knows it: an entry must not fail for that."""
    try:
        return schedule.zone(reminder.time_zone)
    except schedule.NotSchedulable:
        log.error("reminder %s has an unknown time zone", reminder.pk)
        return schedule.zone("UTC")


def _cause(user_id: UUID, on: date) -> str:
    return f"reminder:{user_id}:{on}"
