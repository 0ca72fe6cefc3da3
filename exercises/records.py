"""Rows -> plain data: what the pure rules read, and the plain data that becomes a row of the history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from exercises import catalogue as catalogues
from exercises import filters, planning, progression
from exercises.catalogue import Catalogue
from exercises.colours import Measured, colour, counts, usual_morning
from exercises.doses import Rung, dose_of
from exercises.facts import About
from exercises.models import DoseChange, Morning, PlannedExercise, Practice, Programme, Result
from exercises.planning import Kept
from exercises.progression import Past, State, Tried

# Green days of a slider are counted this far back (EX-10 needs seven of them).
GREEN_LOOK_BACK = timedelta(days=182)


@dataclass(frozen=True)
class Records:
    """Everything of one programme that the rules read."""

    catalogue: Catalogue
    practices: Mapping[str, Practice]
    tried: Mapping[str, tuple[Tried, ...]]
    past: Mapping[str, tuple[Past, ...]]
    kept: tuple[Kept, ...]
    resting_on: Mapping[str, frozenset[date]]

    def done_on(self, exercise_id: str) -> set[date]:
        """Return the days on which an exercise was done."""
        return {one.on for one in self.kept if one.exercise == exercise_id and one.done}

    def colours_by_day(self, exercise_id: str) -> dict[date, list[str]]:
        """Return the colours of an exercise, day by day."""
        days: dict[date, list[str]] = defaultdict(list)
        for one in self.tried.get(exercise_id, ()):
            days[one.on].append(one.colour)
        return days


def read(programme: Programme, *, as_of: date) -> Records:
    """Return the records of a programme up to ``as_of``, in a fixed number of queries."""
    catalogue = catalogues.current()
    begins = as_of - GREEN_LOOK_BACK
    practices = {practice.exercise: practice for practice in programme.practices.all()}
    past = _past(programme)
    mornings = {one.on: one for one in Morning.objects.filter(patient_id=programme.patient_id, on__gt=begins)}
    results = list(
        Result.objects.filter(session__patient_id=programme.patient_id, session__occurred_on__range=(begins, as_of))
        .select_related("session")
        .order_by("session__occurred_on", "session__recorded_at", "session_id", "id")
    )
    tried: dict[str, list[Tried]] = defaultdict(list)
    for result in results:
        if result.exercise in catalogue.exercises:
            started_on = practices[result.exercise].started_on if result.exercise in practices else None
            one = _tried(result, mornings, catalogue, past.get(result.exercise, ()), started_on)
            if one is not None:
                tried[result.exercise].append(one)
    kept, resting_on = _kept(programme, results, begins=begins)
    return Records(catalogue, practices, {key: tuple(each) for key, each in tried.items()}, past, kept, resting_on)


def _past(programme: Programme) -> dict[str, tuple[Past, ...]]:
    past: dict[str, list[Past]] = defaultdict(list)
    changes = DoseChange.objects.filter(practice__programme=programme).select_related("practice").order_by("at", "id")
    for change in changes:
        past[change.practice.exercise].append(
            Past(rule=change.rule, kind=change.kind, on=change.on, sessions=frozenset(change.sessions))
        )
    return {key: tuple(each) for key, each in past.items()}


def _tried(
    result: Result,
    mornings: Mapping[date, Morning],
    catalogue: Catalogue,
    past: Iterable[Past],
    started_on: date | None,
) -> Tried | None:
    """Return one session of one exercise with its colour, or None where it was not tried at all."""
    on, n = result.session.occurred_on, catalogue.numbers
    after = mornings.get(on + timedelta(days=1))
    pains = {day: one.pain for day, one in mornings.items() if one.pain is not None}
    harder = [change.on for change in past if change.kind in (progression.UP, DoseChange.Kind.PRESCRIBED)]
    began = [day for day in (started_on, *harder) if day is not None and day <= on]
    said = Measured(
        done=result.done,
        before=result.before,
        during=result.during,
        hour_after=result.hour_after,
        morning=after.pain if after else None,
        usual=usual_morning(pains, on=on, days=n.usual_mornings, at_least=n.usual_mornings_known),
        settled=after.settled if after else None,
        spread=result.spread or None,
        tingling_min=result.tingling_min,
        soreness_only=result.soreness_only,
        fresh=bool(began) and (on - max(began)).days <= n.fresh_days,
        hurt=result.hurt,
        too_much=result.session.felt == "too_much",
        new_signs=result.new_signs,
    )
    if not counts(said):
        return None
    shades = catalogue.rules.shades(glide=catalogue.exercise(result.exercise).glide)
    return Tried(str(result.session_id), on, colour(said, shades), said.spread, said.too_much)


def _kept(
    programme: Programme, results: Iterable[Result], *, begins: date
) -> tuple[tuple[Kept, ...], dict[str, frozenset[date]]]:
    """Return planned against done per exercise and past day, and the days of rest by rule per exercise."""
    times: dict[tuple[str, date], int] = defaultdict(int)
    for result in results:
        if result.done:
            times[result.exercise, result.session.occurred_on] += 1
    kept, resting = [], defaultdict(set)
    for row in PlannedExercise.objects.filter(programme=programme, on__gt=begins).order_by("on", "exercise"):
        rests = row.state != PlannedExercise.State.DUE
        done = times.pop((row.exercise, row.on), 0)
        kept.append(Kept(row.exercise, row.on, row.times, done, resting=rests))
        if row.state == PlannedExercise.State.RESTING:
            resting[row.exercise].add(row.on)
    # What was done without being planned is no adherence, but it ends a break.
    kept += [Kept(exercise, on, 0, done) for (exercise, on), done in times.items()]
    return tuple(kept), {exercise: frozenset(days) for exercise, days in resting.items()}


def state_of(practice: Practice, records: Records, *, about: About) -> State:
    """Return what the dose rules read of one exercise."""
    catalogue, exercise = records.catalogue, records.catalogue.exercise(practice.exercise)
    planned, done = planning.lately(
        records.kept, exercise=exercise.id, as_of=about.as_of, days=catalogue.numbers.adherence_days
    )
    walk_minutes = filters.cap(catalogue.filters, about.facts, "walk_minutes") if exercise.kind == "walk" else 0
    return State(
        rung=rung_of(practice),
        # Whoever was shown an exercise by nobody stays at level 1 (clinical.md 4.2).
        ladder=exercise.ladder(most_level=3 if practice.shown_by_clinician else 1, most_hold_s=walk_minutes * 60),
        tried=records.tried.get(exercise.id, ()),
        past=records.past.get(exercise.id, ()),
        planned=planned,
        done=done,
        resting=practice.rest_until_on is not None and practice.rest_until_on >= about.as_of,
        tensioner=bool(exercise.locked),
        easier=exercise.easier_exercise,
        closer_levels=tuple(n for n, level in enumerate(exercise.levels, 1) if level.only_if_closer),
    )


def rung_of(practice: Practice) -> Rung:
    """Return the level and dose at which a person stands."""
    return Rung(practice.level, dose_of(practice.dose))


def standing(practice: Practice) -> dict[str, Any]:
    """Return where a person stands with an exercise, as a change remembers it."""
    return {
        "level": practice.level,
        "dose": practice.dose,
        "status": practice.status,
        "rest_until_on": practice.rest_until_on.isoformat() if practice.rest_until_on else None,
    }


def put_back(practice: Practice, stood: Mapping[str, Any]) -> None:
    """Set a practice to where it stood; it is not saved here."""
    practice.level, practice.dose, practice.status = stood["level"], stood["dose"], stood["status"]
    practice.rest_until_on = date.fromisoformat(stood["rest_until_on"]) if stood["rest_until_on"] else None
