"""Versions of what is prescribed: a draft becomes the published one, which is never changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Max

from exercises import catalogue as catalogues
from exercises import mastery
from exercises.facts import About
from exercises.models import MasteryEvent, Practice, Prescription, Programme, ProgrammeEvent, Version

EVERY_DAY = "1234567"
COPIED = ("exercise", "level", "dose", "side", "days", "start_on", "flare", "overrides")


def draft_with(
    programme: Programme, rows: Iterable[Mapping[str, Any]], *, pattern: str, by: Any, now: datetime
) -> Version:
    """Return the programme's draft with these prescriptions and no others; what the draft held before is replaced."""
    programme.versions.filter(state=Version.State.DRAFT).delete()
    highest = programme.versions.aggregate(highest=Max("number"))["highest"] or 0
    draft = Version.objects.create(
        programme=programme, number=highest + 1, pattern=pattern, created_at=now, created_by=by
    )
    Prescription.objects.bulk_create(
        Prescription(version=draft, position=position, **row) for position, row in enumerate(rows, 1)
    )
    return draft


def put_in_force(draft: Version, *, by: Any, on: date, now: datetime) -> None:
    """Make a draft the published version, in the caller's transaction."""
    draft.programme.versions.filter(state=Version.State.PUBLISHED).update(state=Version.State.REPLACED)
    draft.state, draft.published_at, draft.published_by = Version.State.PUBLISHED, now, by
    draft.save(update_fields=["state", "published_at", "published_by"])
    ProgrammeEvent.objects.create(
        programme=draft.programme,
        kind=ProgrammeEvent.Kind.PUBLISHED,
        at=now,
        on=on,
        actor=by,
        data={"version": draft.number},
    )


def copied(version: Version) -> list[dict[str, Any]]:
    """Return the prescriptions of a version as rows for another one."""
    return [{name: getattr(one, name) for name in COPIED} for one in version.prescriptions.all()]


def practise(
    programme: Programme, prescription: Prescription, *, on: date, now: datetime, by: Any = None
) -> tuple[Practice, bool]:
    """Return where the person stands with a prescribed exercise, and whether it is new to them.

    An exercise of the starter set is open at level 1 without anybody having shown it (clinical.md 4.2).
    """
    catalogue = catalogues.current()
    exercise = catalogue.exercise(prescription.exercise)
    dose = prescription.dose or exercise.levels[prescription.level - 1].dose.stored()
    practice, created = Practice.objects.get_or_create(
        programme=programme,
        exercise=prescription.exercise,
        defaults={"level": prescription.level, "dose": dose, "started_on": max(on, prescription.start_on)},
    )
    if exercise.id in catalogue.starter and practice.mastery == Practice.Mastery.LOCKED and practice.level == 1:
        mastery.move(practice, MasteryEvent.Kind.GENTLE_START, on=on, now=now, by=by)
    return practice, created


def swap(programme: Programme, exercise_id: str, easier_id: str, *, about: About, now: datetime) -> Version | None:
    """Put the easier exercise in the place of another in a new published version; None where it stands there already.

    Nobody published it, a rule did. The easier exercise must have passed the mastery gate like any other.
    """
    version = programme.versions.filter(state=Version.State.PUBLISHED).first()
    if version is None:
        return None
    rows = copied(version)
    if any(row["exercise"] == easier_id for row in rows):
        return None
    for row in rows:
        if row["exercise"] == exercise_id:
            # A note that spoke for the one exercise does not speak for the other.
            row.update(exercise=easier_id, level=1, dose=None, flare=None, overrides={})
    waiting = programme.versions.filter(state=Version.State.DRAFT).first()
    kept = (copied(waiting), waiting.pattern, waiting.created_by) if waiting else None
    new = draft_with(programme, rows, pattern=version.pattern, by=None, now=now)
    put_in_force(new, by=None, on=about.as_of, now=now)
    for prescription in new.prescriptions.filter(exercise=easier_id):
        practise(programme, prescription, on=about.as_of, now=now)
    if kept:
        # A clinician's unfinished draft stays what it was.
        draft_with(programme, kept[0], pattern=kept[1], by=kept[2], now=now)
    return new
