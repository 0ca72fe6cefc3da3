"""What stands between a patient and an exercise: the mastery gate, and the locks that a clinician opens."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext

from exercises import catalogue as catalogues
from exercises import prescribing
from exercises.catalogue import Exercise
from exercises.models import MasteryEvent, Practice
from selfcare.clinic import prescription_words as words
from selfcare.clinic.programme import ProgrammeReview


@dataclass(frozen=True, slots=True)
class Gate:
    """One exercise at the mastery gate: where it is, what comes next, what happened."""

    practice: Practice
    exercise: Exercise
    name: str
    checklist: tuple[str, ...]
    events: tuple[MasteryEvent, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition for opening a locked exercise; ``against`` is the sentence that says what is missing."""

    name: str
    against: str


@dataclass(frozen=True, slots=True)
class Lock:
    """An exercise that stays locked until a clinician opens it."""

    exercise: Exercise
    name: str
    conditions: tuple[Condition, ...]
    opened: Practice | None


def gates(shown: ProgrammeReview) -> list[Gate]:
    """Return the exercises of the published programme with their steps at the mastery gate, newest step first."""
    if shown.programme is None or shown.published is None:
        return []
    catalogue = catalogues.current()
    events = defaultdict(list)
    rows = MasteryEvent.objects.filter(practice__programme=shown.programme).select_related("actor")
    for event in rows.order_by("-at", "-id"):
        events[event.practice_id].append(event)
    practices = {practice.exercise: practice for practice in shown.programme.practices.all()}
    return [
        Gate(
            practice=practices[one.exercise],
            exercise=catalogue.exercise(one.exercise),
            name=words.name_of(one.exercise),
            checklist=tuple(catalogue.exercise(one.exercise).clinical["mastery"]),
            events=tuple(events[practices[one.exercise].pk]),
        )
        for one in shown.published.prescriptions.all()
        if one.exercise in practices
    ]


def locks(shown: ProgrammeReview) -> list[Lock]:
    """Return the exercises that a clinician must open for one person, each with its conditions as they stand."""
    if shown.programme is None:
        return []
    opened = {one.exercise: one for one in shown.programme.practices.filter(unlocked_at__isnull=False)}
    found = []
    for exercise in catalogues.current().exercises.values():
        if not exercise.locked:
            continue
        against = prescribing.against_unlocking(shown.programme, exercise, irritability="low", about=shown.about)
        names = {
            "from_day": gettext("Day %(day)d or later") % {"day": exercise.locked["from_day"]},
            "weakness": gettext("No weakness, and asked about"),
            "numbness": gettext("No numbness, and asked about"),
            "slider": gettext("Slider first: %(name)s") % {"name": words.name_of(exercise.locked["slider"])},
        }
        conditions = tuple(Condition(name, against.get(key, "")) for key, name in names.items())
        found.append(Lock(exercise, words.name_of(exercise.id), conditions, opened.get(exercise.id)))
    return found
