"""When a clinic answers. Hours are wall-clock times of the clinic's own zone; holidays are not known here."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from selfcare.accounts.models import Clinic

MIDNIGHT = time(0)
DAYS_AHEAD = 8


def is_open(clinic: Clinic, now: datetime) -> bool:
    """Return whether the clinic answers at the instant ``now``; a closing time of midnight is the end of the day."""
    local = now.astimezone(ZoneInfo(clinic.time_zone))
    at = local.time().replace(tzinfo=None)
    ends = clinic.closes_at == MIDNIGHT or at < clinic.closes_at
    return _works_on(clinic, local.date()) and clinic.opens_at <= at and ends


def next_opening(clinic: Clinic, now: datetime) -> datetime | None:
    """Return the first instant (UTC) after ``now`` at which the clinic opens, or None where it has no working day."""
    zone = ZoneInfo(clinic.time_zone)
    today = now.astimezone(zone).date()
    for ahead in range(DAYS_AHEAD):
        on = today + timedelta(days=ahead)
        opens = datetime.combine(on, clinic.opens_at, tzinfo=zone).astimezone(UTC)
        if _works_on(clinic, on) and opens > now:
            return opens
    return None


def after_working_days(clinic: Clinic, now: datetime, *, days: int) -> datetime | None:
    """Return the instant (UTC) that lies this many working days after ``now``, or None where there is no working day.

    The clock stands still while the clinic is closed: what comes at night or on a Saturday counts from the next
    opening. The time of day is the clinic's own, so a clock change moves nothing.
    """
    begins = now if is_open(clinic, now) else next_opening(clinic, now)
    if begins is None:
        return None
    zone = ZoneInfo(clinic.time_zone)
    local = begins.astimezone(zone)
    on, left = local.date(), days
    while left:
        on += timedelta(days=1)
        left -= _works_on(clinic, on)
    return datetime.combine(on, local.time(), tzinfo=zone).astimezone(UTC)


def _works_on(clinic: Clinic, on: date) -> bool:
    return str(on.isoweekday()) in clinic.working_days
