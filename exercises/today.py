"""What a person does today: which exercises, at which dose, how long it takes, and what rests and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from exercises import catalogue as catalogues
from exercises import filters, planning
from exercises.catalogue import Catalogue, Exercise
from exercises.doses import Dose, Rung, dose_of, level_down, to_level
from exercises.facts import About
from exercises.filters import Paused
from exercises.models import Practice, Prescription, Programme, Version
from exercises.planning import Item
from exercises.records import rung_of


@dataclass(frozen=True, kw_only=True)
class Todo:
    """One exercise of a day. ``adapted`` says what this person does differently; ``seconds`` is one go."""

    exercise: str
    level: int
    dose: Dose
    side: str
    sides: int
    note: str
    adapted: tuple[str, ...]
    seconds: int


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """An exercise of the programme that is not done on that day, and the sentence keys that say why."""

    exercise: str
    why: str
    filters: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Day:
    """The plan of one local day. ``rests`` holds keys of the catalogue's ``rests``, the leading one first."""

    on: date
    todo: tuple[Todo, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    rests: tuple[str, ...] = ()
    eased: bool = False
    minutes: int = 0


def published(programme: Programme) -> Version | None:
    """Return the version that counts, with its prescriptions."""
    return programme.versions.filter(state=Version.State.PUBLISHED).prefetch_related("prescriptions").first()


def active_of(patient: Any) -> Programme | None:
    """Return the person's programme, or None."""
    return Programme.objects.active().filter(patient=patient).first()


def pause_of(programme: Programme, about: About) -> Paused | None:
    """Return why the whole programme rests, or None: what a person asked for, a safety stop, or today's facts."""
    by_facts = filters.pause_of(catalogues.current().pauses, about.facts)
    if not programme.paused_for:
        return by_facts
    reasons = (by_facts.reasons if by_facts else ()) + (programme.paused_for,)
    return Paused(reasons, frozenset())


def day_of(programme: Programme, about: About) -> Day:
    """Return the plan of the person's today."""
    return days_of(programme, about, ahead=1)[0]


def days_of(programme: Programme, about: About, *, ahead: int) -> list[Day]:
    """Return the plans of the days that begin today, each as it would be with what is known today."""
    catalogue, version = catalogues.shown(), published(programme)
    prescriptions = list(version.prescriptions.all()) if version else []
    practices = {practice.exercise: practice for practice in programme.practices.all()}
    return [
        plan(programme, prescriptions, practices, about, on=about.as_of + timedelta(days=day), catalogue=catalogue)
        for day in range(ahead)
    ]


def plan(
    programme: Programme,
    prescriptions: Sequence[Prescription],
    practices: Mapping[str, Practice],
    about: About,
    *,
    on: date,
    catalogue: Catalogue,
) -> Day:
    """Return the plan of a day from rows that were read already."""
    paused = pause_of(programme, about)
    is_eased = programme.eased_until_on is not None and on <= programme.eased_until_on
    todo: list[Todo] = []
    left_out: list[LeftOut] = []
    items = {one.exercise: one for one in prescriptions}
    for item in planning.due(_items(prescriptions, practices, catalogue), on=on, most=catalogue.most_a_day):
        prescription, practice = items[item.exercise], practices.get(item.exercise)
        exercise = catalogue.exercise(item.exercise)
        reason = _why_not(
            exercise, practice, about, on=on, catalogue=catalogue, paused=paused, overridden=prescription.overrides
        )
        if reason is not None or practice is None:
            left_out.append(reason or LeftOut(exercise=exercise.id, why="locked"))
            continue
        rung = rung_of(practice)
        if is_eased and exercise.id not in catalogue.rules.kept_when_eased:
            exercise, rung = _on_a_gentle_day(exercise, rung, prescription, practices, about, catalogue)
        if any(one.exercise == exercise.id for one in todo):
            # What a flare asks for instead is due by itself on this day.
            continue
        todo.append(_todo(exercise, rung, prescription, about, catalogue))
    rests = paused.reasons if paused else () if todo else ("empty",)
    return Day(
        on=on,
        todo=tuple(todo),
        left_out=tuple(left_out),
        rests=rests,
        eased=is_eased,
        minutes=planning.minutes(one.seconds for one in todo if catalogue.exercise(one.exercise).kind != "walk"),
    )


def _items(
    prescriptions: Sequence[Prescription], practices: Mapping[str, Practice], catalogue: Catalogue
) -> list[Item]:
    """Return the items that may stand in a day: what was taken out leaves its place to the others."""
    items = []
    for one in prescriptions:
        practice = practices.get(one.exercise)
        if one.exercise not in catalogue.exercises or (practice and practice.status != Practice.Status.ACTIVE):
            continue
        items.append(item_of(one, practice))
    return items


def item_of(prescription: Prescription, practice: Practice | None) -> Item:
    """Return when and how often a prescribed exercise is due."""
    times = dose_of(practice.dose).times_a_day if practice else 1
    return Item(prescription.exercise, prescription.days, prescription.start_on, times)


def _why_not(
    exercise: Exercise,
    practice: Practice | None,
    about: About,
    *,
    on: date,
    catalogue: Catalogue,
    paused: Paused | None,
    overridden: Collection[str],
) -> LeftOut | None:
    if paused and exercise.id not in paused.allows:
        return LeftOut(exercise=exercise.id, why="paused")
    if practice is None or practice.mastery != Practice.Mastery.HOME:
        return LeftOut(exercise=exercise.id, why=practice.mastery if practice else "locked")
    if exercise.locked and practice.unlocked_at is None:
        return LeftOut(exercise=exercise.id, why="locked")
    held = filters.forbidden(
        catalogue.filters, about.facts, traits=exercise.traits, adapt=exercise.adapt, overridden=overridden
    )
    if held:
        return LeftOut(exercise=exercise.id, why="filtered", filters=tuple(held))
    if practice.rest_until_on is not None and on <= practice.rest_until_on:
        return LeftOut(exercise=exercise.id, why="resting")
    return None


def _on_a_gentle_day(
    exercise: Exercise,
    rung: Rung,
    prescription: Prescription,
    practices: Mapping[str, Practice],
    about: About,
    catalogue: Catalogue,
) -> tuple[Exercise, Rung]:
    """Return what is done instead in a flare: what the clinician wrote down for it, else one level down."""
    flare, ladder = prescription.flare or {}, exercise.ladder()
    other = practices.get(flare.get("exercise", ""))
    if other is not None and other.status == Practice.Status.ACTIVE:
        instead = catalogue.exercise(other.exercise)
        why_not = _why_not(instead, other, about, on=about.as_of, catalogue=catalogue, paused=None, overridden=())
        if why_not is None:
            return instead, Rung(1, instead.levels[0].dose)
    if "level" in flare:
        return exercise, to_level(rung, ladder, level=min(flare["level"], rung.level))
    return exercise, level_down(rung, ladder)


def _todo(exercise: Exercise, rung: Rung, prescription: Prescription, about: About, catalogue: Catalogue) -> Todo:
    sides = 2 if exercise.sides == 2 and prescription.side in ("", Prescription.Side.BOTH) else 1
    dose = rung.dose
    return Todo(
        exercise=exercise.id,
        level=rung.level,
        dose=dose,
        side=prescription.side if exercise.sides == 2 else "",
        sides=sides,
        note=exercise.levels[rung.level - 1].patient,
        adapted=tuple(filters.adapted(catalogue.filters, about.facts, adapt=exercise.adapt)),
        seconds=exercise.seconds(dose, sides=sides),
    )
