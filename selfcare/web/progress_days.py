"""The diary as Progress and Plan read it: days, weeks from the onset on, seven-day averages and their change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from selfcare.diary import charts, scores
from selfcare.triage import catalogue, course, rules
from selfcare.triage.timeline import Answers, Mean, Timeline
from selfcare.web import said
from selfcare.web.patients import Patient

# Twelve weeks: as far back as the persistence rules look.
WINDOW_DAYS = 84
WEEK = timedelta(days=7)
DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Day:
    """One local day of the diary, in numbers; ``entries`` are all that was answered on it."""

    on: date
    values: dict[str, float]
    late: bool
    entries: tuple[Answers, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from the onset on, cut off at the page's last day."""

    number: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Diary:
    """What the charts are drawn from: the days of the last weeks, the weeks since the onset, and the whole timeline."""

    timeline: Timeline
    days: tuple[Day, ...]
    weeks: tuple[Week, ...]
    axis: charts.Axis
    entered: int

    @property
    def numbers(self) -> Any:
        """Return the numbers of the course (clinical.md 2.3)."""
        return catalogue.current().course

    @property
    def enough(self) -> bool:
        """Return whether there are enough entries to draw a line and to say anything."""
        return self.entered >= int(self.numbers["enough_entries"])

    @property
    def course(self) -> course.Course:
        """Return the status of the last day."""
        return course.course_on(self.timeline, self.numbers, self.timeline.day)

    def level(self, series: str, on: date) -> Mean | None:
        """Return the seven-day average of a series on a day, or None where there are too few entries (2.3)."""
        found = course.level_of(self.timeline, self.numbers, series, on.toordinal())
        return found[1] if found else None

    def change(self, series: str) -> tuple[str, Mean | None, Mean | None]:
        """Return the change of a series since the start, with both averages; "insufficient" where one is missing."""
        day = self.timeline.day
        start = course.start_level(self.timeline, self.numbers, series, day)
        level = self.level(series, date.fromordinal(day))
        if start is None or level is None:
            return "insufficient", start, level
        return course.change(self.numbers, start=start, level=level), start, level


def diary_of(patient: Patient) -> Diary | None:
    """Return the diary of a patient as its charts need it; None before the first entry."""
    if patient.history is None or not patient.history.entries:
        return None
    # A phone east of home may already be in tomorrow.
    last = max(patient.today, max(entry.on for entry in patient.history.entries))
    timeline = Timeline(patient.history, last)
    began_on = rules.began_on(catalogue.current(), patient.history, as_of=last)
    days = _days(timeline.entries, since=last - timedelta(days=WINDOW_DAYS - 1), zone=patient.profile.zone())
    first = days[0].on if days else last
    return Diary(
        timeline=timeline,
        days=days,
        weeks=tuple(weeks_between(began_on, first=first, last=last)),
        axis=charts.Axis(first=first, last=last),
        entered=len(timeline.entries),
    )


def weeks_between(began_on: date, *, first: date, last: date) -> Iterable[Week]:
    """Yield the weeks counted from 1 at the onset that have a day from ``first`` to ``last``."""
    number = max((first - began_on).days // DAYS_A_WEEK, 0)
    while began_on + number * WEEK <= last:
        begins = began_on + number * WEEK
        yield Week(number + 1, begins, min(begins + WEEK - timedelta(days=1), last))
        number += 1


def _days(entries: Sequence[Answers], *, since: date, zone: Any) -> tuple[Day, ...]:
    grouped: dict[date, list[Answers]] = {}
    for entry in entries:
        if entry.on >= since:
            grouped.setdefault(entry.on, []).append(entry)
    return tuple(
        Day(
            on=on,
            values=scores.of_day(entry.values for entry in found),
            late=all(said.is_late(entry.on, at=entry.at, zone=zone) for entry in found),
            entries=tuple(found),
        )
        for on, found in grouped.items()
    )


def number(mean: Mean) -> str:
    """Return an average with one decimal at most."""
    return plain(mean.rounded())


def plain(value: float | None) -> str:
    """Return a number with one decimal at most; empty where there is none."""
    return "" if value is None else f"{value:.1f}".removesuffix(".0")
