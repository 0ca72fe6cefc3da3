"""PURE: a diary laid out so that conditions can read it quickly; the twin of static/web/js/timeline.js."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class Answers:
    """One diary entry as triage sees it. A name missing from ``values`` was not answered: it is never "no"."""

    id: str
    on: date
    at: datetime
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class History:
    """What is known of one patient's episode: baseline keys of clinical.md 8.3, onset, and entries by (on, at, id)."""

    baseline: Mapping[str, Any]
    onset_on: date
    entries: tuple[Answers, ...]


class Answer(NamedTuple):
    """One answered observation: the place of its entry in the diary, its day number and the value."""

    position: int
    day: int
    value: Any


class Mean(NamedTuple):
    """An exact mean in hundredths of a point: ``total / parts``, over ``entries`` answers.

    Fractions of whole numbers keep both twins exact at the boundaries: 7 1/3 minus 5 1/3 is 2, not 1.9999.
    """

    total: int
    parts: int
    entries: int

    def minus(self, other: Mean) -> Mean:
        """Return the difference of two means."""
        return Mean(self.total * other.parts - other.total * self.parts, self.parts * other.parts, self.entries)

    def compare(self, points: float) -> int:
        """Return a negative number, 0 or a positive number: this mean is below, at or above ``points``."""
        return self.total - hundredths(points) * self.parts

    def rounded(self) -> float:
        """Return the mean in points, rounded to two decimals, for showing."""
        return math.floor((2 * self.total + self.parts) // (2 * self.parts)) / 100


def hundredths(points: float) -> int:
    """Return a number in whole hundredths."""
    return math.floor(points * 100 + 0.5)


# All answers to one observation, oldest first: the places of their entries, their day numbers, their values.
_Column = tuple[list[int], list[int], list[Any]]


class Timeline:
    """The diary of one history up to and including one day."""

    def __init__(self, history: History, as_of: date) -> None:
        self.baseline = history.baseline
        self.onset = history.onset_on.toordinal()
        self.day = as_of.toordinal()
        self.entries = sorted((e for e in history.entries if e.on <= as_of), key=lambda e: (e.on, e.at, e.id))
        self.days = [entry.on.toordinal() for entry in self.entries]
        self.today = tuple(range(bisect_left(self.days, self.day), len(self.days)))
        self._columns: dict[str, _Column] = {}
        # What was computed from this diary already, by whoever computed it.
        self.known: dict[Any, Any] = {}

    def up_to(self, day: int) -> Timeline:
        """Return the same diary as it stood on an earlier day."""
        earlier = copy(self)
        end = bisect_right(self.days, day)
        earlier.day, earlier.entries, earlier.days = day, self.entries[:end], self.days[:end]
        earlier.today = tuple(range(bisect_left(earlier.days, day), end))
        earlier._columns, earlier.known = {}, {}
        return earlier

    def answers(self, name: str) -> list[Answer]:
        """Return all answers to one observation, oldest first."""
        return [Answer(*one) for one in zip(*self._indexed(name), strict=True)]

    def between(self, name: str, first: int, last: int) -> list[Answer]:
        """Return the answers to one observation from day ``first`` to day ``last``, both included."""
        return list(self.each_between(name, first, last))

    def each_between(self, name: str, first: int, last: int) -> Iterator[Answer]:
        """Yield the same one by one, for those who need only the first few."""
        places, days, values = self._indexed(name)
        return (
            Answer(places[at], days[at], values[at]) for at in range(bisect_left(days, first), bisect_right(days, last))
        )

    def before(self, name: str, position: int) -> Iterator[Answer]:
        """Yield the answers given before the entry at ``position``, newest first."""
        places, days, values = self._indexed(name)
        newest = bisect_left(places, position) - 1
        return (Answer(places[at], days[at], values[at]) for at in range(newest, -1, -1))

    def mean(self, name: str, first: int, last: int) -> Mean | None:
        """Return the mean over the days from ``first`` to ``last``, or None without an answer.

        Two entries of one local day count as one day with their mean, and as two entries.
        """
        by_day: dict[int, list[int]] = {}
        for answer in self.between(name, first, last):
            if is_number(answer.value):
                by_day.setdefault(answer.day, []).append(hundredths(answer.value))
        if not by_day:
            return None
        total, parts = 0, 1
        for values in by_day.values():
            total, parts = total * len(values) + sum(values) * parts, parts * len(values)
        return Mean(total, parts * len(by_day), sum(map(len, by_day.values())))

    def _indexed(self, name: str) -> _Column:
        found = self._columns.get(name)
        if found is None:
            places = [place for place, entry in enumerate(self.entries) if entry.values.get(name) is not None]
            values = [self.entries[place].values[name] for place in places]
            found = self._columns[name] = places, [self.days[place] for place in places], values
        return found


def is_number(value: Any) -> bool:
    """Return whether a value is a number; True and False are not."""
    return isinstance(value, int | float) and not isinstance(value, bool)
