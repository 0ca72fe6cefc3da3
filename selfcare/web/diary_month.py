"""The diary as a calendar: a month of days with what is in them, and one day with all of it."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import get_format
from django.utils.translation import gettext as _

from exercises.models import Session
from selfcare.diary.models import Entry
from selfcare.triage.models import Alert
from selfcare.web import happened, progress, said
from selfcare.web.patients import Patient

# Told apart by shape, and by their words for who cannot see it.
SIGNS = {"entry": "●", "late": "○", "exercises": "■", "event": "◆", "advice": "▲"}

# What a calendar can be asked for.
YEARS = range(1900, 2200)


@dataclass(frozen=True, slots=True)
class Day:
    """One day with everything that is in it; ``marks`` are names of ``SIGNS`` in their order."""

    on: date
    entries: tuple[dict[str, Any], ...] = ()
    sessions: tuple[dict[str, Any], ...] = ()
    events: tuple[str, ...] = ()
    advised: bool = False
    signs: tuple[dict[str, str], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Cell:
    """One place of the calendar; ``day`` is None where nothing was written, ``on`` where another month begins."""

    on: date | None
    day: Day | None = None


def page(patient: Patient, month: date | None) -> dict[str, Any]:
    """Return what the calendar of a month shows; ``month`` is its first day, None for the present one."""
    newest_month = first_of(patient.today)
    first = month or newest_month
    last = last_of(first)
    days = days_between(patient, first, last)
    reach = Entry.objects.standing().filter(patient=patient.user).aggregate(Min("occurred_on"), Max("occurred_on"))
    oldest, newest = reach["occurred_on__min"], reach["occurred_on__max"]
    return {
        "patient": patient,
        "started": oldest is not None,
        "month": first,
        "weekdays": weekdays(),
        "weeks": weeks(first, {day.on: day for day in days}),
        "days": sorted(days, key=lambda day: day.on, reverse=True),
        "legend": legend(days),
        # A phone east of home may already be in the next month.
        "before": first_of(first - timedelta(days=1)) if oldest and oldest < first else None,
        "after": last + timedelta(days=1) if max(patient.today, newest or patient.today) > last else None,
        "newest_month": newest_month if first != newest_month else None,
        "updated": progress.clock(patient),
    }


def day_page(patient: Patient, on: date) -> dict[str, Any]:
    """Return what one day shows."""
    found = days_between(patient, on, on)
    return {"patient": patient, "on": on, "day": found[0] if found else None, "month": first_of(on)}


def days_between(patient: Patient, first: date, last: date) -> list[Day]:
    """Return the days of a stretch that hold something, in order; four queries, however long the diary is."""
    zone = patient.profile.zone()
    between = (first, last)
    entries = list(
        Entry.objects.standing()
        .filter(patient=patient.user, occurred_on__range=between)
        .order_by("occurred_on", "recorded_at", "id")
    )
    sessions = (
        Session.objects.filter(patient=patient.user)
        .between(first, last)
        .annotate(moves=Count("results", filter=Q(results__done=True)))
    )
    alerts = Alert.objects.filter(patient=patient.user, tier__in=happened.URGENT, as_of__range=between)
    advised = {*alerts.values_list("as_of", flat=True), *(e.occurred_on for e in entries if _told(e))}
    by_day = {day["on"]: tuple(day["entries"]) for day in said.days(entries, zone=zone)}
    events: dict[date, list[str]] = {}
    for on, text in happened.said((entry.occurred_on, entry.observations) for entry in entries):
        events.setdefault(on, []).append(text)
    done: dict[date, list[dict[str, Any]]] = {}
    for session in sessions:
        at = session.recorded_at.astimezone(zone).replace(tzinfo=None)
        done.setdefault(session.occurred_on, []).append({"at": at, "moves": session.moves, "felt": _felt(session.felt)})
    return [
        _day(on, by_day.get(on, ()), done.get(on, []), events.get(on, []), advised=on in advised)
        for on in sorted({*by_day, *events, *done, *advised})
    ]


def weekdays() -> list[dict[str, Any]]:
    """Return the names of the seven days, beginning where the week of the language begins."""
    return [{"short": WEEKDAYS_ABBR[n], "long": WEEKDAYS[n]} for n in calendar.Calendar(_week_start()).iterweekdays()]


def weeks(first: date, days: dict[date, Day]) -> list[list[Cell]]:
    """Return the rows of a month."""
    rows = calendar.Calendar(_week_start()).monthdatescalendar(first.year, first.month)
    return [[Cell(on, days.get(on)) if on.month == first.month else Cell(None) for on in row] for row in rows]


def legend(days: Iterable[Day]) -> list[dict[str, str]]:
    """Return what the shapes of these days mean, each once."""
    used = {sign["name"] for day in days for sign in day.signs}
    return [_sign(name) for name in SIGNS if name in used]


def begin_of_week(on: date) -> date:
    """Return the first day of a day's week, as the language counts it."""
    return on - timedelta(days=(on.weekday() - _week_start()) % 7)


def first_of(on: date) -> date:
    """Return the first day of a day's month."""
    return on.replace(day=1)


def last_of(on: date) -> date:
    """Return the last day of a day's month."""
    return on.replace(day=calendar.monthrange(on.year, on.month)[1])


def month_of(typed: str) -> date | None:
    """Return the first day of a month such as "2026-03", or None for anything else."""
    try:
        month = date.fromisoformat(f"{typed}-01")
    except ValueError:
        return None
    return month if month.year in YEARS else None


def _week_start() -> int:
    # Django counts from Sunday, Python from Monday.
    return (int(get_format("FIRST_DAY_OF_WEEK")) - 1) % 7


def _told(entry: Entry) -> bool:
    return entry.shown_tier in happened.URGENT


def _day(
    on: date, entries: tuple[dict[str, Any], ...], sessions: list[dict[str, Any]], events: list[str], *, advised: bool
) -> Day:
    holds = {
        "entry": any(not entry["late"] for entry in entries),
        "late": any(entry["late"] for entry in entries),
        "exercises": bool(sessions),
        "event": bool(events),
        "advice": advised,
    }
    signs = tuple(_sign(name) for name in SIGNS if holds[name])
    return Day(on, entries[::-1], tuple(sessions), tuple(events), advised, signs)


def _sign(name: str) -> dict[str, str]:
    words = {
        "entry": _("check-in"),
        "late": _("answered later"),
        "exercises": _("exercises"),
        "event": _("something happened"),
        "advice": _("we told you to get help"),
    }
    return {"name": name, "shape": SIGNS[name], "words": words[name]}


def _felt(felt: str) -> str:
    return {
        Session.Felt.FINE: _("It felt fine."),
        Session.Felt.SORE: _("You were a bit sore."),
        Session.Felt.TOO_MUCH: _("It was too much."),
    }.get(Session.Felt(felt), "")
