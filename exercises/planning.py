"""PURE. What is due on a date, what was missed, how much of it was done, how long it takes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

# The player's five seconds to get ready (ux.md 3.7) and the time to get into position, for each exercise.
SETTLE_S = 20


@dataclass(frozen=True, slots=True)
class Item:
    """One prescribed exercise: its ISO weekdays (Monday is 1), from when, how often a day."""

    exercise: str
    days: str
    start_on: date
    times: int = 1


@dataclass(frozen=True, slots=True)
class Kept:
    """What was planned for one exercise on one past day, and how often it was done. Resting as told counts as done."""

    exercise: str
    on: date
    planned: int
    done: int
    resting: bool = False


@dataclass(frozen=True, slots=True)
class Week:
    """One exercise in one week: times planned and times done, at most as many as planned."""

    exercise: str
    begins_on: date
    planned: int
    done: int


def due(items: Sequence[Item], *, on: date, most: int) -> list[Item]:
    """Return the items of a day in their order, at most ``most`` of them."""
    weekday = str(on.isoweekday())
    return [item for item in items if weekday in item.days and item.start_on <= on][:most]


def too_full(items: Iterable[Item], *, most: int) -> str:
    """Return the first weekday on which more than ``most`` exercises are due, or an empty text."""
    listed = list(items)
    return next((day for day in "1234567" if sum(day in item.days for item in listed) > most), "")


def back_to_back(days: str) -> bool:
    """Return whether two of the weekdays follow each other, Sunday and Monday included."""
    numbers = [int(day) for day in days]
    return any(number % 7 + 1 in numbers for number in numbers)


def missed(
    item: Item, *, done_on: Collection[date], resting_on: Collection[date], as_of: date
) -> tuple[int, date | None]:
    """Return how many days in a row were missed before ``as_of``, and the first of them.

    The count begins with the first planned day after the last one done; days of rest by rule begin no break. Nothing is
    missed before something was done.
    """
    last = max((on for on in done_on if on < as_of), default=None)
    if last is None:
        return 0, None
    first = last + timedelta(days=1)
    while first < as_of:
        if str(first.isoweekday()) in item.days and first >= item.start_on and first not in resting_on:
            return (as_of - first).days, first
        first += timedelta(days=1)
    return 0, None


def adherence(kept: Iterable[Kept]) -> list[Week]:
    """Return planned and done times per exercise and week (weeks begin on Monday), oldest week first.

    Resting days count as planned and done; doing more on one day does not make up for another.
    """
    weeks: dict[tuple[date, str], tuple[int, int]] = {}
    for one in kept:
        key = (one.on - timedelta(days=one.on.isoweekday() - 1), one.exercise)
        planned, done = weeks.get(key, (0, 0))
        weeks[key] = (planned + one.planned, done + (one.planned if one.resting else min(one.done, one.planned)))
    return [Week(exercise, begins, *weeks[begins, exercise]) for begins, exercise in sorted(weeks)]


def lately(kept: Iterable[Kept], *, exercise: str, as_of: date, days: int) -> tuple[int, int]:
    """Return times planned and done of the last days up to ``as_of``; days of rest are no evidence of either."""
    mine = [one for one in kept if one.exercise == exercise and not one.resting and 0 <= (as_of - one.on).days < days]
    return sum(one.planned for one in mine), sum(min(one.done, one.planned) for one in mine)


def minutes(seconds: Iterable[int]) -> int:
    """Return the length of a session in whole minutes, at least 1 where there is something to do."""
    total = sum(each + SETTLE_S for each in seconds)
    return -(-total // 60)


def green_days(colours: Mapping[date, Collection[str]], *, green: str) -> int:
    """Return on how many days an exercise was tried and green each time."""
    return sum(1 for each in colours.values() if each and all(colour == green for colour in each))
