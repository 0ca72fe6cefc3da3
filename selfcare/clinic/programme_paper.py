"""The programme on one sheet of paper, in the patient's words: drawings, steps, doses, when to stop, whom to call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from exercises import catalogue as catalogues
from exercises import figures, filters, records, today
from exercises.catalogue import Exercise
from exercises.dose_words import dose_words
from exercises.facts import About
from exercises.models import Practice, Prescription, Version
from selfcare.accounts import care
from selfcare.accounts.models import Clinic, User
from selfcare.clinic import prescription_words as words
from selfcare.clinic.desk import Desk
from selfcare.triage import catalogue as triage_catalogues

# With more than these, letters and drawings are a size smaller.
ROOMY = 6


@dataclass(frozen=True, slots=True)
class Card:
    """One exercise on paper."""

    exercise: Exercise
    frames: tuple[str, str]
    mirrored: bool
    dose: str
    side: str
    days: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything that is printed. ``later`` waits to be shown or checked; ``not_now`` the history speaks against."""

    version: Version
    why: str
    cards: tuple[Card, ...]
    later: tuple[str, ...]
    not_now: tuple[str, ...]
    rests: tuple[str, ...]
    stop_card: Mapping[str, Any]
    on_paper: tuple[str, ...]
    clinics: Sequence[Clinic]
    demonstration: bool

    @property
    def is_full(self) -> bool:
        """Return whether it needs the smaller letters to fit on one page."""
        return len(self.cards) > ROOMY


def load(desk: Desk, patient: User, known: About) -> Paper | None:
    """Return what is printed for a patient: what may be done at home, at the dose of today; None where nothing is."""
    programme = today.active_of(patient)
    version = today.published(programme) if programme else None
    if programme is None or version is None:
        return None
    catalogue = catalogues.current()
    practices = {one.exercise: one for one in programme.practices.all()}
    cards, later, not_now = [], [], []
    for one in version.prescriptions.all():
        exercise, practice = catalogue.exercise(one.exercise), practices.get(one.exercise)
        if practice is None or practice.status != Practice.Status.ACTIVE:
            continue
        if _forbidden(exercise, one, known):
            not_now.append(exercise.name)
        elif practice.mastery == Practice.Mastery.HOME and (practice.unlocked_at or not exercise.locked):
            cards.append(_card(exercise, practice, one, known))
        else:
            later.append(exercise.name)
    paused = today.pause_of(programme, known)
    plan = catalogue.plans.get(version.pattern)
    region = triage_catalogues.current().region(patient.patient.country)
    return Paper(
        version=version,
        why=plan.patient if plan else "",
        cards=tuple(cards),
        later=tuple(later),
        not_now=tuple(not_now),
        rests=tuple(catalogue.rests[key]["patient"] for key in paused.reasons) if paused else (),
        stop_card=catalogue.stop_card,
        on_paper=tuple(line.format_map(region) for line in catalogue.stop_card["on_paper"]),
        clinics=list(care.clinics_of_patient(patient.id, now=desk.now)),
        demonstration=catalogue.demonstration,
    )


def _forbidden(exercise: Exercise, prescription: Prescription, known: About) -> bool:
    held = filters.forbidden(
        catalogues.current().filters,
        known.facts,
        traits=exercise.traits,
        adapt=exercise.adapt,
        overridden=prescription.overrides,
    )
    return bool(held)


def _card(exercise: Exercise, practice: Practice, prescription: Prescription, known: About) -> Card:
    rung = records.rung_of(practice)
    both = prescription.side in ("", Prescription.Side.BOTH)
    note = exercise.levels[rung.level - 1].patient
    adapted = filters.adapted(catalogues.current().filters, known.facts, adapt=exercise.adapt)
    return Card(
        exercise=exercise,
        frames=figures.frames(exercise.id, level=rung.level, by_level=exercise.whole_levels),
        # Figures work with the right leg.
        mirrored=prescription.side == Prescription.Side.LEFT,
        dose=dose_words(exercise, rung.dose.stored(), sides=2 if exercise.sides == 2 and both else 1),
        side=words.side_words(prescription.side) if exercise.sides == 2 and not both else "",
        days=words.days_words(prescription.days),
        notes=tuple(filter(None, (note, *adapted))),
    )
