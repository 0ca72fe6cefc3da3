"""The dose rules against the vectors: each number of clinical.md 4.5 from both sides."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from exercises import catalogue as catalogues
from exercises import progression
from exercises.colours import Measured, colour
from exercises.doses import Dose, Rung
from exercises.progression import Past, Rules, State, Tried

VECTORS = Path(__file__).parent / "vectors"
AS_OF = date(2026, 3, 30)
CATALOGUE = catalogues.load()


def ago(days: int) -> date:
    return AS_OF - timedelta(days=days)


def dose_of(vector: dict[str, Any]) -> Dose:
    own = CATALOGUE.exercise(vector["exercise"]).levels[vector["level"] - 1].dose
    if "dose" not in vector:
        return own
    sets, reps, hold_s = vector["dose"]
    return Dose(sets, reps, hold_s, own.times_a_day, own.days_a_week)


def tried(rows: list[Any]) -> tuple[Tried, ...]:
    return tuple(Tried(str(n), ago(days), *rest) for n, (days, *rest) in enumerate(rows))


def shade(vector: dict[str, Any], rules: Rules) -> str:
    said = dict(vector["said"])
    if "usual" in said:
        said["usual"] = Fraction(said["usual"])
    return colour(Measured(**said), rules.shades(glide=vector["column"] == "glide"))


def judged(vector: dict[str, Any], rules: Rules) -> dict[str, Any] | None:
    exercise = CATALOGUE.exercise(vector["exercise"])
    state = State(
        rung=Rung(vector["level"], dose_of(vector)),
        ladder=exercise.ladder(most_level=vector.get("most_level", 3), most_hold_s=vector.get("most_hold_s", 0)),
        tried=tried(vector["tried"]),
        past=tuple(
            Past(rule, kind, ago(days), frozenset(map(str, rest[0])) if rest else frozenset())
            for days, rule, kind, *rest in vector["past"]
        ),
        planned=vector["planned"],
        done=vector["done"],
        resting=vector.get("resting", False),
        tensioner=bool(exercise.locked),
        easier=exercise.easier_exercise,
        closer_levels=tuple(n for n, level in enumerate(exercise.levels, 1) if level.only_if_closer),
    )
    return _told(progression.judge(state, as_of=AS_OF, rules=rules, may_rise=vector.get("may_rise", True)))


def after_break(vector: dict[str, Any], rules: Rules) -> dict[str, Any] | None:
    exercise = CATALOGUE.exercise(vector["exercise"])
    verdict = progression.after_break(
        Rung(vector["level"], dose_of(vector)),
        exercise.ladder(),
        missed=vector["missed"],
        already=vector["already"],
        rules=rules,
    )
    told = _told(verdict)
    if verdict is None or told is None:
        return None
    return {"reason": verdict.reason, **{key: told[key] for key in ("level", "dose", "recheck") if key in told}}


def stopped(vector: dict[str, Any], rules: Rules) -> bool:
    sessions = tuple(Tried(str(n), ago(days), "red", spread) for n, (days, spread) in enumerate(vector["tried"]))
    answered = {str(n) for n in vector["answered"]}
    return bool(progression.wrong_way(sessions, as_of=AS_OF, answered=answered, rules=rules))


def eased_for(vector: dict[str, Any], rules: Rules) -> int | None:
    day = progression.bad_day(
        {exercise: tried(rows) for exercise, rows in vector["tried"].items()},
        as_of=AS_OF,
        eased_for=[ago(days) for days in vector["eased_for"]],
        rules=rules,
    )
    return (AS_OF - day).days if day else None


def offered(vector: dict[str, Any], rules: Rules) -> bool:
    return progression.keeps_well(vector["m7"], rules=rules)


SHEETS: dict[str, tuple[Callable[[dict[str, Any], Rules], Any], str]] = {
    "colours": (shade, "colour"),
    "dose_rules": (judged, "then"),
    "breaks": (after_break, "then"),
    "directions": (stopped, "then"),
    "bad_days": (eased_for, "then"),
    "maintenance": (offered, "then"),
}
# What the rows are read with, before a pure rule sees them: held by test_records.py.
HELD_ELSEWHERE = {"usual_mornings", "usual_mornings_known", "adherence_days", "fresh_days"}
# No difference can be seen: another number of the same rule is stricter.
SHADOWED = {("glide", "green_rise", 1), ("numbers", "greens_in_a_row", -1)}


def vectors() -> list[Any]:
    cases = []
    for name in SHEETS:
        rows = json.loads((VECTORS / f"{name}.json").read_text())["vectors"]
        assert len({row["case"] for row in rows}) == len(rows)
        cases += [pytest.param(name, row, id=f"{name}: {row['case']}") for row in rows]
    return cases


@pytest.mark.parametrize(("sheet", "vector"), vectors())
def test_the_rules_decide_as_the_vector_says(sheet: str, vector: dict[str, Any]) -> None:
    decide, key = SHEETS[sheet]

    assert decide(vector, CATALOGUE.rules) == vector[key]


def numbers() -> list[Any]:
    """Return every number of the rules, moved by one in each direction."""
    rules = CATALOGUE.rules
    moved = []
    for part in ("joint", "glide", "numbers"):
        for field in fields(getattr(rules, part)):
            value = getattr(getattr(rules, part), field.name)
            if value is None or field.name in HELD_ELSEWHERE:
                continue
            moved += [
                pytest.param(
                    replace(rules, **{part: replace(getattr(rules, part), **{field.name: value + by})}),
                    id=f"{part}.{field.name} {value:d} to {value + by:d}",
                )
                for by in (-1, 1)
                if (part, field.name, by) not in SHADOWED
            ]
    return moved


@pytest.mark.parametrize("rules", numbers())
def test_no_number_of_the_rules_can_move_by_one_unnoticed(rules: Rules) -> None:
    noticed = [
        case.id
        for case in vectors()
        for sheet, vector in [case.values]
        if SHEETS[sheet][0](vector, rules) != vector[SHEETS[sheet][1]]
    ]

    assert noticed


def _told(verdict: progression.Verdict | None) -> dict[str, Any] | None:
    if verdict is None:
        return None
    dose = verdict.rung.dose
    told: dict[str, Any] = {
        "rule": verdict.rule,
        "kind": verdict.kind,
        "level": verdict.rung.level,
        "dose": [dose.sets, dose.reps, dose.hold_s],
    }
    if verdict.rest_until_on is not None:
        told["rest"] = (verdict.rest_until_on - AS_OF).days
    if verdict.swap_to:
        told["swap_to"] = verdict.swap_to
    if verdict.recheck:
        told["recheck"] = True
    return told
