"""PURE: seven-day averages and the word for their change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Any

# clinical.md 2.3: an average needs four entries in seven days; 2 points and 30 % are an important change (S30, S31).
DAYS = 7
ENOUGH = 4
POINTS = 2
SHARE = 0.30


class Change(Enum):
    """How an average compares with an earlier one; lower numbers are better for the patient."""

    LESS = "less"
    SAME = "same"
    MORE = "more"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Average:
    """The mean of one number over a window of days, with how many entries it rests on."""

    mean: float | None
    entries: int
    first: date
    last: date


def average(entries: Iterable[tuple[date, Mapping[str, Any]]], name: str, *, last: date) -> Average:
    """Return the average of ``name`` over the seven days that end on ``last``; no mean with fewer than four entries."""
    first = last - timedelta(days=DAYS - 1)
    values = [
        values[name]
        for on, values in entries
        if first <= on <= last and isinstance(values.get(name), int | float) and not isinstance(values[name], bool)
    ]
    mean = sum(values) / len(values) if len(values) >= ENOUGH else None
    return Average(mean=mean, entries=len(values), first=first, last=last)


def change(then: Average, now: Average) -> Change:
    """Return the change from one average to another; unknown where either has too few entries."""
    if then.mean is None or now.mean is None:
        return Change.UNKNOWN
    difference = now.mean - then.mean
    if difference >= POINTS:
        return Change.MORE
    if -difference >= POINTS and -difference / then.mean >= SHARE:
        return Change.LESS
    return Change.SAME
