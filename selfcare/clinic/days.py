"""The diary by day: what a chart, a table and a safety strip print."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from selfcare.clinic import evidence, wording
from selfcare.diary import scores
from selfcare.diary.models import Entry
from selfcare.triage.models import Alert


@dataclass(frozen=True, slots=True)
class Day:
    """All standing entries of one local day."""

    on: date
    entries: tuple[Entry, ...]
    values: Mapping[str, float]
    marked: frozenset[str]
    positives: tuple[evidence.Line, ...]
    notes: tuple[str, ...]
    alerts: tuple[Alert, ...]
    late: bool
    clock_suspect: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """Days in a row without an entry."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """Return how many days the gap lasts."""
        return (self.last - self.first).days + 1


def by_day(entries: Iterable[Entry], alerts: Iterable[Alert]) -> list[Day]:
    """Return the days that have an entry, the earliest first; the entries come in order of their day."""
    marks = evidence.marks(alerts)
    grouped: dict[date, list[Entry]] = {}
    for entry in entries:
        grouped.setdefault(entry.occurred_on, []).append(entry)
    return [_day(on, found, marks) for on, found in grouped.items()]


def _day(on: date, entries: list[Entry], marks: Mapping[tuple[date, str], list[Alert]]) -> Day:
    names = {name for entry in entries for name in entry.observations}
    marked = frozenset(name for name in names if (on, name) in marks)
    alerts = {alert.id: alert for name in marked for alert in marks[(on, name)]}
    return Day(
        on=on,
        entries=tuple(entries),
        values=scores.of_day(entry.observations for entry in entries),
        marked=marked,
        positives=tuple(
            line
            for entry in entries
            for line in evidence.lines(entry.observations, marked=marked)
            if line.name in wording.SAFETY and (line.positive or line.marked)
        ),
        notes=tuple(entry.observations["note"] for entry in entries if entry.observations.get("note")),
        alerts=tuple(alerts.values()),
        late=all(evidence.is_late(entry) for entry in entries),
        clock_suspect=any(entry.clock_suspect for entry in entries),
    )


def with_gaps(days: list[Day]) -> list[Day | Gap]:
    """Return the days, the newest first, with a row for each stretch of days without an entry."""
    rows: list[Day | Gap] = []
    for day in reversed(days):
        if rows and isinstance(rows[-1], Day) and (rows[-1].on - day.on).days > 1:
            rows.append(Gap(first=_next(day.on), last=_previous(rows[-1].on)))
        rows.append(day)
    return rows


def _next(on: date) -> date:
    return date.fromordinal(on.toordinal() + 1)


def _previous(on: date) -> date:
    return date.fromordinal(on.toordinal() - 1)
