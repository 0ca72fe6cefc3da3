"""PURE: what judging a catalogue condition means; the twin of static/web/js/triage/judge.js.

A condition is a mapping with exactly one operator name as a key, beside that operator's settings. Judging one gives
the observations that make it hold, or None when it does not hold. A missing answer never satisfies a comparison.

Windows are ``[from, to]`` in days before the judged entry: ``[0, 6]`` is the last 7 calendar days, ``to: null`` has
no limit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from selfcare.triage.timeline import Answer, Mean, Timeline, is_number

NUMBER_COMPARISONS = frozenset({"at_least", "at_most", "above", "below"})
VALUE_COMPARISONS = NUMBER_COMPARISONS | {"is", "in", "includes", "only"}

Condition = Mapping[str, Any]
# What was seen: ("answer", day number, name, value), ("baseline", 0, name, value) or ("fact", 0, name, value).
Seen = list[tuple[str, int, str, Any]]


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges conditions against one timeline; ``scope`` holds the places of the entries that ``answer`` reads."""

    timeline: Timeline
    definitions: Mapping[str, Condition]
    clocks: Mapping[str, Mapping[str, Any]]
    course: Mapping[str, Any]
    operators: Mapping[str, Operator]
    scope: Sequence[int]

    def see(self, condition: Condition) -> Seen | None:
        """Return what makes the condition hold, or None when it does not."""
        for name, value in condition.items():
            operator = self.operators.get(name)
            if operator is not None:
                return operator.run(self, value, condition)
        raise ValueError(f"There is no operator in {sorted(condition)}.")

    def clock_start(self, name: str) -> int:
        """Return the day number at which a clock reads 0."""
        clock, timeline = self.clocks[name], self.timeline
        restart = clock.get("restart_at_first_entry_when")
        if restart is not None and timeline.days and self.see(restart) is not None:
            return timeline.days[0]
        return timeline.onset


@dataclass(frozen=True, slots=True)
class Operator:
    """How one operator is judged, and what a catalogue must and may write beside it."""

    run: Callable[[Judge, Any, Condition], Seen | None]
    subject: str  # what stands after the operator's name; catalogue.py checks it by this word
    needs: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset()
    compares: str = ""  # "value": needs a comparison of answers; "number": of numbers


def compare(value: Any, condition: Condition) -> bool:
    """Return whether a value satisfies every comparison written in the condition."""
    if "is" in condition and value is not condition["is"]:
        return False
    if "in" in condition and (isinstance(value, bool) or value not in condition["in"]):
        return False
    if "includes" in condition and not any(word in condition["includes"] for word in _words(value)):
        return False
    if "only" in condition:
        words = _words(value)
        if not words or any(word not in condition["only"] for word in words):
            return False
    if not any(key in condition for key in NUMBER_COMPARISONS):
        return True
    return is_number(value) and (
        value >= condition.get("at_least", value)
        and value <= condition.get("at_most", value)
        and ("above" not in condition or value > condition["above"])
        and ("below" not in condition or value < condition["below"])
    )


def _words(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def compare_mean(mean: Mean, condition: Condition) -> bool:
    """Return whether a mean satisfies every comparison written in the condition."""
    return (
        mean.compare(condition.get("at_least", -1000)) >= 0
        and mean.compare(condition.get("at_most", 1000)) <= 0
        and mean.compare(condition.get("above", -1000)) > 0
        and mean.compare(condition.get("below", 1000)) < 0
    )


def saw(name: str, answers: Iterable[Answer]) -> Seen:
    """Return answers as things seen."""
    return [("answer", answer.day, name, answer.value) for answer in answers]


def in_scope(judge: Judge, name: str) -> list[Answer]:
    """Return the answers to one observation that the entries in scope hold."""
    timeline = judge.timeline
    return [
        Answer(position, timeline.days[position], value)
        for position in judge.scope
        if (value := timeline.entries[position].values.get(name)) is not None
    ]


def window(day: int, days: Sequence[int | None]) -> tuple[int, int]:
    """Return the first and the last day number of a window before ``day``."""
    nearest, farthest = days
    return (0 if farthest is None else day - farthest), day - (nearest or 0)


def fact(name: str, mean: Mean) -> tuple[str, int, str, Any]:
    """Return a mean as a thing seen."""
    return ("fact", 0, name, mean.rounded())


def iso(day: int) -> str:
    """Return the date of a day number as text."""
    return date.fromordinal(day).isoformat()
