"""PURE: what judging a catalogue condition means; the twin of static/web/js/triage/judge.js.

A condition is a mapping with exactly one operator name as a key, beside that operator's settings. Judging one gives
the observations that make it hold, or None when it does not hold. A missing answer never satisfies a comparison.

Windows are ``[from, to]`` in days before the judged entry: ``[0, 6]`` is the last 7 calendar days, ``to: null`` has
no limit.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from selfcare.triage.course import began_on
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
    # What the rules found on a day: (day number, tier, groups) to the (rule id, group) of each finding.
    found_on: Callable[[int, str, Sequence[str]], Iterable[tuple[str, str]]] = lambda *_: ()
    # What a definition gave for the entries in scope: rules share definitions.
    known: dict[tuple[str, Sequence[int]], Seen | None] = field(default_factory=dict)

    def see(self, condition: Condition) -> Seen | None:
        """Return what makes the condition hold, or None when it does not."""
        for name, value in condition.items():
            operator = self.operators.get(name)
            if operator is not None:
                return operator.run(self, value, condition)
        raise ValueError(f"There is no operator in {sorted(condition)}.")

    def clock_start(self, name: str) -> int:
        """Return the day number at which a clock reads 0."""
        restart = self.clocks[name].get("restart_at_first_entry_when")
        joined = self.joined_on()
        if restart is not None and joined is not None and self.see(restart) is not None:
            return joined
        return self.began_on()

    def began_on(self) -> int:
        """Return the day number on which the present episode began: the onset, or a start after a pain-free time."""
        return began_on(self.timeline, self.course)

    def joined_on(self) -> int | None:
        """Return the day number of the first entry of the present episode; without any entry, of joining, if known."""
        days = self.timeline.days
        place = bisect_left(days, self.began_on())
        if days:
            return days[place] if place < len(days) else days[0]
        known = self.timeline.baseline.get("joined_on")
        return date.fromisoformat(known).toordinal() if known else None


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
