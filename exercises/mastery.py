"""The mastery gate: no exercise goes home before it was taught and shown back (clinical.md 4.2).

Every step is one guarded UPDATE and one event row in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from edge.errors import Refused
from exercises import catalogue as catalogues
from exercises.models import MasteryEvent, Practice

Kind, Mastery = MasteryEvent.Kind, Practice.Mastery

# Which event may move an exercise from which states to which.
TRANSITIONS: Mapping[str, tuple[frozenset[str], str]] = {
    Kind.TAUGHT: (frozenset({Mastery.LOCKED, Mastery.TAUGHT}), Mastery.TAUGHT),
    Kind.CHECKED: (frozenset({Mastery.TAUGHT}), Mastery.CHECKED),
    Kind.SENT_HOME: (frozenset({Mastery.CHECKED}), Mastery.HOME),
    # Only the starter set, only at level 1, only after a clear safety screen.
    Kind.GENTLE_START: (frozenset({Mastery.LOCKED, Mastery.TAUGHT}), Mastery.HOME),
    Kind.RECHECK: (frozenset({Mastery.CHECKED, Mastery.HOME}), Mastery.TAUGHT),
    Kind.LOCKED: (frozenset({Mastery.TAUGHT, Mastery.CHECKED, Mastery.HOME}), Mastery.LOCKED),
}
BY_CLINICIAN = (Kind.TAUGHT, Kind.CHECKED, Kind.SENT_HOME, Kind.RECHECK, Kind.LOCKED)
# Why an exercise must be checked again.
BREAK, SURGERY, TWO_REDS = "break_of_28_days", "surgery", "two_reds"
WHY = (BREAK, SURGERY, TWO_REDS)


def move(
    practice: Practice, kind: str, *, on: date, now: datetime, by: Any = None, data: Mapping[str, Any] | None = None
) -> MasteryEvent:
    """Return the event that moved an exercise one step, in the caller's transaction.

    Raises Refused (409) when the step is not possible from here, and 400 when the checklist is not complete.
    """
    given = dict(data or {})
    allowed, to = TRANSITIONS[kind]
    exercise = catalogues.current().exercise(practice.exercise)
    if kind == Kind.CHECKED:
        points = exercise.clinical["mastery"]
        open_points = [point for point in points if point not in given.get("checklist", [])]
        if open_points:
            raise Refused("Tick every point first.", fields={"checklist": " ".join(open_points)})
        given["checklist"] = list(points)
        practice.shown_by_clinician = True
    if kind == Kind.GENTLE_START and exercise.id not in catalogues.current().starter:
        raise Refused("Only a clinician can open this exercise.", status_code=409)
    moved = Practice.objects.filter(pk=practice.pk, mastery__in=allowed).update(
        mastery=to, shown_by_clinician=practice.shown_by_clinician
    )
    if not moved:
        practice.refresh_from_db(fields=["mastery"])
        raise Refused(
            f"This exercise is at “{practice.get_mastery_display()}”. That step is not possible from there.",
            status_code=409,
        )
    practice.mastery = to
    return MasteryEvent.objects.create(practice=practice, kind=kind, at=now, on=on, actor=by, data=given)


def recheck(practice: Practice, why: str, *, on: date, now: datetime, by: Any = None) -> MasteryEvent | None:
    """Return the event that sends an exercise back to be checked, or None where it was not cleared anyway."""
    if practice.mastery not in TRANSITIONS[Kind.RECHECK][0]:
        return None
    return move(practice, Kind.RECHECK, on=on, now=now, by=by, data={"why": why})
