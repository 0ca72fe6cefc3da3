"""Prescriptions in words, as clinicians read them: doses, days, sides, and what publishing would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from exercises import catalogue as catalogues
from exercises import prescribing
from exercises.catalogue import Exercise
from exercises.doses import Dose, dose_of
from exercises.models import Prescription

SHORT_DAYS = {"1": _("Mon"), "2": _("Tue"), "3": _("Wed"), "4": _("Thu"), "5": _("Fri"), "6": _("Sat"), "7": _("Sun")}
EVERY_DAY = "1234567"
NOTHING = "\N{EN DASH}"

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that differs: the exercise, what about it, and the words before and after."""

    exercise: str
    name: str
    what: str
    before: str
    after: str


def name_of(exercise_id: str) -> str:
    """Return an exercise as clinicians name it, with its id; the id alone where the catalogue does not have it."""
    exercise = catalogues.current().exercises.get(exercise_id)
    return f"{exercise.clinical_name} ({exercise_id})" if exercise else exercise_id


def dose_words(dose: Dose) -> str:
    """Return a dose in words, such as "3 times 20 s" or "2 sets of 8, twice a day"."""
    if dose.hold_s and dose.reps == 1 and dose.sets == 1:
        words = _time(dose.hold_s)
    elif dose.hold_s and dose.sets == 1:
        words = gettext("%(reps)d times %(time)s") % {"reps": dose.reps, "time": _time(dose.hold_s)}
    elif dose.hold_s:
        words = gettext("%(sets)d sets of %(reps)d, held %(time)s") % {
            "sets": dose.sets,
            "reps": dose.reps,
            "time": _time(dose.hold_s),
        }
    elif dose.sets == 1:
        words = ngettext("%(n)d repetition", "%(n)d repetitions", dose.reps) % {"n": dose.reps}
    else:
        words = gettext("%(sets)d sets of %(reps)d") % {"sets": dose.sets, "reps": dose.reps}
    if dose.times_a_day == 1:
        return words
    return gettext("%(dose)s, %(times)d times a day") % {"dose": words, "times": dose.times_a_day}


def _time(seconds: int) -> str:
    if seconds >= 60 and seconds % 60 == 0:
        return gettext("%(n)d min") % {"n": seconds // 60}
    return gettext("%(n)d s") % {"n": seconds}


def level_words(exercise: Exercise, level: int) -> str:
    """Return a level with its dose and what is different in it."""
    row = exercise.levels[level - 1]
    words = gettext("level %(level)d: %(dose)s") % {"level": level, "dose": dose_words(row.dose)}
    return f"{words} ({row.clinical.rstrip('.')})" if row.clinical else words


def prescribed_words(row: Row) -> str:
    """Return what a row prescribes: its level, or the dose that somebody wrote down instead of the level's."""
    exercise = catalogues.current().exercises.get(row["exercise"])
    if row["dose"] or exercise is None:
        dose = dose_words(dose_of(row["dose"])) if row["dose"] else NOTHING
        return gettext("level %(level)d, own dose: %(dose)s") % {"level": row["level"], "dose": dose}
    return level_words(exercise, row["level"])


def stands_words(stood: Row) -> str:
    """Return where a person stands: the level and the dose that is done now."""
    words = {"level": stood["level"], "dose": dose_words(dose_of(stood["dose"]))}
    return gettext("level %(level)d: %(dose)s") % words


def days_words(days: str) -> str:
    """Return weekdays in words."""
    if days == EVERY_DAY:
        return gettext("every day")
    return ", ".join(str(SHORT_DAYS[day]) for day in days)


def side_words(side: str) -> str:
    """Return the side in words, or a dash where an exercise has none."""
    return str(Prescription.Side(side).label) if side else NOTHING


def flare_words(flare: Mapping[str, Any] | None) -> str:
    """Return what is done on gentle days."""
    if flare and "exercise" in flare:
        return gettext("%(exercise)s instead") % {"exercise": name_of(flare["exercise"])}
    if flare and "level" in flare:
        return gettext("level %(level)d") % {"level": flare["level"]}
    return gettext("one level down")


def override_words(overrides: Mapping[str, str]) -> str:
    """Return the notes in spite of which filters something is prescribed, or a dash."""
    clinical = {one.id: one.clinical for one in catalogues.current().filters}
    return " ".join(f"{clinical.get(key, key)} {note}" for key, note in sorted(overrides.items())) or NOTHING


def day_words(on: date) -> str:
    """Return a calendar date."""
    return formats.date_format(on, "j M Y")


def whole(row: Row) -> str:
    """Return one prescription in one line."""
    parts = [prescribed_words(row), days_words(row["days"])]
    if row["side"]:
        parts.append(gettext("side: %(side)s") % {"side": side_words(row["side"])})
    parts.append(gettext("from %(day)s") % {"day": day_words(row["start_on"])})
    parts.append(gettext("in a flare: %(flare)s") % {"flare": flare_words(row["flare"])})
    if row["overrides"]:
        parts.append(gettext("in spite of: %(notes)s") % {"notes": override_words(row["overrides"])})
    return "; ".join(parts)


def differences(before: Sequence[Row], after: Sequence[Row], *, resting: Mapping[str, str] | None = None) -> list[Line]:
    """Return what changes from one list of rows to another, in the order of the second, then what is taken out.

    ``resting`` says of the exercises that rules took out or stopped what they are: to keep one brings it back.
    """
    out = resting or {}
    found = prescribing.compare(before, after)
    was = {row["exercise"]: row for row in before}
    lines: list[Line] = []
    for row in after:
        id_ = row["exercise"]
        if id_ in found["added"]:
            lines.append(_line(id_, gettext("Added"), out.get(id_, NOTHING), whole(row)))
            continue
        lines += _changed(id_, found["changed"].get(id_, {}), was[id_], row)
        if id_ in out:
            lines.append(_line(id_, gettext("Comes back"), out[id_], prescribed_words(row)))
    lines += [_line(id_, gettext("Taken out"), whole(was[id_]), NOTHING) for id_ in found["removed"]]
    lines += _order(before, after)
    return lines


def _changed(id_: str, fields: Mapping[str, Sequence[Any]], was: Row, becomes: Row) -> list[Line]:
    lines = []
    if "level" in fields or "dose" in fields:
        lines.append(_line(id_, gettext("Dose"), prescribed_words(was), prescribed_words(becomes)))
    words = {
        "side": (gettext("Side"), side_words),
        "days": (gettext("Days"), days_words),
        "start_on": (gettext("Start"), day_words),
        "flare": (gettext("In a flare"), flare_words),
        "overrides": (gettext("In spite of the history"), override_words),
    }
    for name, (what, in_words) in words.items():
        if name in fields:
            lines.append(_line(id_, what, *(in_words(value) for value in fields[name])))
    return lines


def _order(before: Sequence[Row], after: Sequence[Row]) -> list[Line]:
    """Return that the order has changed among those that stay; a place that only moved up is no change."""
    old, new = ([row["exercise"] for row in rows] for rows in (before, after))
    stay_old, stay_new = [id_ for id_ in old if id_ in new], [id_ for id_ in new if id_ in old]
    if stay_old == stay_new:
        return []
    return [Line("", gettext("All"), gettext("Order"), ", ".join(stay_old), ", ".join(stay_new))]


def _line(id_: str, what: str, before: str, after: str) -> Line:
    return Line(id_, name_of(id_), what, before, after)
