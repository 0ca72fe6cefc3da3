"""How a reminder is said in words: when, how often, and when the next one comes, in the person's own zone."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications import schedule
from notifications.models import Reminder
from selfcare.web.forms import DAYS

# How many days lie between two reminders, as people say it.
PACES = {
    1: gettext_lazy("every day"),
    2: gettext_lazy("every other day"),
    7: gettext_lazy("once a week"),
}


def summary(reminder: Reminder | None, *, zone: ZoneInfo, now: datetime) -> str:
    """Return the current choice in a few words, such as "19:30, every day"."""
    if reminder is None or not reminder.enabled:
        return _("Off")
    if is_paused(reminder, zone=zone, now=now):
        return _("Paused until {day}").format(day=date_format(reminder.paused_until, "MONTH_DAY_FORMAT"))
    at = reminder.local_time.strftime("%H:%M")
    return f"{at}, {how_often(reminder)}"


def how_often(reminder: Reminder) -> str:
    """Return how often and on which days: "every day", "Monday, Friday" or "every other day"."""
    pace = str(PACES.get(reminder.every_days, PACES[1]))
    if reminder.days == schedule.EVERY_DAY:
        return pace
    named = ", ".join(str(name) for number, name in DAYS if number in reminder.days)
    return named if reminder.every_days == 1 else f"{pace} ({named})"


def coming(reminder: Reminder | None, *, zone: ZoneInfo, now: datetime) -> str:
    """Return when the next reminder comes, or why none does; an empty text without a reminder."""
    if reminder is None:
        return ""
    if not reminder.enabled:
        return _("Reminders are off.")
    if reminder.next_at is None:
        return _("No reminder is planned. They start again after your next check-in, or when you save this page.")
    local, today = reminder.next_at.astimezone(zone), now.astimezone(zone).date()
    at = local.strftime("%H:%M")
    if local.date() <= today:
        return _("Next reminder: today at {at}.").format(at=at)
    if local.date() == today + timedelta(days=1):
        return _("Next reminder: tomorrow at {at}.").format(at=at)
    day = f"{date_format(local, 'l')} {date_format(local, 'MONTH_DAY_FORMAT')}"
    return _("Next reminder: {day} at {at}.").format(day=day, at=at)


def is_paused(reminder: Reminder, *, zone: ZoneInfo, now: datetime) -> bool:
    """Return whether reminders rest until a later date."""
    until = reminder.paused_until
    return reminder.enabled and until is not None and until > now.astimezone(zone).date()
