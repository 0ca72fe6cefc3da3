"""PURE: when a reminder is due. Local time of a person in, instants in UTC out; no clock, no settings, no database.

Two rules decide the nights on which clocks change. A time that does not exist becomes the first instant after the
gap; a time that comes twice means its first occurrence. A reminder never leaves its local date.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

EVERY_DAY = "1234567"
# ux.md 4.7. A time that the person chose wins over quiet hours; they bound what is sent late.
QUIET_FROM = time(21, 30)
QUIET_UNTIL = time(8, 0)
# A reminder that is later than this is of no use any more.
GRACE = timedelta(hours=3)
# However near the quiet hours begin, a courier that is a little late may still deliver.
LEAST_GRACE = timedelta(minutes=30)
# The longest wait there can be: one day of the week, and that date may be missing or already done.
HORIZON_DAYS = 22
# How many days may lie between two reminders, and for how long they may rest.
PACES = (1, 2, 7)
LONGEST_PAUSE_DAYS = 31


class NotSchedulable(ValueError):
    """The days or the time zone of a reminder cannot be used. The text is a sentence for the person."""


def zone(name: str) -> ZoneInfo:
    """Return the time zone of that IANA name, or raise NotSchedulable."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise NotSchedulable("Choose your time zone from the list.") from error


def weekdays(days: str) -> str:
    """Return ISO weekdays such as "135", sorted and each once, or raise NotSchedulable."""
    if not days or set(days) - set(EVERY_DAY):
        raise NotSchedulable("Choose at least one day of the week.")
    return "".join(sorted(set(days)))


def pace(every_days: int) -> int:
    """Return the days from one reminder to the next, or raise NotSchedulable."""
    if every_days not in PACES:
        raise NotSchedulable("Choose every day, every other day or once a week.")
    return every_days


def rest_until(until: date | None, *, today: date) -> date | None:
    """Return the first date on which reminders come again, None for one that has come; raise NotSchedulable."""
    if until is None or until <= today:
        return None
    if until > today + timedelta(days=LONGEST_PAUSE_DAYS):
        raise NotSchedulable("Pause reminders for at most a month, or switch them off.")
    return until


def instant(on: date, at: time, tz: ZoneInfo) -> datetime | None:
    """Return the one instant (UTC) that stands for a local time on a date, or None where the zone skipped that date."""
    wall = datetime.combine(on, at.replace(tzinfo=None, fold=0))
    first = wall.replace(tzinfo=tz).astimezone(UTC)
    if first.astimezone(tz).replace(tzinfo=None) == wall:
        return first
    after_gap = _end_of_gap(wall, tz)
    if after_gap.astimezone(tz).date() == on:
        return after_gap
    # The gap reaches midnight: the last minute that the date has.
    before_gap = after_gap - timedelta(minutes=1)
    return before_gap if before_gap.astimezone(tz).date() == on else None


def next_due(
    after: datetime,
    *,
    local_time: time,
    days: str,
    tz: ZoneInfo,
    done_on: date | None = None,
    every_days: int = 1,
    not_before: date | None = None,
) -> datetime | None:
    """Return the first instant (UTC) later than ``after`` at which the person is to be reminded, or None.

    ``done_on`` is the latest local date that is taken care of: nothing is due on it or before it, nor in the
    ``every_days`` that follow. Nothing is due before the local date ``not_before``, when a pause ends.
    """
    start = after.astimezone(tz).date() - timedelta(days=1)
    if done_on is not None:
        start = max(start, done_on + timedelta(days=every_days))
    if not_before is not None:
        start = max(start, not_before)
    for ahead in range(HORIZON_DAYS):
        on = start + timedelta(days=ahead)
        if str(on.isoweekday()) not in days:
            continue
        due = instant(on, local_time, tz)
        if due is not None and due > after:
            return due
    return None


def due_on(due: datetime, tz: ZoneInfo) -> date:
    """Return the local date that a due instant belongs to."""
    return due.astimezone(tz).date()


def latest(due: datetime, *, tz: ZoneInfo, quiet_from: time | None = None, quiet_until: time | None = None) -> datetime:
    """Return the instant (UTC) after which a reminder due at ``due`` is no longer sent.

    Three hours, but not into quiet hours and not into the next local date, and half an hour in any case.
    """
    begin, end = quiet_from or QUIET_FROM, quiet_until or QUIET_UNTIL
    on = due_on(due, tz)
    limits = [due + GRACE]
    midnight = instant(on + timedelta(days=1), time(0), tz)
    if midnight is not None:
        limits.append(midnight)
    if quiet(due.astimezone(tz).time(), begin=begin, end=end):
        limits.append(due + LEAST_GRACE)
    else:
        quiet_starts = instant(on, begin, tz)
        if quiet_starts is not None and quiet_starts > due:
            limits.append(quiet_starts)
    return max(min(limits), due + LEAST_GRACE)


def quiet(at: time, *, begin: time, end: time) -> bool:
    """Return whether a local time lies in the quiet hours, which may run over midnight; equal ends mean none."""
    at = at.replace(tzinfo=None, fold=0)
    if begin <= end:
        return begin <= at < end
    return at >= begin or at < end


def _end_of_gap(wall: datetime, tz: ZoneInfo) -> datetime:
    """Return the first instant (UTC) after the gap that swallows a local time, to the second."""
    # PEP 495: in a gap, fold=1 reads the time with the offset after the change and so lands before it, fold=0 after it.
    before = wall.replace(tzinfo=tz, fold=1).astimezone(UTC)
    after = wall.replace(tzinfo=tz, fold=0).astimezone(UTC)
    target = after.astimezone(tz).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle <= before:
            break
        if middle.astimezone(tz).utcoffset() == target:
            after = middle
        else:
            before = middle
    return after.replace(microsecond=0)
