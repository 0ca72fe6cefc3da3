"""When a clinic answers, in the patient's words: from its hours, never a promise of a minute."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from selfcare.accounts import hours
from selfcare.accounts.models import Clinic

EVERY_DAY, WEEKDAYS = "1234567", "12345"
MIDNIGHT, NOON = time(0), time(12)


def usual(clinic: Clinic) -> str:
    """Return when the team answers: "Your team answers on weekdays between 9am and 5pm."."""
    days = _days(clinic.working_days)
    if clinic.opens_at == clinic.closes_at == MIDNIGHT:
        return _("Your team answers %(days)s, by day and by night.") % {"days": days}
    return _("Your team answers %(days)s between %(opens)s and %(closes)s.") % {
        "days": days,
        "opens": _clock(clinic.opens_at),
        "closes": _clock(clinic.closes_at),
    }


def how_long(clinic: Clinic) -> str:
    """Return how long an answer may take, by the time after which the rota is reminded."""
    days = clinic.answer_messages_within_days
    return ngettext(
        "It may take %(n)d working day, and sometimes more.",
        "It may take %(n)d working days, and sometimes more.",
        days,
    ) % {"n": days}


def closed(clinic: Clinic, *, zone: ZoneInfo, now: datetime) -> str:
    """Return that nobody is there now and when the clinic opens next, on the reader's clock; empty while it is open."""
    if hours.is_open(clinic, now):
        return ""
    opens = hours.next_opening(clinic, now)
    if opens is None:
        return _("The clinic is closed now.")
    local, today = opens.astimezone(zone), now.astimezone(zone).date()
    clock = _clock(local.time())
    if local.date() == today:
        return _("The clinic is closed now. It opens today at %(time)s.") % {"time": clock}
    day = formats.date_format(local, "l")
    return _("The clinic is closed now. It opens on %(day)s at %(time)s.") % {"day": day, "time": clock}


def own_clock(clinic: Clinic, *, zone: ZoneInfo, now: datetime) -> str:
    """Return whose clock the hours go by, where the reader's shows another time; else nothing."""
    if now.astimezone(zone).utcoffset() == now.astimezone(ZoneInfo(clinic.time_zone)).utcoffset():
        return ""
    return _("These hours go by the clinic's clock, not by yours.")


def _days(working: str) -> str:
    if working == EVERY_DAY:
        return _("every day")
    if working == WEEKDAYS:
        return _("on weekdays")
    # The second of January 2023 was a Monday.
    names = [formats.date_format(date(2023, 1, 1 + int(day)), "l") for day in working]
    if len(names) == 1:
        return _("on %(day)s") % {"day": names[0]}
    return _("on %(days)s and %(last)s") % {"days": ", ".join(names[:-1]), "last": names[-1]}


def _clock(at: time) -> str:
    """Return a time as people say it: 9am, 5.30pm, midday, midnight."""
    if at == MIDNIGHT:
        return _("midnight")
    if at == NOON:
        return _("midday")
    hour = at.hour % 12 or 12
    clock = f"{hour}.{at.minute:02}" if at.minute else str(hour)
    return (_("%(clock)sam") if at.hour < NOON.hour else _("%(clock)spm")) % {"clock": clock}
