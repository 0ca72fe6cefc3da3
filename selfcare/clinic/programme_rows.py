"""The rows of the programme editor as its page shows them: each form with what a prescriber should know beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from exercises import catalogue as catalogues
from exercises import records, today
from exercises.facts import About
from exercises.filters import Filter
from exercises.models import Practice
from selfcare.accounts.models import User
from selfcare.clinic import prescription_words as words
from selfcare.clinic import programme_editor as editor
from selfcare.clinic.programme_editor import Sheet
from selfcare.clinic.programme_forms import PrescriptionForm


@dataclass(frozen=True, slots=True)
class Shown:
    """One row: its form, what the person does now, what speaks against it, what belongs to it."""

    exercise: str
    name: str
    form: PrescriptionForm
    stands: str
    hints: tuple[str, ...]
    missing: str
    hard: tuple[Filter, ...]
    soft: tuple[Filter, ...]

    @property
    def missing_name(self) -> str:
        """Return the name of the exercise that belongs to this one and is not on the sheet."""
        return words.name_of(self.missing)


@dataclass(frozen=True, slots=True)
class Choice:
    """One exercise that may be added, with what speaks against it; ``refused`` where nobody may add it."""

    exercise: str
    words: str
    refused: bool


def shown(sheet: Sheet, forms: Sequence[PrescriptionForm], *, known: About, patient: User) -> list[Shown]:
    """Return the rows of the sheet in their order."""
    active = today.active_of(patient)
    practices = {one.exercise: one for one in active.practices.all()} if active else {}
    return [
        _shown(row["exercise"], form, sheet, known=known, practice=practices.get(row["exercise"]))
        for row, form in zip(sheet.rows, forms, strict=True)
    ]


def _shown(exercise_id: str, form: PrescriptionForm, sheet: Sheet, *, known: About, practice: Practice | None) -> Shown:
    exercise = catalogues.current().exercise(exercise_id)
    held = editor.against(exercise_id, known)
    missing = exercise.pair if exercise.pair not in sheet.ids() else ""
    hints = []
    if practice and practice.status != Practice.Status.ACTIVE:
        words_ = {"state": practice.get_status_display()}
        hints.append(gettext("A dose rule has set this one to “%(state)s”. Publishing brings it back.") % words_)
    if exercise.locked and not (practice and practice.unlocked_at):
        hints.append(gettext("Locked: unlock it on the programme's page before you publish."))
    if exercise.locked and exercise.locked["slider"] not in sheet.ids():
        slider = words.name_of(exercise.locked["slider"])
        hints.append(gettext("The slider comes before the tensioner: %(slider)s.") % {"slider": slider})
    if exercise.needs:
        needed = {"days": exercise.needs["green_days"], "exercise": words.name_of(exercise.needs["exercise"])}
        hints.append(gettext("Needs %(days)s green days on %(exercise)s.") % needed)
    if exercise.every_other_day:
        hints.append(gettext("Needs a day of rest between."))
    hints += [row["clinical"] for row in _of_plan(sheet) if row["exercise"] == exercise_id and "clinical" in row]
    return Shown(
        exercise=exercise_id,
        name=words.name_of(exercise_id),
        form=form,
        stands=words.stands_words(records.standing(practice)) if practice else "",
        hints=tuple(hints),
        missing=missing if missing and not editor.against(missing, known) else "",
        hard=tuple(one for one in held if not one.may_override),
        soft=tuple(one for one in held if one.may_override),
    )


def _of_plan(sheet: Sheet) -> Sequence[dict[str, str]]:
    plan = catalogues.current().plans.get(sheet.pattern)
    return [dict(row) for row in plan.exercises] if plan else []


def left_out(sheet: Sheet, known: About) -> list[tuple[str, str]]:
    """Return the exercises of the default plan that this person's history speaks against, with the reason."""
    found = []
    for row in _of_plan(sheet):
        held = editor.against(row["exercise"], known)
        if held and row["exercise"] not in sheet.ids():
            found.append((words.name_of(row["exercise"]), held[0].clinical))
    return found


def choices(sheet: Sheet, known: About) -> list[Choice]:
    """Return the exercises that are not on the sheet yet, each with what the history says about it."""
    found = []
    for id_ in sorted(catalogues.current().exercises):
        if id_ in sheet.ids():
            continue
        held = editor.against(id_, known)
        name = words.name_of(id_)
        said = f"{name}: {held[0].clinical}" if held else name
        found.append(Choice(id_, said, any(not one.may_override for one in held)))
    return found


def week(sheet: Sheet) -> list[tuple[str, int, bool]]:
    """Return how many exercises each weekday holds, and whether that is too many."""
    most = catalogues.current().most_a_day
    counted = {day: sum(day in row["days"] for row in sheet.rows) for day in words.EVERY_DAY}
    return [(str(words.SHORT_DAYS[day]), number, number > most) for day, number in counted.items()]
