"""PURE: what a finding rests on, in the order of a sentence, and that sentence in the patient's words.

``Finding.inputs`` holds answers by day, baseline keys and facts that a rule worked out. A ground is one of them with
its values in time: "weakness 1 on 12 March, 2 on 14 March". The clinician's sentence is selfcare.clinic.explain's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from selfcare.triage.timeline import is_number

# What says nothing by itself. A change towards it does.
QUIET = (None, False, 0, "", "none", "not_applicable", "prefer_not_to_say")
# ux.md 4.1: no sentence for a patient is longer.
WORDS_IN_A_SENTENCE = 20


class Kind(StrEnum):
    """Where a ground comes from."""

    ANSWER = "answer"
    BASELINE = "baseline"
    AVERAGE = "average"
    FACT = "fact"


@dataclass(frozen=True, slots=True)
class Step:
    """One value and the days on which it was given in a row; ``last_on`` is None for what has no day."""

    value: Any
    last_on: date | None = None
    days: int = 1


@dataclass(frozen=True, slots=True)
class Ground:
    """One thing that a finding rests on, the earliest value first."""

    kind: Kind
    name: str
    steps: tuple[Step, ...]

    @property
    def first(self) -> Step:
        """Return the earliest value."""
        return self.steps[0]

    @property
    def last(self) -> Step:
        """Return the latest value."""
        return self.steps[-1]

    @property
    def went(self) -> bool:
        """Return whether this is a number that went from one value to another."""
        return is_number(self.last.value) and self.first.value != self.last.value


def grounds(inputs: Mapping[str, Any]) -> list[Ground]:
    """Return what a finding rests on: answers first, then what was known, then what was worked out.

    Answers that only say "none" are left out unless there is nothing else.
    """
    found = [*_answers(inputs.get("days", {})), *_known(inputs.get("baseline", {})), *_facts(inputs.get("facts", {}))]
    telling = [ground for ground in map(_telling, found) if ground is not None]
    return telling or found


def _answers(days: Mapping[str, Mapping[str, Any]]) -> Iterable[Ground]:
    series: dict[str, list[Step]] = {}
    for day, answers in sorted(days.items()):
        for name, value in answers.items():
            for one in _in_turn(value):
                _add(series.setdefault(name, []), one, date.fromisoformat(day))
    return [Ground(Kind.ANSWER, name, tuple(steps)) for name, steps in series.items()]


def _in_turn(value: Any) -> list[Any]:
    """Return the answers of one day in turn. A list of words can also be one answer that names several kinds."""
    several = isinstance(value, list) and any(not isinstance(one, str) for one in value)
    return list(value) if several else [value]


def _add(steps: list[Step], value: Any, on: date) -> None:
    before = steps[-1] if steps else None
    if before is None or before.value != value:
        steps.append(Step(value, on))
    elif before.last_on != on:
        steps[-1] = Step(value, on, before.days + 1)


def _known(baseline: Mapping[str, Any]) -> Iterable[Ground]:
    return [Ground(Kind.BASELINE, name, (Step(value),)) for name, value in baseline.items()]


def _facts(facts: Mapping[str, Any]) -> Iterable[Ground]:
    decided = facts.get("decided on")
    on = date.fromisoformat(decided) if decided else None
    for name, value in facts.items():
        what, _, rest = name.partition(" ")
        if what == "mean" and not rest.endswith(" before"):
            yield _average(rest, facts.get(f"{name} before"), value, on)
        elif what == "level":
            yield _average(rest, facts.get("start level"), value, on)
        elif name not in ("decided on", "start level") and not name.endswith(" before"):
            yield Ground(Kind.FACT, name, (Step(value, on),))


def _average(name: str, then: Any, now: Any, on: date | None) -> Ground:
    steps = (Step(now, on),) if then in (None, now) else (Step(then), Step(now, on))
    return Ground(Kind.AVERAGE, name, steps)


def _telling(ground: Ground) -> Ground | None:
    if ground.went:
        return ground
    steps = tuple(step for step in ground.steps if not is_quiet(step.value))
    return Ground(ground.kind, ground.name, steps) if steps else None


def is_quiet(value: Any) -> bool:
    """Return whether a value says "no", "none", 0 or nothing."""
    return value == [] or (not isinstance(value, list) and value in QUIET)


# --- For the patient ------------------------------------------------------------------------------------------------


def for_patient(
    inputs: Mapping[str, Any], spoken: Mapping[str, Any], *, day: Callable[[date], str], otherwise: str
) -> str:
    """Return one sentence that says back what the patient told, with values and days; ``otherwise`` where it cannot.

    At most WORDS_IN_A_SENTENCE words: what does not fit is counted. ``day`` writes a date in words.
    """
    clauses = [clause for ground in grounds(inputs) if (clause := _clause(ground, spoken)) is not None]
    if not clauses:
        return otherwise
    for count in range(len(clauses), 0, -1):
        sentence = _sentence(clauses[:count], len(clauses) - count, spoken, day)
        if len(sentence.split()) <= WORDS_IN_A_SENTENCE:
            return sentence
    return sentence


@dataclass(frozen=True, slots=True)
class _Clause:
    said: tuple[tuple[str, date | None], ...]
    on: date | None


def _sentence(clauses: list[_Clause], left_out: int, spoken: Mapping[str, Any], day: Callable[[date], str]) -> str:
    days = {on for clause in clauses for _, on in clause.said if on}
    same_day = next(iter(days)) if len(days) == 1 else None
    parts = [_dated(clause, spoken, day, with_days=same_day is None) for clause in clauses]
    if left_out:
        more = spoken["more"]
        parts.append(more["one"] if left_out == 1 else more["many"].format(n=left_out))
    lead = spoken["because_on"].format(on=day(same_day)) if same_day else spoken["because"]
    return f"{lead} {'; '.join(parts)}."


def _dated(clause: _Clause, spoken: Mapping[str, Any], day: Callable[[date], str], *, with_days: bool) -> str:
    said = [f"{words} ({day(on)})" if on and with_days else words for words, on in clause.said]
    return f", {spoken['then']} ".join(said)


def _clause(ground: Ground, spoken: Mapping[str, Any]) -> _Clause | None:
    if ground.kind == Kind.FACT:
        words = _fact(ground, spoken["facts"])
        return _Clause(((words, ground.last.last_on),), ground.last.last_on) if words else None
    section = "baseline" if ground.kind == Kind.BASELINE else "entry"
    phrases = spoken[section].get(ground.name, {})
    if is_number(ground.last.value):
        words = _number(ground, phrases)
        if words and ground.kind == Kind.AVERAGE:
            words = f"{words} {spoken['average']}"
        return _Clause(((words, ground.last.last_on),), ground.last.last_on) if words else None
    said = [(_words(step.value, phrases), step.last_on) for step in ground.steps[-2:]]
    known = tuple((words, on) for words, on in said if words)
    return _Clause(known, known[-1][1]) if known else None


def _number(ground: Ground, phrases: Mapping[str, str]) -> str:
    if ground.went and "went" in phrases:
        return phrases["went"].format(then=number(ground.first.value), n=number(ground.last.value))
    return phrases["was"].format(n=number(ground.last.value)) if "was" in phrases else ""


def _words(value: Any, phrases: Mapping[str, str]) -> str:
    if isinstance(value, list):
        return ", ".join(phrases[one] for one in value if one in phrases)
    return phrases.get(str(value).lower() if isinstance(value, bool) else str(value), "")


def _fact(ground: Ground, phrases: Mapping[str, Any]) -> str:
    known = phrases.get(ground.name, "")
    if isinstance(known, str):
        return known.format(n=ground.last.value)
    return str(known.get(ground.last.value, ""))


def number(value: float) -> str:
    """Return a number without needless digits."""
    return f"{round(value, 2):g}"
