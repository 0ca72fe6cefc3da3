"""PURE: what a finding rests on, in the order of a sentence, and that sentence in the patient's words.

``Finding.inputs`` holds answers by day, baseline keys and facts that a rule worked out. A ground is one of them with
its values in time: "weakness 1 on 12 March, 2 on 14 March". The clinician's sentence is selfcare.clinic.explain's.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from selfcare.triage.timeline import is_number

# What says nothing by itself. A change towards it does.
QUIET = (None, False, 0, "", "none", "not_applicable", "prefer_not_to_say")
# What matters only where nothing else was said.
KNOWN = "same_as_always"
# ux.md 4.1: no sentence for a patient is longer.
WORDS_IN_A_SENTENCE = 20
# Of a list, such as the areas that hurt, no more are named in a sentence for a patient.
NAMED = 4


class Kind(StrEnum):
    """Where a ground comes from."""

    ANSWER = "answer"
    BASELINE = "baseline"
    AVERAGE = "average"
    BEFORE = "before"
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
        return self.varies and (self.last.last_on is None or self.first.last_on != self.last.last_on)

    @property
    def varies(self) -> bool:
        """Return whether this is a number with more than one value; within one day nobody knows which came first."""
        return is_number(self.last.value) and self.first.value != self.last.value


def grounds(inputs: Mapping[str, Any], *, lists: Container[str]) -> list[Ground]:
    """Return what a finding rests on: answers first, then the course, what was known, and what the calendar says.

    Answers that only say "none" are left out unless there is nothing else. ``lists`` are the names whose one answer is
    a list; of any other name a list holds the answers of one day in turn.
    """
    answers, known = inputs.get("days", {}), inputs.get("baseline", {})
    facts = list(_facts(inputs.get("facts", {})))
    course = [ground for ground in facts if ground.kind != Kind.FACT or ground.name == "status"]
    rest = [ground for ground in facts if ground not in course]
    found = [*_answers(answers, lists), *course, *_known(known), *rest]
    telling = [ground for ground in map(_telling, found) if ground is not None]
    return telling or found


def _answers(days: Mapping[str, Mapping[str, Any]], lists: Container[str]) -> Iterable[Ground]:
    series: dict[str, list[Step]] = {}
    for day, answers in sorted(days.items()):
        for name, value in answers.items():
            one_answer = not isinstance(value, list) or (name in lists and all(isinstance(one, str) for one in value))
            for one in [value] if one_answer else value:
                _add(series.setdefault(name, []), one, date.fromisoformat(day))
    return [Ground(Kind.ANSWER, name, tuple(_settled(steps))) for name, steps in series.items()]


def _settled(steps: list[Step]) -> list[Step]:
    """Return, of numbers, the last change alone: the last day's where that day has several, else the last two."""
    if not all(is_number(step.value) for step in steps):
        return steps
    last_day = [step for step in steps if step.last_on == steps[-1].last_on]
    if len(last_day) == 1:
        return steps[-2:]
    in_order = sorted(last_day, key=lambda step: step.value)
    return [in_order[0], in_order[-1]]


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
        if name in ("decided on", "start level") or name.removesuffix(" before") in facts.keys() - {name}:
            continue
        if what == "mean" and rest.endswith(" before"):
            yield Ground(Kind.BEFORE, rest.removesuffix(" before"), (Step(value),))
        elif what == "mean":
            yield _average(rest, facts.get(f"{name} before"), value, on)
        elif what == "level":
            yield _average(rest, facts.get("start level"), value, on)
        else:
            yield Ground(Kind.FACT, name, (Step(value, on if name == "status" else None),))


def _average(name: str, then: Any, now: Any, on: date | None) -> Ground:
    steps = (Step(now, on),) if then in (None, now) else (Step(then), Step(now, on))
    return Ground(Kind.AVERAGE, name, steps)


def _telling(ground: Ground) -> Ground | None:
    if ground.varies:
        return ground
    steps = tuple(step for step in ground.steps if not is_quiet(step.value))
    steps = tuple(step for step in steps if step.value != KNOWN) or steps
    return Ground(ground.kind, ground.name, steps) if steps else None


def is_quiet(value: Any) -> bool:
    """Return whether a value says "no", "none", 0 or nothing."""
    return value == [] or (not isinstance(value, list) and value in QUIET)


# --- For the patient ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Speech:
    """How things are said back: the catalogue's phrases, today, and how a page writes a date."""

    phrases: Mapping[str, Any]
    today: date
    day: Callable[[date], str]
    lists: Container[str]


# A clause for each way of saying it: its words, with days in them or without, and the one day it is about.
_Clause = tuple[str, str, date | None]


def for_patient(inputs: Mapping[str, Any], speech: Speech, *, otherwise: str) -> str:
    """Return one sentence that says back what the patient told, with values and days; ``otherwise`` where it cannot.

    At most WORDS_IN_A_SENTENCE words; it says "and more" where something did not fit.
    """
    clauses = [
        clause for ground in grounds(inputs, lists=speech.lists) if (clause := _clause(ground, speech)) is not None
    ]
    for count in range(len(clauses), 0, -1):
        sentence = _sentence(clauses[:count], speech, complete=count == len(clauses))
        if len(sentence.split()) <= WORDS_IN_A_SENTENCE:
            return sentence
    return _sentence(clauses[:1], speech, complete=True) if clauses else otherwise


def _sentence(clauses: list[_Clause], speech: Speech, *, complete: bool) -> str:
    spoken, days = speech.phrases, {on for _, _, on in clauses if on}
    same_day = days.pop() if len(days) == 1 and all(words == dated or on for words, dated, on in clauses) else None
    parts = [words if same_day else dated for words, dated, _ in clauses]
    if not complete:
        parts.append(spoken["more"])
    if same_day is None:
        lead = spoken["because"]
    elif same_day == speech.today:
        lead = spoken["because_today"]
    else:
        lead = spoken["because_on"].format(on=speech.day(same_day))
    return f"{lead} {'; '.join(parts)}."


def _clause(ground: Ground, speech: Speech) -> _Clause | None:
    spoken = speech.phrases
    if ground.kind == Kind.FACT:
        words = _fact(ground, spoken["facts"])
        return _with_day(words, ground.last, speech) if words else None
    phrases = spoken["baseline" if ground.kind == Kind.BASELINE else "entry"].get(ground.name, {})
    if not is_number(ground.last.value):
        return _said(ground, phrases, speech)
    if ground.went and "went" in phrases:
        words = phrases["went"].format(then=_dated(ground.first, speech), n=_dated(ground.last, speech))
        words = spoken["average"].format(words=words) if ground.kind == Kind.AVERAGE else words
        return words, words, None
    if "was" not in phrases:
        return None
    values = [ground.first, ground.last] if ground.varies else [ground.last]
    # How long since, answered with "today or yesterday", is stored as one day.
    known = "one" if "one" in phrases and {step.value for step in values} == {1} else "was"
    words = phrases[known].format(n=f" {spoken['and']} ".join(number(step.value) for step in values))
    if ground.kind in (Kind.AVERAGE, Kind.BEFORE):
        words = spoken[ground.kind].format(words=words)
    return _with_day(words, ground.last, speech)


def _said(ground: Ground, phrases: Mapping[str, str], speech: Speech) -> _Clause | None:
    said = [(words, step) for step in ground.steps[-2:] if (words := _words(step.value, phrases))]
    if len(said) == 2 and said[0][1].last_on == said[1][1].last_on:
        del said[0]
    if len(said) < 2:
        return _with_day(*said[0], speech) if said else None
    words = f", {speech.phrases['then']} ".join(_with_day(words, step, speech)[1] for words, step in said)
    return words, words, None


def _with_day(words: str, step: Step, speech: Speech) -> _Clause:
    if step.days > 1:
        words = speech.phrases["days"].format(words=words, n=step.days)
        return words, words, None
    return words, f"{words} ({speech.day(step.last_on)})" if step.last_on else words, step.last_on


def _dated(step: Step, speech: Speech) -> str:
    return f"{number(step.value)} ({speech.day(step.last_on)})" if step.last_on else number(step.value)


def _words(value: Any, phrases: Mapping[str, str]) -> str:
    if isinstance(value, list):
        named = ", ".join(phrases[one] for one in value[:NAMED] if one in phrases)
        return phrases.get("listed", "{words}").format(words=named) if named else ""
    return phrases.get(str(value).lower() if isinstance(value, bool) else str(value), "")


def _fact(ground: Ground, phrases: Mapping[str, Any]) -> str:
    known = phrases.get(ground.name, "")
    if isinstance(known, str):
        return known.format(n=ground.last.value)
    return str(known.get(ground.last.value, ""))


def number(value: float) -> str:
    """Return a number without needless digits."""
    return f"{round(value, 2):g}"
